import type { Decider } from '@abland/kernel';
import { EVENT_VERSIONS } from '../catalogue.js';
import { refusal } from '../errors.js';
import {
  assertExpired,
  assertMaySubmit,
  assertOwnTransaction,
  isRecorded,
  type Pending,
} from '../execution.js';
import type {
  ConfirmOrder,
  ExpireOrder,
  FailOrder,
  FinalizeOrder,
  OrderCommand,
  RetractOrder,
  RevertOrder,
  SubmitOrder,
} from './commands.js';
import type { OrderEvent } from './events.js';
import { assertFits, resultOf } from './fit.js';
import { requestOrder } from './request.js';
import {
  evolveOrder,
  initialOrder,
  orderTransaction,
  type OrderState,
  type RequestedOrder,
} from './state.js';

/** One swap, addition or removal of liquidity. What the chain says stands, whatever was believed before. */
export const orderDecider: Decider<OrderCommand, OrderState, OrderEvent> = {
  initialState: initialOrder,
  decide,
  evolve: evolveOrder,
};

function decide(command: OrderCommand, state: OrderState): readonly OrderEvent[] {
  switch (command.type) {
    case 'RequestSwap':
    case 'RequestLiquidityAddition':
    case 'RequestLiquidityRemoval':
      return requestOrder(command, state);
    case 'SubmitOrder':
      return submit(command, assertRequested(state));
    case 'ConfirmOrder':
      return confirm(command, assertRequested(state));
    case 'FinalizeOrder':
      return finalize(command, assertRequested(state));
    case 'FailOrder':
      return fail(command, assertRequested(state));
    case 'ExpireOrder':
      return expire(command, assertRequested(state));
    case 'RevertOrder':
      return revert(command, assertRequested(state));
    case 'RetractOrder':
      return retract(command, assertRequested(state));
    default:
      return command satisfies never;
  }
}

function assertRequested(state: OrderState): RequestedOrder {
  if (state.status === 'NONE') throw refusal('ORDER_NOT_REQUESTED', 'There is no such order', 'commandId');
  return state;
}

/** A wallet that speeds a transaction up tells another hash. */
function submit(command: SubmitOrder, order: RequestedOrder): readonly OrderEvent[] {
  assertMaySubmit(pendingOrder(order), command.by);
  if (orderTransaction(order) === command.txHash) return [];
  switch (order.status) {
    case 'REQUESTED':
    case 'SUBMITTED':
      return [
        {
          type: 'OrderSubmitted',
          version: EVENT_VERSIONS.OrderSubmitted,
          data: { orderId: order.request.orderId, txHash: command.txHash },
        },
      ];
    case 'CONFIRMED':
    case 'FINALIZED':
      return [];
    case 'FAILED':
    case 'EXPIRED':
    case 'REVERTED':
      throw refusal('COMMAND_CLOSED', 'The order is closed', 'commandId', { status: order.status });
  }
}

function confirm(command: ConfirmOrder, order: RequestedOrder): readonly OrderEvent[] {
  assertFits(order.request, command);
  if (order.status === 'CONFIRMED' || order.status === 'FINALIZED') {
    if (isRecorded(order.mined, command)) return [];
    if (order.status === 'FINALIZED') throw outcomeFinal();
  }
  return [
    {
      type: 'OrderConfirmed',
      version: EVENT_VERSIONS.OrderConfirmed,
      data: {
        orderId: order.request.orderId,
        txHash: command.txHash,
        blockNumber: command.blockNumber,
        blockHash: command.blockHash,
        result: resultOf(command.fact),
      },
    },
  ];
}

function finalize(command: FinalizeOrder, order: RequestedOrder): readonly OrderEvent[] {
  if (order.status !== 'CONFIRMED' || order.mined.blockNumber > command.finalizedTo) return [];
  return [
    {
      type: 'OrderFinalized',
      version: EVENT_VERSIONS.OrderFinalized,
      data: { orderId: order.request.orderId, blockNumber: order.mined.blockNumber },
    },
  ];
}

function fail(command: FailOrder, order: RequestedOrder): readonly OrderEvent[] {
  if (!isOpen(order)) return [];
  const { orderId } = order.request;
  const { code, reason } = command;
  return [{ type: 'OrderFailed', version: EVENT_VERSIONS.OrderFailed, data: { orderId, code, reason } }];
}

function expire(command: ExpireOrder, order: RequestedOrder): readonly OrderEvent[] {
  if (!isOpen(order)) return [];
  const { orderId, deadline } = order.request;
  assertExpired(deadline, command.at);
  return [{ type: 'OrderExpired', version: EVENT_VERSIONS.OrderExpired, data: { orderId, at: command.at } }];
}

/** A transaction of the caller that failed after one that did what was ordered changes nothing. */
function revert(command: RevertOrder, order: RequestedOrder): readonly OrderEvent[] {
  assertOwnTransaction(pendingOrder(order), command);
  if (order.status === 'CONFIRMED' || order.status === 'FINALIZED') return [];
  if (order.status === 'REVERTED' && order.mined.blockHash === command.blockHash) return [];
  return [
    {
      type: 'OrderReverted',
      version: EVENT_VERSIONS.OrderReverted,
      data: {
        orderId: order.request.orderId,
        txHash: command.txHash,
        blockNumber: command.blockNumber,
        blockHash: command.blockHash,
        reason: command.reason,
      },
    },
  ];
}

function retract({ blockHashes }: RetractOrder, order: RequestedOrder): readonly OrderEvent[] {
  if (order.status !== 'CONFIRMED' && order.status !== 'FINALIZED' && order.status !== 'REVERTED') return [];
  const { txHash, blockHash } = order.mined;
  if (!blockHashes.includes(blockHash)) return [];
  if (order.status === 'FINALIZED') throw outcomeFinal();
  return [
    {
      type: 'OrderOutcomeRetracted',
      version: EVENT_VERSIONS.OrderOutcomeRetracted,
      data: { orderId: order.request.orderId, txHash, blockHash },
    },
  ];
}

const isOpen = (order: RequestedOrder): boolean =>
  order.status === 'REQUESTED' || order.status === 'SUBMITTED';

const pendingOrder = (order: RequestedOrder): Pending => ({
  owner: order.request.user,
  execution: order.request.execution,
  deadline: order.request.deadline,
  txHash: orderTransaction(order),
});

/** No block that is final is ever taken back: whoever says so reads another chain. */
const outcomeFinal = (): ReturnType<typeof refusal> =>
  refusal('OUTCOME_FINAL', 'The block of this outcome is final', 'blockHash');
