import type { DomainEvent } from '@abland/kernel';
import type {
  Address,
  AmountText,
  BlockNumber,
  ChainId,
  Count,
  Decimals,
  Hash,
  HexData,
  UnixSeconds,
  Uuid,
} from '../vocabulary/values.js';
import type { GovernanceFact } from './governance-facts.js';
import type { Logged } from './log.js';
import type { ParkingFact } from './parking-facts.js';
import type { SingletonFact } from './singleton-facts.js';

export type TokenCreated = DomainEvent<
  'TokenCreated',
  Logged & {
    readonly tokenAddress: Address;
    readonly creator: Address;
    readonly name: string;
    readonly symbol: string;
    /** Base units. */
    readonly totalSupply: AmountText;
  }
>;
export type TokenMetadataUpdated = DomainEvent<
  'TokenMetadataUpdated',
  Logged & { readonly tokenAddress: Address; readonly decimals: Decimals; readonly metadataURI: string }
>;
export type TokenDeactivated = DomainEvent<'TokenDeactivated', Logged & { readonly tokenAddress: Address }>;
export type CreationFeeUpdated = DomainEvent<
  'CreationFeeUpdated',
  Logged & { readonly oldFee: AmountText; readonly newFee: AmountText }
>;
/** ERC-20 Transfer of a token that the factory created: `contract`. */
export type Transfer = DomainEvent<
  'Transfer',
  Logged & { readonly from: Address; readonly to: Address; readonly amount: AmountText }
>;
/** ERC-20 Approval of a token that the factory created, `contract`, to the liquidity manager. */
export type Approval = DomainEvent<
  'Approval',
  Logged & { readonly owner: Address; readonly spender: Address; readonly amount: AmountText }
>;
/** tokenA < tokenB by address. */
export type PoolCreated = DomainEvent<
  'PoolCreated',
  Logged & { readonly poolId: Hash; readonly tokenA: Address; readonly tokenB: Address }
>;
type LiquidityChange = {
  readonly user: Address;
  readonly poolId: Hash;
  readonly amountA: AmountText;
  readonly amountB: AmountText;
  readonly liquidity: AmountText;
};
/** Of address zero with amounts 0 for the minimum liquidity locked by the first deposit. */
export type LiquidityAdded = DomainEvent<'LiquidityAdded', Logged & LiquidityChange>;
export type LiquidityRemoved = DomainEvent<'LiquidityRemoved', Logged & LiquidityChange>;
export type Swap = DomainEvent<
  'Swap',
  Logged & {
    readonly user: Address;
    readonly poolId: Hash;
    readonly tokenIn: Address;
    readonly tokenOut: Address;
    readonly amountIn: AmountText;
    readonly amountOut: AmountText;
  }
>;
export type Sync = DomainEvent<
  'Sync',
  Logged & { readonly poolId: Hash; readonly reserveA: AmountText; readonly reserveB: AmountText }
>;
type FeeChange = {
  /** Basis points of 10,000. */
  readonly oldFee: AmountText;
  /** Basis points of 10,000. */
  readonly newFee: AmountText;
};
export type SwapFeeUpdated = DomainEvent<'SwapFeeUpdated', Logged & FeeChange>;
export type ProtocolFeeUpdated = DomainEvent<'ProtocolFeeUpdated', Logged & FeeChange>;
/** The ERC2771Forwarder executed a relayed request; nonces of a signer are gapless from 0. */
export type ForwardRequestExecuted = DomainEvent<
  'ForwardRequestExecuted',
  Logged & { readonly signer: Address; readonly nonce: AmountText; readonly success: boolean }
>;

/**
 * Why a token does not tell something of itself. FAILED: its code reverts, or takes more gas than it may. EMPTY: nothing comes back,
 * of its code, or of none as two providers say. MALFORMED: what comes back is no such value. UNANSWERED: no provider of the chain
 * answered; it is asked again.
 */
export type TokenSilence = 'FAILED' | 'EMPTY' | 'MALFORMED' | 'UNANSWERED';
/**
 * What a token that our factory did not make said of itself when a pool of it was opened, or later where nobody asked or answered then. Of
 * strangers' making: malformed UTF-8 is replaced, long texts are cut, nothing in them is to be believed. No log stands for it.
 */
export type TokenDescribed = DomainEvent<
  'TokenDescribed',
  {
    readonly token: Address;
    readonly name: string | null;
    readonly symbol: string | null;
    readonly decimals: Decimals | null;
    /** Why what is null is; null of what is told. */
    readonly missing: {
      readonly name: TokenSilence | null;
      readonly symbol: TokenSilence | null;
      readonly decimals: TokenSilence | null;
    };
    /** The state that was asked: that of this block, or the newest one where providers have forgotten the block's. */
    readonly state: 'BLOCK' | 'NEWEST';
  }
