import { type AnyEvent, EVENT_VERSIONS } from '@abland/domain';
import type { NewEvent } from '@abland/kernel';
import type { SeededRandom } from '@abland/testing/seeded-random';
import { PEOPLE } from './market-deeds.js';

export interface Appended {
  readonly stream: string;
  readonly events: readonly NewEvent[];
}

export const INPUT_HASH = `0x${'1'.repeat(64)}`;

/** Mapped rather than extracted, so that a generic caller can pass it on. */
type DataOf<Type extends AnyEvent['type']> = {
  [Name in AnyEvent['type']]: Extract<AnyEvent, { type: Name }>['data'];
}[Type];

/** An event of an aggregate with metadata that says nothing. */
export function aggregateEvent<Type extends AnyEvent['type']>(
  id: string,
  type: Type,
  data: DataOf<Type>,
): NewEvent {
  return {
    id,
    type,
    version: EVENT_VERSIONS[type],
    data: data as NewEvent['data'],
    metadata: { correlationId: 'correlation', causationId: null, actor: 'process:simulation' },
  };
}

/** One person's way through the aggregates: a sign-in, an order that ends somehow, a rejected command. */
export function simulatedOrder(random: SeededRandom, index: number): readonly Appended[] {
  const user = random.pick(PEOPLE);
  const orderId = random.uuid();
  const txHash = random.hash();
  const at = new Date(1_700_000_000_000 + index * 1_000).toISOString();
  const event = <Type extends AnyEvent['type']>(type: Type, data: DataOf<Type>): NewEvent =>
    aggregateEvent(random.uuid(), type, data);
  const end = random.pick([
    event('OrderConfirmed', {
      orderId,
      txHash,
      blockNumber: index,
      blockHash: random.hash(),
      result: { kind: 'SWAP', amountIn: '10', amountOut: '9' },
    }),
    event('OrderReverted', { orderId, txHash, blockNumber: index, blockHash: random.hash(), reason: null }),
    event('OrderExpired', { orderId, at }),
    event('OrderFailed', { orderId, code: 'REFUSED_BY_SIMULATION', reason: 'too little' }),
  ]);
  return [
    { stream: `user-${user}`, events: [event('UserSignedIn', { address: user, at })] },
    {
      stream: `order-${orderId}`,
      events: [
        event('OrderRequested', {
          orderId,
          user,
          poolId: random.hash(),
          terms: {
            kind: 'SWAP',
            tokenIn: random.address(),
            tokenOut: random.address(),
            amountIn: '10',
            amountOutMin: '8',
            amountOutQuoted: '9',
          },
          execution: 'WALLET',
          inputHash: INPUT_HASH,
          requestedAt: at,
          deadline: at,
        }),
        event('OrderSubmitted', { orderId, txHash }),
        end,
      ],
    },
    {
      stream: `user-${user}`,
      events: [
        event('CommandRejected', {
          commandId: random.uuid(),
          address: user,
          command: 'swap',
          code: 'INSUFFICIENT_BALANCE',
          field: 'amountIn',
          reason: 'less is there',
          inputHash: INPUT_HASH,
          at,
        }),
      ],
    },
  ];
}
