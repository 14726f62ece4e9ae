import type { ChainConfig } from '@abland/platform';

const USUAL_MS = 500;
const LEAST_MS = 50;

/**
 * Milliseconds between two looks at a chain, the net under pushed heads: where blocks come more often than is usual, as often as they
 * come.
 */
export const pollIntervalOf = ({ blockTimeMs = USUAL_MS }: Pick<ChainConfig, 'blockTimeMs'>): number =>
  Math.min(USUAL_MS, Math.max(LEAST_MS, blockTimeMs));
