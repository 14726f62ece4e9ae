import type { MinedIn } from '../execution.js';
import type { Hash } from '../values.js';
import type { PoolCreationRequested, PoolEvent } from './events.js';

export type PoolRequest = PoolCreationRequested['data'];

export type PoolState =
  | { readonly status: 'NONE' }
  | { readonly status: 'REQUESTED'; readonly request: PoolRequest }
  | { readonly status: 'SUBMITTED'; readonly request: PoolRequest; readonly txHash: Hash }
  | { readonly status: 'DEPLOYED'; readonly request: PoolRequest; readonly mined: MinedIn }
  | {
      readonly status: 'FAILED';
      readonly request: PoolRequest;
      readonly code: string;
      readonly txHash: Hash | null;
      readonly reverted: Pick<MinedIn, 'txHash' | 'blockHash'> | null;
    };

export type RequestedPool = Exclude<PoolState, { status: 'NONE' }>;

export const initialPool: PoolState = { status: 'NONE' };

/** The transaction of the creation, as far as one is known. */
export function poolTransaction(state: RequestedPool): Hash | null {
  switch (state.status) {
    case 'REQUESTED':
      return null;
    case 'SUBMITTED':
    case 'FAILED':
      return state.txHash;
    case 'DEPLOYED':
      return state.mined.txHash;
  }
}

export function evolvePool(state: PoolState, event: PoolEvent): PoolState {
  if (event.type === 'PoolCreationRequested') return { status: 'REQUESTED', request: event.data };
  if (state.status === 'NONE') return state;
  const { request } = state;
  switch (event.type) {
    case 'PoolCreationSubmitted':
    case 'PoolDeploymentRetracted':
      return { status: 'SUBMITTED', request, txHash: event.data.txHash };
    case 'PoolDeployed': {
      const { txHash, blockNumber, blockHash } = event.data;
      return { status: 'DEPLOYED', request, mined: { txHash, blockNumber, blockHash } };
    }
    case 'PoolCreationFailed': {
      const { code, txHash, blockHash } = event.data;
      return {
        status: 'FAILED',
        request,
        code,
        txHash: txHash ?? poolTransaction(state),
        reverted: txHash === null || blockHash === null ? null : { txHash, blockHash },
      };
    }
  }
}
