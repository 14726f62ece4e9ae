import type { DomainEvent } from '@abland/kernel';
import type { Address, AmountText, BlockNumber, Execution, Hash, HexData, Instant, Uuid } from '../values.js';

export type SwapTerms = {
  readonly kind: 'SWAP';
  readonly tokenIn: Address;
  readonly tokenOut: Address;
  readonly amountIn: AmountText;
  readonly amountOutMin: AmountText;
  /** What the pool would have paid when the order was accepted. */
  readonly amountOutQuoted: AmountText;
};
export type AddLiquidityTerms = {
  readonly kind: 'ADD_LIQUIDITY';
  readonly amountADesired: AmountText;
  readonly amountBDesired: AmountText;
  readonly amountAMin: AmountText;
  readonly amountBMin: AmountText;
};
export type RemoveLiquidityTerms = {
  readonly kind: 'REMOVE_LIQUIDITY';
  readonly liquidity: AmountText;
  readonly amountAMin: AmountText;
  readonly amountBMin: AmountText;
};
export type OrderTerms = SwapTerms | AddLiquidityTerms | RemoveLiquidityTerms;

export type OrderRequested = DomainEvent<
  'OrderRequested',
  {
    readonly orderId: Uuid;
    readonly user: Address;
    readonly poolId: Hash;
    readonly terms: OrderTerms;
    readonly execution: Execution;
    readonly inputHash: HexData;
    readonly requestedAt: Instant;
    /** The contract refuses the transaction in a block after this. */
    readonly deadline: Instant;
  }
>;
export type OrderSubmitted = DomainEvent<'OrderSubmitted', { readonly orderId: Uuid; readonly txHash: Hash }>;

/** What the chain says was traded. */
export type OrderResult =
  | { readonly kind: 'SWAP'; readonly amountIn: AmountText; readonly amountOut: AmountText }
  | {
      readonly kind: 'ADD_LIQUIDITY' | 'REMOVE_LIQUIDITY';
      readonly amountA: AmountText;
      readonly amountB: AmountText;
      readonly liquidity: AmountText;
    };
export type OrderConfirmed = DomainEvent<
  'OrderConfirmed',
  {
    readonly orderId: Uuid;
    readonly txHash: Hash;
    readonly blockNumber: BlockNumber;
    readonly blockHash: Hash;
    readonly result: OrderResult;
  }
>;
/** The block of the confirmation is final. */
export type OrderFinalized = DomainEvent<
  'OrderFinalized',
  { readonly orderId: Uuid; readonly blockNumber: BlockNumber }
>;
/** Could not be sent: the reason is known before the chain saw it. */
export type OrderFailed = DomainEvent<
  'OrderFailed',
  { readonly orderId: Uuid; readonly code: string; readonly reason: string }
>;
export type OrderExpired = DomainEvent<'OrderExpired', { readonly orderId: Uuid; readonly at: Instant }>;
/** Mined, and reverted by the contract. */
export type OrderReverted = DomainEvent<
  'OrderReverted',
  {
    readonly orderId: Uuid;
    readonly txHash: Hash;
    readonly blockNumber: BlockNumber;
    readonly blockHash: Hash;
    readonly reason: string | null;
  }
>;
/** A reorg took back the block in which the order was confirmed or reverted; it is open again. */
export type OrderOutcomeRetracted = DomainEvent<
  'OrderOutcomeRetracted',
  { readonly orderId: Uuid; readonly txHash: Hash; readonly blockHash: Hash }
>;

export type OrderEvent =
  | OrderRequested
  | OrderSubmitted
  | OrderConfirmed
  | OrderFinalized
  | OrderFailed
  | OrderExpired
  | OrderReverted
  | OrderOutcomeRetracted;

export const orderStream = (orderId: Uuid): string => `order-${orderId}`;
