import type { Handlers } from '../engine/projection.js';
import { command, commandRow, confirmed, failed, follow, reopened, submitted } from './follow.js';
import { commands } from './tables.js';

const order = (event: { data: { orderId: string } }) => command(event.data.orderId);

export const orderHandlers: Handlers = {
  OrderRequested: {
    reads: order,
    apply: (event, rows) => {
      const { data } = event;
      rows.put(commands, {
        ...commandRow({
          command_id: data.orderId,
          kind: data.terms.kind,
          user_address: data.user,
          input_hash: data.inputHash,
          correlation_id: event.metadata.correlationId,
          requested_at: data.requestedAt,
        }),
        entity_kind: 'ORDER',
        entity_id: data.orderId,
        execution: data.execution,
        pool_id: data.poolId,
        deadline: data.deadline,
      });
    },
  },
  OrderSubmitted: {
    reads: order,
    apply: ({ data }, rows) => follow(data.orderId, submitted(data.txHash), rows),
  },
  OrderConfirmed: { reads: order, apply: ({ data }, rows) => follow(data.orderId, confirmed(data), rows) },
  OrderFinalized: {
    reads: order,
    apply: ({ data }, rows) => follow(data.orderId, { status: 'FINALIZED' }, rows),
  },
  OrderFailed: { reads: order, apply: ({ data }, rows) => follow(data.orderId, failed(data), rows) },
  OrderExpired: {
    reads: order,
    apply: ({ data }, rows) =>
      follow(
        data.orderId,
        failed({ code: 'EXPIRED', reason: `Not mined by its deadline, seen at ${data.at}` }),
        rows,
      ),
  },
  OrderReverted: {
    reads: order,
    apply: ({ data }, rows) =>
      follow(
        data.orderId,
        {
          ...failed({
            code: 'REVERTED',
            reason: data.reason ?? 'Reverted by the contract',
            txHash: data.txHash,
          }),
          block_number: data.blockNumber,
        },
        rows,
      ),
  },
  OrderOutcomeRetracted: {
    reads: order,
    apply: ({ data }, rows) => follow(data.orderId, reopened(data.txHash), rows),
  },
};
