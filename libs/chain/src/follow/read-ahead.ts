import type { Frontier, Logger } from '@abland/kernel';
import type { ChainBlock, TokensInOrder } from '../blocks/chain-block.js';
import type { LinkedHeader } from './chain-window.js';
import type { ChainSource, ToldHead } from './follow-chain.js';
import { decodeBlocks } from './read-blocks.js';

/** Where what others read ahead of a publisher is kept, as the publisher uses it. */
export interface PublishersBook {
  /** True where others read, or have read, ahead of it. */
  tell(frontier: Frontier): Promise<boolean>;
  /** What was read of a range, which is let go by that; null where nothing was. */
  take(first: number, last: number): Promise<Buffer | null>;
}

interface ReadAheadSourceOptions {
  readonly source: ChainSource;
  readonly book: PublishersBook;
  /** As the publisher has them. */
  readonly epoch: bigint;
  readonly finalityDepth: number;
  readonly rangeSize: number;
  readonly logger: Logger;
}

const TELL_EVERY_MS = 1_000;

/**
 * A source of blocks, some of which other indexers have read and proved already. Whatever fails of that is read from the source
 * itself: nothing waits for others.
 */
export class ReadAheadSource implements ChainSource {
  /** Null where that is not known: they may have read ahead of another publisher. */
  #hasOthers: boolean | null = null;
  #toldAt = -Infinity;
  #taken = 0;

  constructor(private readonly options: ReadAheadSourceOptions) {}

  /** Blocks that others had read. */
  get taken(): number {
    return this.#taken;
  }

  get followed(): ChainSource['followed'] {
    return this.options.source.followed;
  }
  head(): Promise<ToldHead> {
    return this.options.source.head();
  }
  headerAt(number: number): Promise<LinkedHeader | null> {
    return this.options.source.headerAt(number);
  }

  async blocks(from: number, to: number, tokens?: TokensInOrder): Promise<readonly ChainBlock[]> {
    const { source } = this.options;
    const read = this.#hasOthers === true ? await this.#take(from, to) : null;
    this.#taken += read?.length ?? 0;
    return read ?? source.blocks(from, to, tokens);
  }

  /** Tells others where to read, now and then while there is enough, and then until what they read is let go. Never rejects. */
  async tell(next: number, head: number): Promise<void> {
    const { book, epoch, finalityDepth, logger, rangeSize } = this.options;
    // What a reorg may still take back is read where it is published.
    const last = head - finalityDepth;
    const now = performance.now();
    if (last - next < rangeSize && this.#hasOthers === false) return;
    if (now - this.#toldAt < TELL_EVERY_MS) return;
    this.#toldAt = now;
    try {
      this.#hasOthers = await book.tell({ epoch, next, last, rangeSize });
    } catch (err) {
      this.#hasOthers = null;
      logger.debug({ err, next, last }, 'Others are not told where to read ahead');
    }
  }

  async #take(from: number, to: number): Promise<readonly ChainBlock[] | null> {
    const { book, logger } = this.options;
    try {
      const told = await book.take(from, to);
      return told === null ? null : await decodeBlocks(told, from, to);
    } catch (err) {
      logger.debug({ err, from, to }, 'What others read ahead cannot be had');
      return null;
    }
  }
}
