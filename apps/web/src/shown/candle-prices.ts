import { ratioText } from '../format/amounts.js';

export interface Fraction {
  readonly a: string;
  readonly b: string;
}

export interface PricedToken {
  readonly symbol: string;
  readonly decimals: number;
}

/**
 * Whole quote tokens for a whole base token, decimal text, of an exact fraction of base units of a pool: `b` of its second token for
 * `a` of its first; null for none.
 * @param isFirst whether the base token is the pool's first
 */
export function priceOf(
  { a, b }: Fraction,
  isFirst: boolean,
  base: PricedToken,
  quote: PricedToken,
): string | null {
  const shift = base.decimals - quote.decimals;
  return isFirst ? ratioText(b, a, shift) : ratioText(a, b, shift);
}
