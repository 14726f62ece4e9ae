import type { LoggedFact } from '../chain/facts.js';
import type { Address, BlockNumber, ChainId, Count, Hash, HexData, Instant } from '../vocabulary/values.js';
import type { ForwardRequest } from './events.js';
import type { MinedIn } from './state.js';

/** The transaction is on its way. */
export interface SubmitRequest {
  readonly type: 'SubmitRequest';
  readonly txHash: Hash;
  /** Null for our own sender. */
  readonly by: Address | null;
}
/** A fact of the chain that names the request, or whose transaction it told. */
export interface ConfirmRequest {
  readonly type: 'ConfirmRequest';
  readonly chainId: ChainId;
  readonly mined: MinedIn;
  readonly fact: LoggedFact;
  /** Facts of the same transaction that came before. */
  readonly before: readonly LoggedFact[];
}
/** Every block of its chain up to this one is final. */
export interface FinalizeRequest {
  readonly type: 'FinalizeRequest';
  readonly finalizedTo: BlockNumber;
}
/** It cannot be sent, and no chain saw it. */
export interface FailRequest {
  readonly type: 'FailRequest';
  readonly code: string;
  readonly reason: string;
}
/** Its deadline has passed. */
export interface ExpireRequest {
  readonly type: 'ExpireRequest';
  readonly at: Instant;
  /** Whose time that is. By ours none ends whose transaction was told: the chain may have taken it in time. */
  readonly clock: 'CHAIN' | 'OURS';
}
/** A transaction that names the request was mined and reverted. Its tag is a claim; who sent it must bear that out. */
export interface RevertRequest {
  readonly type: 'RevertRequest';
  readonly chainId: ChainId;
  readonly mined: MinedIn;
  readonly sender: Address;
  readonly reason: string | null;
}
/** A reorg took these blocks back. */
export interface RetractRequest {
  readonly type: 'RetractRequest';
  readonly blockHashes: readonly Hash[];
}

/** What the user is asked to sign, so that our sender may carry it. */
export interface RequestRelay {
  readonly type: 'RequestRelay';
  readonly forward: ForwardRequest;
}
export interface AuthorizeRelay {
  readonly type: 'AuthorizeRelay';
  readonly signature: HexData;
  /** Whose signature of the forward request it is: the caller recovers it. Null where it is nobody's. */
  readonly signer: Address | null;
  readonly at: Instant;
}
/** An attempt to send failed for a reason that may pass. */
export interface RecordRelayFailure {
  readonly type: 'RecordRelayFailure';
  readonly attempt: Count;
  readonly reason: string;
  readonly retryAt: Instant;
}

export type RelayCommand = RequestRelay | AuthorizeRelay | RecordRelayFailure;
export type ProgressCommand =
  | SubmitRequest
  | ConfirmRequest
  | FinalizeRequest
  | FailRequest
  | ExpireRequest
  | RevertRequest
  | RetractRequest
  | RelayCommand;
