import type { DomainEvent } from '@abland/kernel';
import type {
  Address,
  AmountText,
  BlockNumber,
  ChainId,
  Count,
  Execution,
  Hash,
  HexData,
  Instant,
  UnixSeconds,
  Uuid,
} from '../vocabulary/values.js';

/** What every request of a person to a chain carries, whatever it asks for. */
export type RequestHeader = {
  /** Names the stream, and the calldata of the transaction carries it. */
  readonly commandId: Uuid;
  readonly chainId: ChainId;
  readonly requester: Address;
  readonly execution: Execution;
  /** SHA-256 of the canonical input, so that a key used again with another input is noticed. */
  readonly inputHash: HexData;
  readonly requestedAt: Instant;
  /** It counts as expired after this; contracts that take a deadline, and the forwarder, refuse it in a later block. */
  readonly deadline: Instant;
};

/** A request of one kind, with the terms that the chain is held to. */
export type Requested<Terms> = RequestHeader & { readonly terms: Terms };

/** An event of a request names it, and its chain. */
type OfRequest = { readonly commandId: Uuid; readonly chainId: ChainId };

/** A transaction is on its way; a wallet that speeds it up tells another hash. */
export type RequestSubmitted = DomainEvent<'RequestSubmitted', OfRequest & { readonly txHash: Hash }>;

/** What the chain says came of it. */
export type RequestOutcome =
  | { readonly kind: 'CREATE_TOKEN'; readonly tokenAddress: Address }
  | { readonly kind: 'DEACTIVATE_TOKEN'; readonly tokenAddress: Address }
  | { readonly kind: 'CREATE_POOL'; readonly poolId: Hash; readonly liquidity: AmountText }
  | { readonly kind: 'SWAP'; readonly amountIn: AmountText; readonly amountOut: AmountText }
  | ({ readonly kind: 'ADD_LIQUIDITY' } & LiquidityMoved)
  | ({ readonly kind: 'REMOVE_LIQUIDITY' } & LiquidityMoved);
type LiquidityMoved = {
  readonly amountA: AmountText;
  readonly amountB: AmountText;
  readonly liquidity: AmountText;
};
/** The chain carried it out; a reorg may still take that back. */
export type RequestConfirmed = DomainEvent<
  'RequestConfirmed',
  OfRequest & {
    readonly txHash: Hash;
    readonly blockNumber: BlockNumber;
    readonly blockHash: Hash;
    readonly outcome: RequestOutcome;
  }
>;
/** The block of the confirmation is final. */
export type RequestFinalized = DomainEvent<
  'RequestFinalized',
  OfRequest & { readonly blockNumber: BlockNumber }
>;
/** Could not be sent: the reason is known before the chain saw it. */
export type RequestFailed = DomainEvent<
  'RequestFailed',
  OfRequest & {
    /** Stable: REFUSED_BY_SIMULATION, say. */
    readonly code: string;
    readonly reason: string;
  }
>;
/** The deadline passed before the chain carried it out. */
export type RequestExpired = DomainEvent<'RequestExpired', OfRequest & { readonly at: Instant }>;
/** Mined, and refused by the contract. */
export type RequestReverted = DomainEvent<
  'RequestReverted',
  OfRequest & {
    readonly txHash: Hash;
    readonly blockNumber: BlockNumber;
    readonly blockHash: Hash;
    /** Null where the provider does not tell it. */
    readonly reason: string | null;
  }
>;
/** A reorg took back the block in which it was confirmed or reverted: the transaction may be mined again. */
export type RequestRetracted = DomainEvent<
  'RequestRetracted',
  OfRequest & { readonly txHash: Hash; readonly blockHash: Hash }
>;

/** An ERC2771Forwarder request as its user signs it (EIP-712 type ForwardRequest). */
export type ForwardRequest = {
  readonly from: Address;
  readonly to: Address;
  /** Wei. */
  readonly value: AmountText;
  readonly gas: AmountText;
  readonly nonce: AmountText;
  readonly deadline: UnixSeconds;
  readonly data: HexData;
};
/** Of a RELAYED request: what its user is asked to sign. */
export type RelayRequested = DomainEvent<'RelayRequested', OfRequest & { readonly forward: ForwardRequest }>;
/** The user signed it. */
export type RelayAuthorized = DomainEvent<'RelayAuthorized', OfRequest & { readonly signature: HexData }>;
/** An attempt of our sender failed for a reason that may pass; the next one comes not before `retryAt`. */
export type RelayAttemptFailed = DomainEvent<
  'RelayAttemptFailed',
  OfRequest & { readonly attempt: Count; readonly reason: string; readonly retryAt: Instant }
>;

/** The way of every request, whatever it asks for. */
export type RequestProgress =
  | RequestSubmitted
  | RequestConfirmed
  | RequestFinalized
  | RequestFailed
  | RequestExpired
  | RequestReverted
  | RequestRetracted;
export type RelayProgress = RelayRequested | RelayAuthorized | RelayAttemptFailed;

/** The newest schema version of each. */
export const REQUEST_VERSIONS = {
  RequestSubmitted: 1,
  RequestConfirmed: 1,
  RequestFinalized: 1,
  RequestFailed: 1,
  RequestExpired: 1,
  RequestReverted: 1,
  RequestRetracted: 1,
  RelayRequested: 1,
  RelayAuthorized: 1,
  RelayAttemptFailed: 1,
} as const satisfies Record<(RequestProgress | RelayProgress)['type'], number>;

export const REQUEST_STREAM_PREFIX = 'request-';

/** What one person asked of one chain, from the request to its end. */
export const requestStream = (commandId: Uuid): string => `${REQUEST_STREAM_PREFIX}${commandId}`;
