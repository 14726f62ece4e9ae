import { gzipSync } from 'node:zlib';
import { silentLogger as logger } from '@abland/kernel';
import { until } from '@abland/testing/eventually';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { ChainBlock } from '../blocks/chain-block.js';
import { splitRange } from './ordered-ranges.js';
import { type RangeReader, startRangeReader } from './range-reader.js';
import { type PublishersBook, ReadAheadSource } from './read-ahead.js';
import { encodeBlocks } from './read-blocks.js';
import { SimulatedChain } from './simulated-chain.fixture.js';

const RANGE_SIZE = 10;

class Book implements PublishersBook {
  readonly told: { next: number; last: number }[] = [];
  readonly kept = new Map<number, Buffer>();
  failure: Error | null = null;
  /** Whether there is anything that others read, or have read, ahead of the publisher. */
  hasAny = true;

  async tell({ last, next }: { readonly next: number; readonly last: number }): Promise<boolean> {
    if (this.failure !== null) throw this.failure;
    this.told.push({ next, last });
    return this.hasAny;
  }
  async take(first: number): Promise<Buffer | null> {
    if (this.failure !== null) throw this.failure;
    const bytes = this.kept.get(first) ?? null;
    this.kept.delete(first);
    return bytes;
  }
}

describe('ranges', () => {
  it('are the same from wherever they are split', () => {
    const of = (from: number, to: number): string =>
      [...splitRange(from, to, 10)].map((range) => `${range.from}-${range.to}`).join(' ');
    expect(of(0, 25)).toBe('0-9 10-19 20-25');
    expect(of(7, 25)).toBe('7-9 10-19 20-25');
    expect(of(10, 10)).toBe('10-10');
    expect(of(11, 10)).toBe('');
  });
});

describe('blocks that others read ahead of a publisher', () => {
  let chain: SimulatedChain;
  let book: Book;
  let source: ReadAheadSource;
  beforeEach(async () => {
    [chain, book] = [new SimulatedChain(60), new Book()];
    const options = { source: chain, book, epoch: 1n, finalityDepth: 5, rangeSize: RANGE_SIZE, logger };
    source = new ReadAheadSource(options);
    await source.tell(0, 59);
  });
  afterEach(() => void jest.restoreAllMocks());
  const truth = async (from: number, to: number): Promise<readonly ChainBlock[]> => {
    const blocks = await chain.blocks(from, to);
    chain.asked.length = 0;
    return blocks;
  };

  it('are taken where they are there, and read where they are not', async () => {
    const blocks = await truth(10, 19);
    book.kept.set(10, await encodeBlocks(blocks));
    expect(await source.blocks(10, 19)).toEqual(blocks);
    expect(chain.asked).toEqual([]);
    expect(await source.blocks(10, 19)).toEqual(blocks);
    expect(chain.asked).toEqual([{ from: 10, to: 19 }]);
    expect(source.taken).toBe(10);
  });

  it('are read anew where what is there is not all of them, linked', async () => {
    const blocks = await truth(10, 19);
    const spoiled = [
      blocks.slice(1),
      blocks.map((block) => ({ ...block, hash: 'none' })),
      blocks.map((block) => ({ ...block, parentHash: block.hash })),
      blocks.map((block) => ({ ...block, number: block.number + 1 })),
      { blocks },
    ];
    for (const told of spoiled) {
      book.kept.set(10, gzipSync(JSON.stringify(told)));
      expect(await source.blocks(10, 19)).toEqual(blocks);
    }
    book.kept.set(10, Buffer.from('no zip'));
    expect(await source.blocks(10, 19)).toEqual(blocks);
    expect(chain.asked).toHaveLength(spoiled.length + 1);
    expect(source.taken).toBe(0);
  });

  it('are read by the publisher itself while nobody can be told of it', async () => {
    const blocks = await truth(10, 19);
    book.failure = new Error('gone');
    expect(await source.blocks(10, 19)).toEqual(blocks);
    const later = new ReadAheadSource({
      ...{ source: chain, book, epoch: 1n, finalityDepth: 5, rangeSize: RANGE_SIZE, logger },
    });
    await later.tell(0, 59);
    expect(await later.blocks(10, 19)).toEqual(blocks);
  });

  it('end where a reorg may still take back', () => {
    expect(book.told).toEqual([{ next: 0, last: 54 }]);
  });

  it('are let go by who begins near the head, where there are any, and nobody hears any more then', async () => {
    let passed = performance.now();
    jest.spyOn(performance, 'now').mockImplementation(() => (passed += 60_000));
    const near = new ReadAheadSource({
      ...{ source: chain, book, epoch: 1n, finalityDepth: 5, rangeSize: RANGE_SIZE, logger },
    });
    book.failure = new Error('gone');
    await near.tell(50, 59);
    book.failure = null;
    await near.tell(51, 59);
    book.hasAny = false;
    for (const next of [52, 53, 54]) await near.tell(next, 59);
    expect(book.told.map(({ next }) => next)).toEqual([0, 51, 52]);
  });

  it('are let go by who has come near the head, of whom nobody hears any more then', async () => {
    let passed = performance.now();
    jest.spyOn(performance, 'now').mockImplementation(() => (passed += 60_000));
    await source.tell(50, 59);
    book.hasAny = false;
    for (const next of [51, 52, 53]) await source.tell(next, 59);
    expect(book.told.map(({ next }) => next)).toEqual([0, 50, 51]);
  });
});

describe('an indexer that stands by', () => {
  let reader: RangeReader | null = null;
  afterEach(() => reader?.stop());

  it('reads what it claims, tells what came in time, and nothing while it publishes itself', async () => {
    const chain = new SimulatedChain(40);
    const free = [0, 10, 20];
    const delivered: number[] = [];
    let publishes = true;
    reader = startRangeReader({
      ...{ chainId: 1, logger },
      source: () => (publishes ? null : chain),
      book: {
        claim: async () => {
          const first = free.shift();
          return first === undefined ? null : { first, last: first + RANGE_SIZE - 1 };
        },
        deliver: async ({ first }) => {
          delivered.push(first);
          return first !== 10; // the publisher was there before
        },
      },
    });
    expect(free).toHaveLength(3);
    publishes = false;
    await until(() => delivered.length === 3);
    expect(chain.asked.map(({ from }) => from)).toEqual([0, 10, 20]);
    await until(() => reader?.ranges() === 2);
  });
});
