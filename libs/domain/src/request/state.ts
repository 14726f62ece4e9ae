import type { DomainEvent } from '@abland/kernel';
import type { BlockNumber, Count, Hash, HexData, Instant } from '../vocabulary/values.js';
import type { ForwardRequest, RelayProgress, Requested, RequestOutcome, RequestProgress } from './events.js';

/** Where on its chain a request was carried out or refused. */
export interface MinedIn {
  readonly txHash: Hash;
  readonly blockNumber: BlockNumber;
  readonly blockHash: Hash;
}

/** Of a RELAYED request: how far its user and our sender are. */
export type Relay =
  | { readonly status: 'REQUESTED'; readonly forward: ForwardRequest }
  | {
      readonly status: 'AUTHORIZED';
      readonly forward: ForwardRequest;
      readonly signature: HexData;
      /** How often sending failed. */
      readonly failures: Count;
      readonly retryAt: Instant | null;
    };

interface Accepted<Terms> {
  readonly kind: RequestOutcome['kind'];
  readonly request: Requested<Terms>;
  /** Null where nothing was asked to be signed. */
  readonly relay: Relay | null;
}

/**
 * The statuses are what a client sees of a request, and docs/statuses.md says what each means; a command that was refused never
 * became one, and is shown as REJECTED.
 */
export type AcceptedRequest<Terms = unknown> = Accepted<Terms> &
  (
    | { readonly status: 'ACCEPTED' }
    | { readonly status: 'SUBMITTED'; readonly txHash: Hash }
    | {
        readonly status: 'CONFIRMED' | 'FINALIZED';
        readonly mined: MinedIn;
        readonly outcome: RequestOutcome;
      }
    | { readonly status: 'REVERTED'; readonly mined: MinedIn; readonly reason: string | null }
    | {
        readonly status: 'FAILED';
        readonly txHash: Hash | null;
        readonly code: string;
        readonly reason: string;
      }
    | { readonly status: 'EXPIRED'; readonly txHash: Hash | null }
  );

export type RequestState = { readonly status: 'NONE' } | AcceptedRequest;
export type RequestStatus = AcceptedRequest['status'];

export const initialRequest: RequestState = { status: 'NONE' };

/** Whether the chain has yet to say what comes of it. */
export const isOpen = ({ status }: AcceptedRequest): boolean =>
  status === 'ACCEPTED' || status === 'SUBMITTED';

/** The transaction told or mined last; null before the first. */
export function transactionOf(state: AcceptedRequest): Hash | null {
  switch (state.status) {
    case 'ACCEPTED':
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

/** A request as the event that begins it tells it. */
export const acceptedRequest = (
  kind: RequestOutcome['kind'],
  data: DomainEvent['data'],
): AcceptedRequest => ({
  status: 'ACCEPTED',
  kind,
  request: data as unknown as Requested<unknown>,
  relay: null,
});

export function evolveProgress(
  state: AcceptedRequest,
  event: RequestProgress | RelayProgress,
): AcceptedRequest {
  const { kind, request, relay } = state;
  const kept = { kind, request, relay };
  switch (event.type) {
    case 'RequestSubmitted':
    case 'RequestRetracted':
      return { ...kept, status: 'SUBMITTED', txHash: event.data.txHash };
    case 'RequestConfirmed':
      return { ...kept, status: 'CONFIRMED', mined: minedIn(event.data), outcome: event.data.outcome };
    case 'RequestFinalized':
      return state.status === 'CONFIRMED' ? { ...state, status: 'FINALIZED' } : state;
    case 'RequestReverted':
      return { ...kept, status: 'REVERTED', mined: minedIn(event.data), reason: event.data.reason };
    case 'RequestFailed': {
      const { code, reason } = event.data;
      return { ...kept, status: 'FAILED', txHash: transactionOf(state), code, reason };
    }
    case 'RequestExpired':
      return { ...kept, status: 'EXPIRED', txHash: transactionOf(state) };
    case 'RelayRequested':
      return { ...state, relay: { status: 'REQUESTED', forward: event.data.forward } };
    case 'RelayAuthorized':
    case 'RelayAttemptFailed':
      return relay === null ? state : { ...state, relay: evolveRelay(relay, event) };
  }
}

function evolveRelay(relay: Relay, event: Exclude<RelayProgress, { type: 'RelayRequested' }>): Relay {
  const { forward } = relay;
  if (event.type === 'RelayAuthorized') {
    const { signature } = event.data;
    return { status: 'AUTHORIZED', forward, signature, failures: 0, retryAt: null };
  }
  const { attempt, retryAt } = event.data;
  return relay.status === 'AUTHORIZED' ? { ...relay, failures: attempt, retryAt } : relay;
}

export const minedIn = ({ txHash, blockNumber, blockHash }: MinedIn): MinedIn => ({
  txHash,
  blockNumber,
  blockHash,
});
