/** Whether both sides agree on a block; UNKNOWN where one of them no longer knows. */
export type Agreement = 'AGREES' | 'DRIFTS' | 'UNKNOWN';

export interface DriftSearch {
  /** The lowest block that it may have begun with. */
  readonly from: number;
  /** A block on which both sides differ. */
  readonly found: number;
  /** Blocks that are asked about, at most. */
  readonly probesMax: number;
  readonly probe: (block: number) => Promise<Agreement>;
}

export interface DriftBegin {
  /** The lowest block that is known to differ, with all that is known between it and `found`. */
  readonly block: number;
  /** Whether the block before it agrees, or there is none. */
  readonly exact: boolean;
}

/**
 * By bisection: of a drift that came and went it finds one beginning. What is too old to be known is taken for lower than any answer,
 * as state is forgotten from the oldest block on.
 */
export async function firstDrift({ found, from, probe, probesMax }: DriftSearch): Promise<DriftBegin> {
  let [below, block] = [from - 1, found];
  let agrees = true;
  for (let probes = 0; block - below > 1 && probes < probesMax; probes += 1) {
    const middle = below + Math.floor((block - below) / 2);
    const agreement = await probe(middle);
    if (agreement === 'DRIFTS') block = middle;
    else [below, agrees] = [middle, agreement === 'AGREES'];
  }
  return { block, exact: agrees && block - below === 1 };
}
