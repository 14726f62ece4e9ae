import type { MinedIn } from '../execution.js';
import type { Hash } from '../values.js';
import type { OrderEvent, OrderRequested } from './events.js';

export type OrderRequestData = OrderRequested['data'];

interface Requested {
  readonly request: OrderRequestData;
}

/** `txHash`: the transaction told last, null before the first. `mined`: where the chain decided. */
export type OrderState =
  | { readonly status: 'NONE' }
  | (Requested & { readonly status: 'REQUESTED' })
  | (Requested & { readonly status: 'SUBMITTED'; readonly txHash: Hash })
  | (Requested & { readonly status: 'CONFIRMED' | 'FINALIZED' | 'REVERTED'; readonly mined: MinedIn })
  | (Requested & { readonly status: 'FAILED' | 'EXPIRED'; readonly txHash: Hash | null });

export type RequestedOrder = Exclude<OrderState, { status: 'NONE' }>;

export const initialOrder: OrderState = { status: 'NONE' };

/** The order's transaction, as far as one is known. */
export function orderTransaction(state: RequestedOrder): Hash | null {
  switch (state.status) {
    case 'REQUESTED':
      return null;
    case 'SUBMITTED':
    case 'FAILED':
    case 'EXPIRED':
      return state.txHash;
    case 'CONFIRMED':
    case 'FINALIZED':
    case 'REVERTED':
      return state.mined.txHash;
  }
}

export function evolveOrder(state: OrderState, event: OrderEvent): OrderState {
  if (event.type === 'OrderRequested') return { status: 'REQUESTED', request: event.data };
  if (state.status === 'NONE') return state;
  const { request } = state;
  switch (event.type) {
    case 'OrderSubmitted':
    case 'OrderOutcomeRetracted':
      return { status: 'SUBMITTED', request, txHash: event.data.txHash };
    case 'OrderConfirmed':
      return { status: 'CONFIRMED', request, mined: minedIn(event.data) };
    case 'OrderReverted':
      return { status: 'REVERTED', request, mined: minedIn(event.data) };
    case 'OrderFinalized':
      return state.status === 'CONFIRMED' ? { ...state, status: 'FINALIZED' } : state;
    case 'OrderFailed':
      return { status: 'FAILED', request, txHash: orderTransaction(state) };
    case 'OrderExpired':
      return { status: 'EXPIRED', request, txHash: orderTransaction(state) };
  }
}

const minedIn = ({ txHash, blockNumber, blockHash }: MinedIn): MinedIn => ({
  txHash,
  blockNumber,
  blockHash,
});
