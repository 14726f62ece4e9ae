import type { OrderEvent } from '@abland/domain';
import { type Projection, rowOf, type Rows } from '../engine/projection.js';
import type { RowOf } from '../engine/table.js';
import { storableText } from '../engine/values.js';
import { orders } from './tables.js';

const order = (event: { data: { orderId: string } }) => [rowOf(orders, { order_id: event.data.orderId })];

/** A handler that sets columns of the order that its event names. */
const change = <Data extends { readonly orderId: string }>(
  changes: (data: Data) => Partial<RowOf<typeof orders>>,
) => ({
  reads: order,
  apply: ({ data }: { readonly data: Data }, rows: Rows): void => {
    rows.patch(orders, { order_id: data.orderId }, changes(data));
  },
});

type DataOf<Type extends OrderEvent['type']> = Extract<OrderEvent, { type: Type }>['data'];

export const ordersProjection: Projection = {
  name: 'orders',
  version: 1,
  tables: [orders],
  handlers: {
    OrderRequested: {
      reads: order,
      apply: ({ data }, rows) => {
        rows.put(orders, {
          order_id: data.orderId,
          user_address: data.user,
          pool_id: data.poolId,
          kind: data.terms.kind,
          terms: { ...data.terms },
          execution: data.execution,
          status: 'PENDING',
          tx_hash: null,
          block_number: null,
          block_hash: null,
          result: null,
          failure_code: null,
          failure_reason: null,
          requested_at: data.requestedAt,
          deadline: data.deadline,
          expired_at: null,
        });
      },
    },
    OrderSubmitted: change((data: DataOf<'OrderSubmitted'>) => ({
      status: 'SUBMITTED',
      tx_hash: data.txHash,
    })),
    OrderConfirmed: change((data: DataOf<'OrderConfirmed'>) => ({
      status: 'CONFIRMED',
      tx_hash: data.txHash,
      block_number: data.blockNumber,
      block_hash: data.blockHash,
      result: { ...data.result },
      failure_code: null,
      failure_reason: null,
      expired_at: null,
    })),
    OrderFinalized: change((_: DataOf<'OrderFinalized'>) => ({ status: 'FINALIZED' })),
    OrderFailed: change((data: DataOf<'OrderFailed'>) => ({
      status: 'FAILED',
      failure_code: data.code,
      failure_reason: storableText(data.reason),
    })),
    OrderExpired: change((data: DataOf<'OrderExpired'>) => ({ status: 'EXPIRED', expired_at: data.at })),
    OrderReverted: change((data: DataOf<'OrderReverted'>) => ({
      status: 'REVERTED',
      tx_hash: data.txHash,
      block_number: data.blockNumber,
      block_hash: data.blockHash,
      failure_code: 'REVERTED',
      failure_reason: data.reason === null ? null : storableText(data.reason),
    })),
    OrderOutcomeRetracted: change((data: DataOf<'OrderOutcomeRetracted'>) => ({
      status: 'SUBMITTED',
      tx_hash: data.txHash,
      block_number: null,
      block_hash: null,
      result: null,
      failure_code: null,
      failure_reason: null,
    })),
  },
};
