import type { DomainEvent } from '@abland/kernel';
import { assertCovered, type KnownBalance } from './balance.js';
import { parseAmount, UINT128_MAX } from '../input/amount.js';
import type { Requested } from '../request/events.js';
import { assertAddressFits, assertAtLeast, assertAtMost, assertTextFits } from '../request/fitting.js';
import type { RequestKind } from '../request/kind.js';
import type { AmountText, Hash } from '../vocabulary/values.js';
import { quoteAddLiquidity } from './arithmetic/liquidity.js';
import { type LeastAmount, minimumAmount } from './arithmetic/least-amount.js';
import { type KnownPool, requirePool } from './known-pool.js';
import { assertNotPaused } from './pause.js';

export type LiquidityAdditionTerms = {
  readonly poolId: Hash;
  readonly amountADesired: AmountText;
  readonly amountBDesired: AmountText;
  readonly amountAMin: AmountText;
  readonly amountBMin: AmountText;
};
export type LiquidityAdditionRequested = DomainEvent<
  'LiquidityAdditionRequested',
  Requested<LiquidityAdditionTerms>
>;

export interface LiquidityAdditionAsk {
  readonly poolId: Hash;
  readonly amountADesired: bigint;
  readonly amountBDesired: bigint;
  readonly amountALeast: LeastAmount;
  readonly amountBLeast: LeastAmount;
  /** The furthest below the quote that a minimum may lie. */
  readonly slippageBpsMax: number;
  readonly known: {
    /** Null for a pool that nobody has heard of. */
    readonly pool: KnownPool | null;
    /** Whether the contract that holds all pools is paused. */
    readonly paused: boolean;
    /** The requester's balances; null where they are not known. */
    readonly balanceA: KnownBalance | null;
    readonly balanceB: KnownBalance | null;
  };
}

/** A deposit into a pool, in its present ratio. */
export const liquidityAddition: RequestKind<
  'ADD_LIQUIDITY',
  'LiquidityAdditionRequested',
  LiquidityAdditionAsk,
  LiquidityAdditionTerms
> = {
  name: 'ADD_LIQUIDITY',
  requested: { type: 'LiquidityAdditionRequested', version: 1 },
  accept({ known, poolId, slippageBpsMax, ...ask }) {
    const amountADesired = parseAmount(ask.amountADesired.toString(), 'amountADesired', UINT128_MAX);
    const amountBDesired = parseAmount(ask.amountBDesired.toString(), 'amountBDesired', UINT128_MAX);
    const pool = requirePool(known.pool);
    assertNotPaused(known.paused);
    const quote = quoteAddLiquidity(pool, amountADesired, amountBDesired);
    const leastA = minimumAmount(ask.amountALeast, quote.quotedA, slippageBpsMax, 'amountAMin');
    const leastB = minimumAmount(ask.amountBLeast, quote.quotedB, slippageBpsMax, 'amountBMin');
    assertCovered(quote.amountA, known.balanceA, 'amountADesired');
    assertCovered(quote.amountB, known.balanceB, 'amountBDesired');
    return {
      poolId,
      amountADesired: amountADesired.toString(),
      amountBDesired: amountBDesired.toString(),
      amountAMin: leastA.toString(),
      amountBMin: leastB.toString(),
    };
  },
  answeredBy: ['LiquidityAdded'],
  outcome({ requester, terms }, fact) {
    if (fact.type !== 'LiquidityAdded') return null;
    const { user, poolId, amountA, amountB, liquidity } = fact.data;
    assertAddressFits('user', requester, user);
    assertTextFits('poolId', terms.poolId, poolId);
    assertAtLeast('amountA', terms.amountAMin, amountA);
    assertAtLeast('amountB', terms.amountBMin, amountB);
    assertAtMost('amountA', terms.amountADesired, amountA);
    assertAtMost('amountB', terms.amountBDesired, amountB);
    return { kind: 'ADD_LIQUIDITY', amountA, amountB, liquidity };
  },
};
