import {
  orderDecider,
  orderStream,
  poolDecider,
  poolStream,
  tokenDecider,
  tokenStream,
  type OrderState,
  type PoolState,
  type TokenState,
} from '@abland/domain';
import { type EventStore, loadAggregate } from '@abland/kernel';

/** What a command id stands for, straight from the log: the read models may not have seen it yet. */
export type Located =
  | { readonly kind: 'TOKEN'; readonly state: Exclude<TokenState, { status: 'NONE' }> }
  | { readonly kind: 'POOL'; readonly state: Exclude<PoolState, { status: 'NONE' }> }
  | { readonly kind: 'ORDER'; readonly state: Exclude<OrderState, { status: 'NONE' }> };

/** The aggregate that this id created; null where there is none. Deactivations create none and are not found here. */
export async function locate(store: EventStore, commandId: string): Promise<Located | null> {
  const [token, pool, order] = await Promise.all([
    loadAggregate(store, tokenDecider, tokenStream(commandId)),
    loadAggregate(store, poolDecider, poolStream(commandId)),
    loadAggregate(store, orderDecider, orderStream(commandId)),
  ]);
  if (token.state.status !== 'NONE') return { kind: 'TOKEN', state: token.state };
  if (pool.state.status !== 'NONE') return { kind: 'POOL', state: pool.state };
  if (order.state.status !== 'NONE') return { kind: 'ORDER', state: order.state };
  return null;
}
