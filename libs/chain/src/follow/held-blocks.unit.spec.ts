import { describe, expect, it } from '@jest/globals';
import type { ChainBlock } from '../blocks/chain-block.js';
import { HeldBlocks } from './held-blocks.js';
import type { ChainMessage } from './messages.js';
import { SimulatedChain } from './simulated-chain.fixture.js';

const LOG = { address: '0x', topics: [], data: '0x', txHash: '0x', logIndex: 0 };

/** Blocks with so many logs each. */
const blocksWith = (logs: number, count: number): readonly ChainBlock[] =>
  new SimulatedChain(count).blocksNow.map((block) => ({ ...block, logs: new Array(logs).fill(LOG) }));

/** `3` for block 3, `F3` for its being final. */
const told = (messages: readonly ChainMessage[]): string[] =>
  messages.flatMap((message) => {
    if (message.kind === 'block') return [`${message.block.number}`];
    return message.kind === 'finalized' ? [`F${message.final.number}`] : [];
  });

describe('blocks that are held until they are final', () => {
  const at = (blocks: readonly ChainBlock[], number: number): ChainBlock => blocks[number] as ChainBlock;

  it('are told with their being final, those after them later', () => {
    const blocks = blocksWith(1, 9);
    const held = new HeldBlocks();
    expect(told(held.add(blocks.slice(0, 3), null))).toEqual([]);
    expect(told(held.add(blocks.slice(3, 6), at(blocks, 1)))).toEqual(['0', '1', 'F1']);
    expect(told(held.add(blocks.slice(6, 8), at(blocks, 4)))).toEqual(['2', '3', '4', 'F4']);
    expect(told(held.end(blocks.slice(8), at(blocks, 5)))).toEqual(['5', '6', '7', '8', 'F5']);
    expect(held.end()).toEqual([]);
  });

  it('are final within a few hundred logs of being told', () => {
    const blocks = blocksWith(100, 8);
    const messages = new HeldBlocks().add(blocks, at(blocks, 6));
    expect(told(messages)).toEqual(['0', '1', '2', 'F2', '3', '4', '5', 'F5', '6', 'F6']);
    expect(messages[3]).toMatchObject({ kind: 'finalized', tip: 2 });
  });

  it('are told before they are final where they are too many, or have too many logs', () => {
    const [many, large] = [blocksWith(0, 513), blocksWith(26_000, 2)];
    const held = new HeldBlocks();
    expect(held.add(many.slice(0, 512), null)).toEqual([]);
    expect(held.add(many.slice(512), null)).toHaveLength(513);
    expect(held.add(large.slice(0, 1), null)).toEqual([]);
    expect(held.add(large.slice(1), null)).toHaveLength(2);
    expect(held.end()).toEqual([]);
  });
});
