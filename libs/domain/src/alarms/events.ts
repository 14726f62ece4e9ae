import type { DomainEvent } from '@abland/kernel';
import type { BlockNumber, ChainId, Hash, Instant, Uuid } from '../vocabulary/values.js';

/**
 * Why a chain stands. REORG_TOO_DEEP: its provider has another block in the place of a final one. CHAIN_BEHIND: the provider's newest
 * block has been below ours for longer than a node lags. WRONG_CHAIN: the provider serves another chain.
 */
export type HaltCode = 'REORG_TOO_DEEP' | 'CHAIN_BEHIND' | 'WRONG_CHAIN';

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
  ChainHalted: 1,
  ChainResumed: 1,
} as const satisfies Record<AlarmEvent['type'], number>;

/** When a chain stood, and why. Beside the streams of the chains' own facts, which begin with `chain-`. */
export const alarmsStream = (chainId: ChainId): string => `alarms-${chainId}`;
