import { decimalText } from './decimal-text.js';

/** What something costs, exactly: so many base units of a quote token for so many of the token. Both above zero. */
export interface Price {
  readonly quote: bigint;
  readonly base: bigint;
}

/** The price that a pool's reserves say; null where one of them is empty, so that there is none. */
export const spotPrice = (quoteReserve: bigint, baseReserve: bigint): Price | null =>
  quoteReserve > 0n && baseReserve > 0n ? { quote: quoteReserve, base: baseReserve } : null;

/** Base units of the quote token that an amount of the token is worth, cut. */
export const worthAt = (amount: bigint, { quote, base }: Price): bigint => (amount * quote) / base;

/** Decimals of both tokens; null where a token does not tell any, as those of strangers need not. */
export interface PriceDecimals {
  readonly quote: number | null;
  readonly base: number | null;
}

/** Whole quote tokens for one whole token, 18 significant digits, cut; null where it is not known what a whole token is. */
export function wholePrice({ quote, base }: Price, decimals: PriceDecimals): string | null {
  if (decimals.quote === null || decimals.base === null) return null;
  return decimalText(quote * 10n ** BigInt(decimals.base), base * 10n ** BigInt(decimals.quote));
}

/** (now / then - 1) in percent, 8 significant digits, cut; signed decimal text. */
export function priceChange(then: Price, now: Price): string {
  const before = then.quote * now.base;
  return decimalText(100n * (now.quote * then.base - before), before, PERCENT_DIGITS);
}

/** Base units of both of a pool's tokens. */
export interface PoolAmounts {
  readonly amountA: bigint;
  readonly amountB: bigint;
}

/**
 * Percent a year that a pool gives those who provide it, by what it kept for them of a day's fees, both sides valued by the
 * reserves: not compounded, 8 significant digits, cut. Null for an empty pool.
 */
export function yearlyYield(keptOfADay: PoolAmounts, reserves: PoolAmounts): string | null {
  const worth = 2n * reserves.amountA * reserves.amountB;
  if (worth === 0n) return null;
  const earned = keptOfADay.amountA * reserves.amountB + keptOfADay.amountB * reserves.amountA;
  return decimalText(earned * DAYS_A_YEAR * 100n, worth, PERCENT_DIGITS);
}

const DAYS_A_YEAR = 365n;
const PERCENT_DIGITS = 8;
