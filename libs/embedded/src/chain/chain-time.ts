/**
 * A burst of blocks, each a second after the one before, may run this far ahead of the clock. Beyond it blocks share a
 * second, so that deadlines stay meaningful under any load.
 */
const LEAD_MAX_SECONDS = 60;

/** The next block's time: the clock's, but after every block before it, also after those that were taken back. */
export function nextBlockTime(clockSeconds: number, newestSeconds: number): number {
  const following = newestSeconds + 1;
  if (following <= clockSeconds + LEAD_MAX_SECONDS) return Math.max(clockSeconds, following);
  return newestSeconds;
}
