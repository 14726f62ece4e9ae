import type { DomainEvent } from '@abland/kernel';
import type { Address, BlockNumber, ChainId, Hash, Instant, Uuid } from '../vocabulary/values.js';

/**
 * What read models say and the chain can be asked. POOL: reserves and liquidity of a pool. SUPPLY: of a token that our factory made.
 * SETTINGS: fees, owner and the like of a contract of ours. POSITION: somebody's liquidity in a pool. BALANCE: somebody's tokens.
 */
export type ReconciledKind = 'POOL' | 'SUPPLY' | 'SETTINGS' | 'POSITION' | 'BALANCE';

/** One thing that is compared. */
export type Reconciled = {
  readonly kind: ReconciledKind;
  /** Who is asked: a token, or a contract of the deployment. */
  readonly contract: Address;
  /** Of POOL and POSITION. */
  readonly poolId: Hash | null;
  /** Of POSITION and BALANCE. */
  readonly account: Address | null;
};

/** A value that is not the same: `reserveA`, `balance`, `swapFee`. Numbers as decimal text, `true` or `false`, addresses checksummed. */
export type Difference = { readonly name: string; readonly ours: string; readonly chain: string };

/** Read models say of a block what the chain does not say of the same block, whoever is asked. */
export type DriftFound = DomainEvent<
  'DriftFound',
  Reconciled & {
    readonly driftId: Uuid;
    readonly differences: readonly Difference[];
    /** The block of which both were asked. */
    readonly blockNumber: BlockNumber;
    readonly blockHash: Hash;
    /** The first block of which it is known. */
    readonly firstBlock: BlockNumber;
    /** Whether both agreed on the block before that one; else it may have begun earlier. */
    readonly firstBlockExact: boolean;
    readonly at: Instant;
  }
>;
/** Both say the same again. */
export type DriftEnded = DomainEvent<
  'DriftEnded',
  {
    readonly driftId: Uuid;
    readonly blockNumber: BlockNumber;
    readonly blockHash: Hash;
    readonly at: Instant;
  }
>;
export type ReconciliationEvent = DriftFound | DriftEnded;

/** The newest schema version of each. */
export const RECONCILIATION_VERSIONS = {
  DriftFound: 1,
  DriftEnded: 1,
} as const satisfies Record<ReconciliationEvent['type'], number>;

/** Where the read models of a chain were found to differ from it, and no longer to. */
export const reconciliationStream = (chainId: ChainId): string => `reconciliation-${chainId}`;
