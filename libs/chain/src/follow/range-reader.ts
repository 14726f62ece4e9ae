import {
  beatingPause,
  type Classify,
  type Logger,
  type PartRun,
  supervise,
  type Supervised,
  systemTiming,
} from '@abland/kernel';
import type { ChainSource } from './follow-chain.js';
import { encodeBlocks } from './read-blocks.js';

/** A range that is ours to read, for a while. Ends included. */
interface Claimed {
  readonly first: number;
  readonly last: number;
}

/** Where what is read ahead of a publisher is kept, as those use it that read. */
export interface ReadersBook<Range extends Claimed = Claimed> {
  /** Null where there is nothing to read now. */
  claim(): Promise<Range | null>;
  /** False where it is another's by now, or the publisher has passed it. */
  deliver(range: Range, blocks: Buffer): Promise<boolean>;
}

export interface RangeReaderOptions<Range extends Claimed> {
  readonly chainId: number;
  readonly book: ReadersBook<Range>;
  /** Null while there is nothing to read for: this program publishes the chain itself, say. */
  readonly source: () => Pick<ChainSource, 'blocks'> | null;
  readonly logger: Logger;
  /** Whose failure it is, of what `book` fails with. */
  readonly classify?: Classify;
}

export interface RangeReader extends Supervised {
  /** Ranges that it has read since the start, and that the publisher had not come to before. */
  readonly ranges: () => number;
}

const LOOP = 'ranges';
const IDLE_MS = 1_000;
const PAUSE_MS = { min: 1_000, max: 30_000 };

/** Reads and proves ranges ahead of another program that publishes the chain, while there are any. */
export function startRangeReader<Range extends Claimed>(options: RangeReaderOptions<Range>): RangeReader {
  const { book, chainId, classify, logger, source } = options;
  let ranges = 0;
  const readNext = async (): Promise<boolean> => {
    const from = source();
    const range = from === null ? null : await book.claim();
    if (from === null || range === null) return false;
    // Whole, whichever tokens are followed by then: what is not wanted is left out by whoever publishes.
    const blocks = await from.blocks(range.first, range.last);
    if (await book.deliver(range, await encodeBlocks(blocks))) ranges += 1;
    return true;
  };
  const run = async ({ beat, progress, signal }: PartRun): Promise<void> => {
    while (!signal.aborted) {
      beat(LOOP);
      if (await readNext()) progress();
      else await beatingPause(IDLE_MS, LOOP, { beat, signal }, systemTiming);
    }
  };
  const supervised = supervise(
    { name: `read-ahead-${chainId}`, loops: [LOOP], run },
    { logger, pauseMs: PAUSE_MS, ...(classify === undefined ? {} : { classify }) },
  );
  return { ...supervised, ranges: () => ranges };
}
