import type { MinedIn, RequestEnvelope, RevertedTransaction } from '../execution.js';
import type { Address, Hash, Instant, Uuid } from '../values.js';

/** What is known of a token when a pool of it is requested. */
export interface KnownToken {
  readonly active: boolean;
}

export type RequestPoolCreation = RequestEnvelope & {
  readonly type: 'RequestPoolCreation';
  readonly requestId: Uuid;
  /** keccak256 of both addresses in order: the caller computes it. */
  readonly poolId: Hash;
  readonly creator: Address;
  /** In any order, each with its amount in base units. */
  readonly tokenA: Address;
  readonly tokenB: Address;
  readonly amountA: bigint;
  readonly amountB: bigint;
  readonly known: {
    /** Null for a token that nobody has heard of. */
    readonly tokenA: KnownToken | null;
    readonly tokenB: KnownToken | null;
    readonly poolExists: boolean;
    /** The creator's balance; null where it is not known. */
    readonly balanceA: bigint | null;
    readonly balanceB: bigint | null;
  };
};
export interface SubmitPoolCreation {
  readonly type: 'SubmitPoolCreation';
  readonly txHash: Hash;
  /** Null for our own sender. */
  readonly by: Address | null;
}
/**
 * The facts PoolCreated and the first deposit's LiquidityAdded of one transaction name this command. The deposit tells who
 * created the pool, which PoolCreated does not.
 */
export type ConfirmPoolCreation = MinedIn & {
  readonly type: 'ConfirmPoolCreation';
  readonly poolId: Hash;
  readonly user: Address;
  readonly amountA: bigint;
  readonly amountB: bigint;
};
/** A TransactionFailed fact names this command. */
export type RevertPoolCreation = RevertedTransaction & { readonly type: 'RevertPoolCreation' };
/** It cannot be sent, and no chain saw it. */
export interface FailPoolCreation {
  readonly type: 'FailPoolCreation';
  readonly code: string;
  readonly reason: string;
}
export interface ExpirePoolCreation {
  readonly type: 'ExpirePoolCreation';
  readonly at: Instant;
}
/** A reorg took these blocks back. */
export interface RetractPool {
  readonly type: 'RetractPool';
  readonly blockHashes: readonly Hash[];
}

export type PoolCommand =
  | RequestPoolCreation
  | SubmitPoolCreation
  | ConfirmPoolCreation
  | RevertPoolCreation
  | FailPoolCreation
  | ExpirePoolCreation
  | RetractPool;
