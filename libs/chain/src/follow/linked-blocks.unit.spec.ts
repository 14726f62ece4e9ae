import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { BlockReference } from '../blocks/chain-block.js';
import { catchUp } from './follow-chain.js';
import { advanceWindow, EMPTY_WINDOW } from './chain-window.js';
import { LinkedBlocks } from './linked-blocks.js';
import { SimulatedChain } from './simulated-chain.fixture.js';

const block = (number: number, branch = ''): BlockReference => ({
  ...{ number, hash: `${number}${branch}`, time: number },
});
const hashes = (blocks: Iterable<BlockReference>): string => [...blocks].map(({ hash }) => hash).join(' ');
const three = (): LinkedBlocks => LinkedBlocks.of([block(7), block(8), block(9)]);

describe('linked blocks', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('are found by their number and hash, and by no other', () => {
    const blocks = three();
    expect([blocks.oldest, blocks.newest, blocks.length]).toEqual([block(7), block(9), 3]);
    expect([6, 7, 9, 10].map((number) => blocks.withNumber(number)?.hash ?? null)).toEqual([
      ...[null, '7', '9', null],
    ]);
    expect(['7', '9', '10'].map((hash) => blocks.has(hash))).toEqual([true, true, false]);
    const longer = blocks.followedBy(block(10));
    expect([blocks.has('10'), longer.has('10')]).toEqual([false, true]);
    expect(blocks.withNumber(10)).toBeNull();
  });

  it('are none to begin with, however many began with none', () => {
    const one = LinkedBlocks.NONE.followedBy(block(1));
    const other = LinkedBlocks.NONE.followedBy(block(5, 'b'));
    expect([hashes(one), hashes(other), hashes(LinkedBlocks.NONE)]).toEqual(['1', '5b', '']);
    expect([LinkedBlocks.NONE.oldest, LinkedBlocks.NONE.newest]).toEqual([null, null]);
  });

  it('stay as they were where others go on from them, alike or differently', () => {
    const start = three();
    const one = start.followedBy(block(10)).followedBy(block(11));
    const like = start.followedBy(block(10));
    const other = start.followedBy(block(10, 'b'));
    const earlier = one.upTo(8).followedBy(block(9, 'c'));
    expect([start, one, like, other, earlier].map(hashes)).toEqual([
      ...['7 8 9', '7 8 9 10 11', '7 8 9 10', '7 8 9 10b', '7 8 9c'],
    ]);
    expect(hashes(one.newestFirst())).toBe('11 10 9 8 7');
  });

  it('are cut at either end, also where that leaves none', () => {
    const blocks = three();
    const cut = [
      blocks.from(8),
      blocks.from(3),
      blocks.upTo(8),
      blocks.upTo(20),
      blocks.from(20),
      blocks.upTo(3),
    ];
    expect(cut.map(hashes)).toEqual(['8 9', '7 8 9', '7 8', '7 8 9', '', '']);
    expect(hashes(blocks.from(9).upTo(9).followedBy(block(10)))).toBe('9 10');
  });

  it('cost the same, one by one, however many a chain keeps that are not final', async () => {
    const [blocks, finalityDepth] = [6_000, 2_500];
    const chain = new SimulatedChain(blocks);
    const of = jest.spyOn(LinkedBlocks, 'of');
    let window = EMPTY_WINDOW;
    const options = { startBlock: 0, finalityDepth, rangeSize: 5, parallelRanges: 3 };
    for await (const messages of catchUp(chain, EMPTY_WINDOW, options))
      window = messages.reduce(advanceWindow, window);
    expect(window.blocks.length).toBe(finalityDepth + 1);
    expect(window.blocks.newest?.number).toBe(blocks - 1);
    const copied = of.mock.calls.reduce((sum, [all]) => sum + all.length, 0);
    expect(copied).toBeLessThan(2 * blocks);
  });
});
