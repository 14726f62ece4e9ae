/** The smallest whole number that is not below numerator / denominator. */
export const divideUp = (numerator: bigint, denominator: bigint): bigint =>
  (numerator + denominator - 1n) / denominator;

export const smaller = (one: bigint, other: bigint): bigint => (one < other ? one : other);

/** The largest whole number whose square is not above `value`: Newton's iteration from above. */
export function squareRoot(value: bigint): bigint {
  if (value < 2n) return value;
  // A power of two at or above the root, so that the iteration only falls until it has arrived.
  let root = 1n << BigInt((value.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}
