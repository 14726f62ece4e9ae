/** How many each may have at most, for all together to have no more than `total`; Infinity where they have no more already. */
export function fairShare(sizes: readonly number[], total: number): number {
  let left = total;
  const sorted = sizes.toSorted((one, other) => one - other);
  for (const [index, size] of sorted.entries()) {
    const share = Math.floor(left / (sorted.length - index));
    if (size > share) return share;
    left -= size;
  }
  return Infinity;
}