>;

/** A transaction to one of our contracts that the chain mined and reverted; no log stands for it. */
export type TransactionFailed = DomainEvent<
  'TransactionFailed',
  {
    readonly txHash: Hash;
    readonly from: Address;
    readonly to: Address;
    /** The decoded custom error or revert string where the provider tells it; else null. */
    readonly reason: string | null;
  }
>;

/**
 * What a transaction to one of our contracts that carries a command cost whoever sent it, in the chain's own coin: a sender of ours
 * where it was relayed. No log stands for it.
 */
export type TransactionPaid = DomainEvent<
  'TransactionPaid',
  {
    readonly txHash: Hash;
    readonly payer: Address;
    readonly gasUsed: AmountText;
    /** Wei. */
    readonly gasPrice: AmountText;
    /** Wei of `total` that paid for its data on the chain below; null where its receipt tells none. */
    readonly dataFee: AmountText | null;
    /** Wei, without what it sends. */
    readonly total: AmountText;
    /** What it sends, in wei; null, as what follows, of blocks that were told before this was. */
    readonly value: AmountText | null;
    /** What it calls and with what, as far as its first INPUT_BYTES_MAX bytes; its hash commits to the rest. */
    readonly input: HexData | null;
    /** Of the whole of it. */
    readonly inputBytes: Count | null;
  }
>;

/** Of a transaction's input, that the log has at most. */
export const INPUT_BYTES_MAX = 1_024;

/**
 * What shows that no log of the block is missing. NONE: nothing but the provider's word. BLOOM: no log that the header's bloom
 * filter rules out, and one for each that it promises. RECEIPTS: the receipts give the header's root.
 */
export type BlockProof = 'NONE' | 'BLOOM' | 'RECEIPTS';

/** Closes a block: every fact of it stands before. */
export type BlockIngested = DomainEvent<
  'BlockIngested',
  {
    readonly number: BlockNumber;
    readonly hash: Hash;
    readonly parentHash: Hash;
    readonly time: UnixSeconds;
    /** How many facts of this block stand before this one. */
    readonly facts: Count;
    /** The command ids that transactions of this block carried, whatever came of them. */
    readonly commandIds: readonly Uuid[];
    readonly proof: BlockProof;
    /** How many providers gave the same block. */
    readonly providers: Count;
  }
>;
/** A reorg: the blocks from `fromNumber` to `toNumber` are no longer of the chain; `ancestor` is its newest block left. */
export type BlocksReverted = DomainEvent<
  'BlocksReverted',
  {
    readonly fromNumber: BlockNumber;
    readonly toNumber: BlockNumber;
    /** Hashes of the blocks taken back, newest first. */
    readonly hashes: readonly Hash[];
    readonly ancestor: { readonly number: BlockNumber; readonly hash: Hash };
  }
>;
/** Every block up to this one is final. */
export type BlocksFinalized = DomainEvent<
  'BlocksFinalized',
  { readonly number: BlockNumber; readonly hash: Hash }
>;

export type LoggedFact =
  | TokenCreated
  | TokenMetadataUpdated
  | TokenDeactivated
  | CreationFeeUpdated
  | Transfer
  | Approval
  | PoolCreated
  | LiquidityAdded
  | LiquidityRemoved
  | Swap
  | Sync
  | SwapFeeUpdated
  | ProtocolFeeUpdated
  | ForwardRequestExecuted
  | SingletonFact
  | GovernanceFact;
export type BlockFact = BlockIngested | BlocksReverted | BlocksFinalized;
export type ChainFact =
  LoggedFact | TransactionFailed | TransactionPaid | TokenDescribed | BlockFact | ParkingFact;

/** The newest schema version of each fact of the market and of blocks. */
export const MARKET_FACT_VERSIONS = {
  TokenCreated: 1,
  TokenMetadataUpdated: 1,
  TokenDeactivated: 1,
  CreationFeeUpdated: 1,
  Transfer: 1,
  Approval: 1,
  PoolCreated: 1,
  LiquidityAdded: 1,
  LiquidityRemoved: 1,
  Swap: 1,
  Sync: 1,
  SwapFeeUpdated: 1,
  ProtocolFeeUpdated: 1,
  ForwardRequestExecuted: 1,
  TransactionFailed: 1,
  TransactionPaid: 2,
  TokenDescribed: 1,
  BlockIngested: 1,
  BlocksReverted: 1,
  BlocksFinalized: 1,
} as const satisfies Record<Exclude<ChainFact, SingletonFact | GovernanceFact | ParkingFact>['type'], number>;

export const CHAIN_STREAM_PREFIX = 'chain-';

/** All facts of one chain, in chain order. */
export const chainStream = (chainId: ChainId): string => `${CHAIN_STREAM_PREFIX}${chainId}`;
