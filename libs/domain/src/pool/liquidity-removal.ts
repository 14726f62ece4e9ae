import type { DomainEvent } from '@abland/kernel';
import { assertCovered, type KnownBalance } from './balance.js';
import { parseAmount, UINT128_MAX } from '../input/amount.js';
import type { Requested } from '../request/events.js';
import { assertAddressFits, assertAtLeast, assertTextFits } from '../request/fitting.js';
import type { RequestKind } from '../request/kind.js';
import type { AmountText, Hash } from '../vocabulary/values.js';
import { quoteRemoveLiquidity } from './arithmetic/liquidity.js';
import { type LeastAmount, minimumAmount } from './arithmetic/least-amount.js';
import { type KnownPool, requirePool } from './known-pool.js';

export type LiquidityRemovalTerms = {
  readonly poolId: Hash;
  readonly liquidity: AmountText;
  readonly amountAMin: AmountText;
  readonly amountBMin: AmountText;
};
export type LiquidityRemovalRequested = DomainEvent<
  'LiquidityRemovalRequested',
  Requested<LiquidityRemovalTerms>
>;

export interface LiquidityRemovalAsk {
  readonly poolId: Hash;
  readonly liquidity: bigint;
  readonly amountALeast: LeastAmount;
  readonly amountBLeast: LeastAmount;
  /** The furthest below the quote that a minimum may lie. */
  readonly slippageBpsMax: number;
  readonly known: {
    /** Null for a pool that nobody has heard of. */
    readonly pool: KnownPool | null;
    /** The requester's liquidity in the pool; null where it is not known. */
    readonly liquidity: KnownBalance | null;
  };
}

/** Liquidity of a pool, given back for its part of both tokens. */
export const liquidityRemoval: RequestKind<
  'REMOVE_LIQUIDITY',
  'LiquidityRemovalRequested',
  LiquidityRemovalAsk,
  LiquidityRemovalTerms
> = {
  name: 'REMOVE_LIQUIDITY',
  requested: { type: 'LiquidityRemovalRequested', version: 1 },
  accept({ known, poolId, slippageBpsMax, ...ask }) {
    const liquidity = parseAmount(ask.liquidity.toString(), 'liquidity', UINT128_MAX);
    const quote = quoteRemoveLiquidity(requirePool(known.pool), liquidity);
    const leastA = minimumAmount(ask.amountALeast, quote.amountA, slippageBpsMax, 'amountAMin');
    const leastB = minimumAmount(ask.amountBLeast, quote.amountB, slippageBpsMax, 'amountBMin');
    assertCovered(liquidity, known.liquidity, 'liquidity');
    return {
      poolId,
      liquidity: liquidity.toString(),
      amountAMin: leastA.toString(),
      amountBMin: leastB.toString(),
    };
  },
  answeredBy: ['LiquidityRemoved'],
  outcome({ requester, terms }, fact) {
    if (fact.type !== 'LiquidityRemoved') return null;
    const { user, poolId, amountA, amountB, liquidity } = fact.data;
    assertAddressFits('user', requester, user);
    assertTextFits('poolId', terms.poolId, poolId);
    assertTextFits('liquidity', terms.liquidity, liquidity);
    assertAtLeast('amountA', terms.amountAMin, amountA);
    assertAtLeast('amountB', terms.amountBMin, amountB);
    return { kind: 'REMOVE_LIQUIDITY', amountA, amountB, liquidity };
  },
};
