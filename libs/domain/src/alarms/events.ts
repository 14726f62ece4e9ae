import type { DomainEvent } from '@abland/kernel';
import type { BlockNumber, ChainId, Hash, Instant, Uuid } from '../vocabulary/values.js';

/**
 * Why a chain stands. REORG_TOO_DEEP: its provider has another block in the place of a final one. CHAIN_BEHIND: the provider's newest
 * block has been below ours for longer than a node lags. WRONG_CHAIN: the provider serves another chain.
 */
export type HaltCode = 'REORG_TOO_DEEP' | 'CHAIN_BEHIND' | 'WRONG_CHAIN';

/** Who has another chain than ours, and what of it was seen. */
export type SeenElsewhere = {
  /** A provider, by its URL without what may be a key. */
  readonly provider: string;
  /** The provider's block: the one in the place of our oldest that a reorg may take back, or its newest; null where none was looked at. */
  readonly block: { readonly number: BlockNumber; readonly hash: Hash } | null;
};

/** Nothing more of a chain is published: it waits for a provider that has our branch, or for an operator. */
export type ChainHalted = DomainEvent<
  'ChainHalted',
  {
    readonly haltId: Uuid;
    readonly code: HaltCode;
    /** Our newest block that was published; null where that is not known. */
    readonly published: BlockNumber | null;
    /** The newest block that the provider told; null where it told none. */
    readonly head: BlockNumber | null;
    /** Our newest final block; null before the first. */
    readonly final: { readonly number: BlockNumber; readonly hash: Hash } | null;
    /** Null where nobody told it. */
    readonly seen: SeenElsewhere | null;
    readonly at: Instant;
  }
>;
/** The chain goes on. */
export type ChainResumed = DomainEvent<
  'ChainResumed',
  { readonly haltId: Uuid; readonly published: BlockNumber | null; readonly at: Instant }
>;
export type AlarmEvent = ChainHalted | ChainResumed;

/** The newest schema version of each. */
export const ALARM_VERSIONS = {
  ChainHalted: 2,
  ChainResumed: 1,
} as const satisfies Record<AlarmEvent['type'], number>;

/** When a chain stood, and why. Beside the streams of the chains' own facts, which begin with `chain-`. */
export const alarmsStream = (chainId: ChainId): string => `alarms-${chainId}`;
