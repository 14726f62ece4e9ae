import type { MinedIn, RequestEnvelope, RevertedTransaction } from '../execution.js';
import type { Address, Hash, Instant, Uuid } from '../values.js';

export type RequestTokenCreation = RequestEnvelope & {
  readonly type: 'RequestTokenCreation';
  readonly tokenId: Uuid;
  readonly creator: Address;
  readonly name: string;
  readonly symbol: string;
  readonly decimals: number;
  /** Whole tokens. */
  readonly supply: bigint;
  readonly description: string;
  /** Where the metadata lies; it is stored before the command comes. */
  readonly metadataURI: string;
};
/** The transaction is on its way. */
export interface SubmitTokenCreation {
  readonly type: 'SubmitTokenCreation';
  readonly txHash: Hash;
  /** Null for our own sender. */
  readonly by: Address | null;
}
/** A TokenCreated fact names this command. */
export type ConfirmTokenCreation = MinedIn & {
  readonly type: 'ConfirmTokenCreation';
  readonly tokenAddress: Address;
  readonly creator: Address;
  readonly name: string;
  readonly symbol: string;
  /** Base units. */
  readonly totalSupply: bigint;
};
/** A TransactionFailed fact names this command. */
export type RevertTokenCreation = RevertedTransaction & { readonly type: 'RevertTokenCreation' };
/** It cannot be sent, and no chain saw it. */
export interface FailTokenCreation {
  readonly type: 'FailTokenCreation';
  readonly code: string;
  readonly reason: string;
}
export interface ExpireTokenCreation {
  readonly type: 'ExpireTokenCreation';
  readonly at: Instant;
}
export type RequestTokenDeactivation = RequestEnvelope & {
  readonly type: 'RequestTokenDeactivation';
  readonly commandId: Uuid;
  readonly requestedBy: Address;
};
export interface SubmitTokenDeactivation {
  readonly type: 'SubmitTokenDeactivation';
  readonly commandId: Uuid;
  readonly txHash: Hash;
  readonly by: Address | null;
}
/** A TokenDeactivated fact of this token; nobody but its creator or the factory's owner can bring it about. */
export type ConfirmTokenDeactivation = MinedIn & {
  readonly type: 'ConfirmTokenDeactivation';
  readonly tokenAddress: Address;
};
export type RevertTokenDeactivation = RevertedTransaction & {
  readonly type: 'RevertTokenDeactivation';
  readonly commandId: Uuid;
};
export interface FailTokenDeactivation {
  readonly type: 'FailTokenDeactivation';
  readonly commandId: Uuid;
  readonly code: string;
  readonly reason: string;
}
export interface ExpireTokenDeactivation {
  readonly type: 'ExpireTokenDeactivation';
  readonly commandId: Uuid;
  readonly at: Instant;
}
/** A reorg took these blocks back, and with them whatever of this token was in them. */
export interface RetractToken {
  readonly type: 'RetractToken';
  readonly blockHashes: readonly Hash[];
}

export type CreationCommand =
  | RequestTokenCreation
  | SubmitTokenCreation
  | ConfirmTokenCreation
  | RevertTokenCreation
  | FailTokenCreation
  | ExpireTokenCreation;
export type DeactivationCommand =
  | RequestTokenDeactivation
  | SubmitTokenDeactivation
  | ConfirmTokenDeactivation
  | RevertTokenDeactivation
  | FailTokenDeactivation
  | ExpireTokenDeactivation;
export type TokenCommand = CreationCommand | DeactivationCommand | RetractToken;
