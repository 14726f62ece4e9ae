/** Block times without a block; chains miss some now and then. */
const BLOCK_TIMES_MAX = 20;
const STANDS_MS_MIN = 60_000;

/**
 * Whether the newest block is older than a chain that goes on lets it be. Of a chain whose block time is neither told nor
 * learnt nobody knows: it may mine only where there is something to mine.
 * @param headAgeMs since the newest block was first heard of; null before the first
 */
export const headStands = (headAgeMs: number | null, blockTimeMs: number | null): boolean =>
  headAgeMs !== null &&
  blockTimeMs !== null &&
  headAgeMs > Math.max(STANDS_MS_MIN, BLOCK_TIMES_MAX * blockTimeMs);
