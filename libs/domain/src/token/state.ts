import type { MinedIn } from '../execution.js';
import type { Address, Hash, HexData, Uuid } from '../values.js';
import type { TokenCreationRequested, TokenDeactivationRequested, TokenEvent } from './events.js';

export type TokenRequest = TokenCreationRequested['data'];
export type DeactivationRequest = TokenDeactivationRequested['data'];

/** The way of a deactivation, beside the token's own: a reorg may take back either first. */
export type Deactivation =
  | { readonly status: 'NONE' }
  | { readonly status: 'REQUESTED'; readonly request: DeactivationRequest }
  | { readonly status: 'SUBMITTED'; readonly request: DeactivationRequest; readonly txHash: Hash }
  | {
      readonly status: 'FAILED';
      readonly request: DeactivationRequest;
      readonly txHash: Hash | null;
      readonly reverted: Pick<MinedIn, 'txHash' | 'blockHash'> | null;
    }
  /** `request` is null where the chain did it without us. */
  | { readonly status: 'CONFIRMED'; readonly request: DeactivationRequest | null; readonly mined: MinedIn };

interface Requested {
  readonly request: TokenRequest;
  readonly deactivation: Deactivation;
  /** Input of every deactivation ever requested, by command id. */
  readonly deactivationInputs: Readonly<Record<Uuid, HexData>>;
}

export type TokenState =
  | { readonly status: 'NONE' }
  | (Requested & { readonly status: 'REQUESTED' })
  | (Requested & { readonly status: 'SUBMITTED'; readonly txHash: Hash })
  | (Requested & { readonly status: 'DEPLOYED'; readonly tokenAddress: Address; readonly mined: MinedIn })
  | (Requested & {
      readonly status: 'FAILED';
      readonly code: string;
      readonly txHash: Hash | null;
      readonly reverted: Pick<MinedIn, 'txHash' | 'blockHash'> | null;
    });

export type RequestedToken = Exclude<TokenState, { status: 'NONE' }>;

export const initialToken: TokenState = { status: 'NONE' };

const noDeactivation: Deactivation = { status: 'NONE' };

/** What is kept whatever the status. */
const kept = ({ request, deactivation, deactivationInputs }: RequestedToken): Requested => ({
  request,
  deactivation,
  deactivationInputs,
});

/** The transaction of the creation, as far as one is known. */
export function creationTransaction(state: RequestedToken): Hash | null {
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

/** The transaction of the deactivation, as far as one is known. */
export function deactivationTransaction(state: Deactivation): Hash | null {
  switch (state.status) {
    case 'NONE':
    case 'REQUESTED':
      return null;
    case 'SUBMITTED':
    case 'FAILED':
      return state.txHash;
    case 'CONFIRMED':
      return state.mined.txHash;
  }
}

export function evolveToken(state: TokenState, event: TokenEvent): TokenState {
  if (event.type === 'TokenCreationRequested') {
    return {
      status: 'REQUESTED',
      request: event.data,
      deactivation: noDeactivation,
      deactivationInputs: {},
    };
  }
  return state.status === 'NONE' ? state : evolveRequested(state, event);
}

function evolveRequested(
  state: RequestedToken,
  event: Exclude<TokenEvent, { type: 'TokenCreationRequested' }>,
): TokenState {
  switch (event.type) {
    case 'TokenCreationSubmitted':
    case 'TokenDeploymentRetracted':
      return { ...kept(state), status: 'SUBMITTED', txHash: event.data.txHash };
    case 'TokenDeployed':
      return {
        ...kept(state),
        status: 'DEPLOYED',
        tokenAddress: event.data.tokenAddress,
        mined: minedIn(event.data),
      };
    case 'TokenCreationFailed':
      return {
        ...kept(state),
        status: 'FAILED',
        code: event.data.code,
        txHash: event.data.txHash ?? creationTransaction(state),
        reverted: reverted(event.data),
      };
    case 'TokenDeactivationRequested':
      return {
        ...state,
        deactivation: { status: 'REQUESTED', request: event.data },
        deactivationInputs: { ...state.deactivationInputs, [event.data.commandId]: event.data.inputHash },
      };
    case 'TokenDeactivationSubmitted':
    case 'TokenDeactivationConfirmed':
    case 'TokenDeactivationFailed':
    case 'TokenDeactivationRetracted':
      return { ...state, deactivation: evolveDeactivation(state.deactivation, event) };
  }
}

type DeactivationProgress = Extract<
  TokenEvent,
  {
    type:
      | 'TokenDeactivationSubmitted'
      | 'TokenDeactivationConfirmed'
      | 'TokenDeactivationFailed'
      | 'TokenDeactivationRetracted';
  }
>;

function evolveDeactivation(state: Deactivation, event: DeactivationProgress): Deactivation {
  const request = state.status === 'NONE' ? null : state.request;
  if (event.type === 'TokenDeactivationConfirmed') {
    return { status: 'CONFIRMED', request, mined: minedIn(event.data) };
  }
  if (request === null) return noDeactivation;
  if (event.type === 'TokenDeactivationFailed') {
    const txHash = event.data.txHash ?? deactivationTransaction(state);
    return { status: 'FAILED', request, txHash, reverted: reverted(event.data) };
  }
  return { status: 'SUBMITTED', request, txHash: event.data.txHash };
}

const minedIn = ({ txHash, blockNumber, blockHash }: MinedIn): MinedIn => ({
  txHash,
  blockNumber,
  blockHash,
});

function reverted(data: {
  readonly txHash: Hash | null;
  readonly blockHash: Hash | null;
}): Pick<MinedIn, 'txHash' | 'blockHash'> | null {
  const { txHash, blockHash } = data;
  return txHash === null || blockHash === null ? null : { txHash, blockHash };
}
