import type { MinedIn, RequestEnvelope, RevertedTransaction } from '../execution.js';
import type { PoolReserves } from '../pool/arithmetic/liquidity.js';
import type { Floor } from '../pool/arithmetic/minimum.js';
import type { PoolFees } from '../pool/arithmetic/swap.js';
import type { Address, BlockNumber, Hash, Instant, Uuid } from '../values.js';

/** The newest known state of a pool. */
export interface KnownPool extends PoolReserves {
  readonly tokenA: Address;
  readonly tokenB: Address;
}

interface OrderRequest extends RequestEnvelope {
  readonly orderId: Uuid;
  readonly user: Address;
  readonly poolId: Hash;
  /** The furthest below the quote that a minimum may lie. */
  readonly slippageBpsMax: number;
}

export interface RequestSwap extends OrderRequest {
  readonly type: 'RequestSwap';
  readonly tokenIn: Address;
  readonly amountIn: bigint;
  readonly amountOutFloor: Floor;
  readonly known: {
    /** Null for a pool that nobody has heard of. */
    readonly pool: KnownPool | null;
    readonly fees: PoolFees;
    /** The user's, of tokenIn; null where it is not known. */
    readonly balance: bigint | null;
  };
}
export interface RequestLiquidityAddition extends OrderRequest {
  readonly type: 'RequestLiquidityAddition';
  readonly amountADesired: bigint;
  readonly amountBDesired: bigint;
  readonly amountAFloor: Floor;
  readonly amountBFloor: Floor;
  readonly known: {
    readonly pool: KnownPool | null;
    readonly balanceA: bigint | null;
    readonly balanceB: bigint | null;
  };
}
export interface RequestLiquidityRemoval extends OrderRequest {
  readonly type: 'RequestLiquidityRemoval';
  readonly liquidity: bigint;
  readonly amountAFloor: Floor;
  readonly amountBFloor: Floor;
  readonly known: {
    readonly pool: KnownPool | null;
    /** The user's liquidity in the pool; null where it is not known. */
    readonly liquidity: bigint | null;
  };
}

export interface SubmitOrder {
  readonly type: 'SubmitOrder';
  readonly txHash: Hash;
  /** Null for our own sender. */
  readonly by: Address | null;
}

/** What a Swap, LiquidityAdded or LiquidityRemoved fact says. */
export type OrderFact =
  | {
      readonly kind: 'SWAP';
      readonly tokenIn: Address;
      readonly tokenOut: Address;
      readonly amountIn: bigint;
      readonly amountOut: bigint;
    }
  | {
      readonly kind: 'ADD_LIQUIDITY' | 'REMOVE_LIQUIDITY';
      readonly amountA: bigint;
      readonly amountB: bigint;
      readonly liquidity: bigint;
    };
/** A fact names this order. */
export type ConfirmOrder = MinedIn & {
  readonly type: 'ConfirmOrder';
  readonly user: Address;
  readonly poolId: Hash;
  readonly fact: OrderFact;
};
/** Every block up to this one is final. */
export interface FinalizeOrder {
  readonly type: 'FinalizeOrder';
  readonly finalizedTo: BlockNumber;
}
/** It cannot be sent, and no chain saw it. */
export interface FailOrder {
  readonly type: 'FailOrder';
  readonly code: string;
  readonly reason: string;
}
export interface ExpireOrder {
  readonly type: 'ExpireOrder';
  readonly at: Instant;
}
/** A TransactionFailed fact names this order. */
export type RevertOrder = RevertedTransaction & { readonly type: 'RevertOrder' };
/** A reorg took these blocks back. */
export interface RetractOrder {
  readonly type: 'RetractOrder';
  readonly blockHashes: readonly Hash[];
}

export type RequestOrder = RequestSwap | RequestLiquidityAddition | RequestLiquidityRemoval;
export type OrderCommand =
  | RequestOrder
  | SubmitOrder
  | ConfirmOrder
  | FinalizeOrder
  | FailOrder
  | ExpireOrder
  | RevertOrder
  | RetractOrder;
