import type { DomainEvent } from '@abland/kernel';
import { assertCovered, type KnownBalance } from './balance.js';
import { parseAmount, UINT128_MAX } from '../input/amount.js';
import type { Requested } from '../request/events.js';
import { assertAddressFits, assertAtLeast, assertTextFits } from '../request/fitting.js';
import type { RequestKind } from '../request/kind.js';
import type { Address, AmountText, Hash } from '../vocabulary/values.js';
import { type LeastAmount, minimumAmount } from './arithmetic/least-amount.js';
import { type PoolFees, quoteSwap } from './arithmetic/swap.js';
import { directionOf, type KnownPool, requirePool } from './known-pool.js';
import { assertNotPaused } from './pause.js';

export type SwapTerms = {
  readonly poolId: Hash;
  readonly tokenIn: Address;
  readonly tokenOut: Address;
  readonly amountIn: AmountText;
  readonly amountOutMin: AmountText;
  /** What the pool would have paid when the request was accepted. */
  readonly amountOutQuoted: AmountText;
};
export type SwapRequested = DomainEvent<'SwapRequested', Requested<SwapTerms>>;

export interface SwapAsk {
  readonly poolId: Hash;
  readonly tokenIn: Address;
  readonly amountIn: bigint;
  readonly amountOutLeast: LeastAmount;
  /** The furthest below the quote that a minimum may lie. */
  readonly slippageBpsMax: number;
  readonly known: {
    /** Null for a pool that nobody has heard of. */
    readonly pool: KnownPool | null;
    /** Whether the contract that holds all pools is paused. */
    readonly paused: boolean;
    readonly fees: PoolFees;
    /** The requester's, of tokenIn; null where it is not known. */
    readonly balance: KnownBalance | null;
  };
}

/** An exact amount of one of a pool's tokens for the other. */
export const swap: RequestKind<'SWAP', 'SwapRequested', SwapAsk, SwapTerms> = {
  name: 'SWAP',
  requested: { type: 'SwapRequested', version: 1 },
  accept({ known, poolId, tokenIn, ...ask }) {
    const amountIn = parseAmount(ask.amountIn.toString(), 'amountIn', UINT128_MAX);
    const { tokenOut, ...reserves } = directionOf(requirePool(known.pool), tokenIn);
    assertNotPaused(known.paused);
    const { amountOut } = quoteSwap(reserves, known.fees, amountIn);
    const least = minimumAmount(ask.amountOutLeast, amountOut, ask.slippageBpsMax, 'amountOutMin');
    assertCovered(amountIn, known.balance, 'amountIn');
    return {
      poolId,
      tokenIn,
      tokenOut,
      amountIn: amountIn.toString(),
      amountOutMin: least.toString(),
      amountOutQuoted: amountOut.toString(),
    };
  },
  answeredBy: ['Swap'],
  outcome({ requester, terms }, fact) {
    if (fact.type !== 'Swap') return null;
    const { user, poolId, tokenIn, tokenOut, amountIn, amountOut } = fact.data;
    assertAddressFits('user', requester, user);
    assertTextFits('poolId', terms.poolId, poolId);
    assertAddressFits('tokenIn', terms.tokenIn, tokenIn);
    assertAddressFits('tokenOut', terms.tokenOut, tokenOut);
    assertTextFits('amountIn', terms.amountIn, amountIn);
    assertAtLeast('amountOut', terms.amountOutMin, amountOut);
    return { kind: 'SWAP', amountIn, amountOut };
  },
};
