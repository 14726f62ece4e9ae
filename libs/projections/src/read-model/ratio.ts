/**
 * numerator / denominator as plain decimal text, cut (never rounded up) after so many significant digits; never a float.
 * @param denominator above zero
 */
export function ratioText(numerator: bigint, denominator: bigint, significantDigits = 18): string {
  if (numerator < 0n) return `-${ratioText(-numerator, denominator, significantDigits)}`;
  const whole = (numerator / denominator).toString();
  if (whole !== '0' && whole.length >= significantDigits) return whole;
  let rest = numerator % denominator;
  let fraction = '';
  let significant = whole === '0' ? 0 : whole.length;
  while (rest > 0n && significant < significantDigits && fraction.length < FRACTION_DIGITS_MAX) {
    rest *= 10n;
    const digit = rest / denominator;
    rest %= denominator;
    fraction += digit.toString();
    if (significant > 0 || digit > 0n) significant += 1;
  }
  const shown = fraction.replace(/0+$/, '');
  return shown === '' ? whole : `${whole}.${shown}`;
}

/** Enough for the smallest ratio of two amounts below 2^128 in units of up to 18 decimals. */
const FRACTION_DIGITS_MAX = 100;

export interface Price {
  /** The token that the price is counted in. */
  readonly quoteToken: string;
  /** Base units of the quote token for `denominator` base units of the token, exactly. */
  readonly numerator: string;
  readonly denominator: string;
  /** Whole quote tokens for one whole token, 18 significant digits, cut. */
  readonly value: string;
}

/** Null where nothing was given for it or nothing of it, so that there is no price. */
export function priceOf(
  quote: { readonly token: string; readonly amount: bigint; readonly decimals: number },
  base: { readonly amount: bigint; readonly decimals: number },
): Price | null {
  if (base.amount === 0n || quote.amount === 0n) return null;
  return {
    quoteToken: quote.token,
    numerator: quote.amount.toString(),
    denominator: base.amount.toString(),
    value: ratioText(
      quote.amount * 10n ** BigInt(base.decimals),
      base.amount * 10n ** BigInt(quote.decimals),
    ),
  };
}
