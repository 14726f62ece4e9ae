/**
 * numerator / denominator as plain decimal text, cut (never rounded up) after so many significant digits; never a float.
 * @param denominator above zero
 */
export function decimalText(numerator: bigint, denominator: bigint, significantDigits = 18): string {
  if (numerator < 0n) return `-${decimalText(-numerator, denominator, significantDigits)}`;
  const whole = (numerator / denominator).toString();
  let rest = numerator % denominator;
  let fraction = '';
  let significant = whole === '0' ? 0 : whole.length;
  // What is left is above zero, so that a digit above zero comes within the denominator's length.
  while (rest > 0n && significant < significantDigits) {
    rest *= 10n;
    const digit = rest / denominator;
    rest %= denominator;
    fraction += digit.toString();
    if (significant > 0 || digit > 0n) significant += 1;
  }
  const shown = fraction.replace(/0+$/, '');
  return shown === '' ? whole : `${whole}.${shown}`;
}
