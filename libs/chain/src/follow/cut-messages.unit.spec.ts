import { describe, expect, it } from '@jest/globals';
import { MESSAGE_BYTES_MAX } from '@abland/kernel';
import type { BlockLog, ChainBlock } from '../blocks/chain-block.js';
import { BlockParts, cutMessages } from './cut-messages.js';
import type { BlockMessage, ChainMessage } from './messages.js';
import { SimulatedChain } from './simulated-chain.fixture.js';

const log = (logIndex: number): BlockLog => ({
  ...{
    address: `0x${'ab'.repeat(20)}`,
    data: `0x${'00'.repeat(32)}`,
    txHash: `0x${'cd'.repeat(32)}`,
    logIndex,
  },
  topics: Array.from({ length: 3 }, () => `0x${'11'.repeat(32)}`),
});
const logs = (count: number): BlockLog[] => Array.from({ length: count }, (_, index) => log(index));
const bytesOf = (message: ChainMessage): number => Buffer.byteLength(JSON.stringify(message));

function blockWith(change: Partial<ChainBlock>): BlockMessage {
  const [block] = new SimulatedChain(1).blocksNow;
  if (block === undefined) throw new RangeError('No block');
  return { kind: 'block', block: { ...block, ...change } };
}

function together(messages: readonly ChainMessage[], parts = new BlockParts()): BlockMessage | null {
  for (const message of messages) {
    if (message.kind === 'part') parts.add(message);
    if (message.kind === 'block') return parts.complete(message);
  }
  throw new RangeError('No block');
}

describe('a block with very many logs', () => {
  const { number, hash, time } = blockWith({}).block;
  const earlier = [{ number, hash, time, commands: {}, logs: logs(9_000) }];
  const large = blockWith({ logs: logs(30_000), earlier });

  it('is told in messages that a log stream takes, and is the same when it is put together', () => {
    const cut = cutMessages([large]);
    expect(cut.length).toBeGreaterThan(10);
    for (const message of cut) expect(bytesOf(message)).toBeLessThan(MESSAGE_BYTES_MAX / 2);
    const whole = together(cut);
    expect(whole?.block.logs).toEqual(large.block.logs);
    expect(whole?.block.earlier?.flatMap((one) => one.logs)).toEqual(logs(9_000));
  });

  it('is one message where it is not so large', () => {
    const small = blockWith({ logs: logs(10) });
    expect(cutMessages([small])).toEqual([small]);
    expect(together([small])).toEqual(small);
  });

  it('is whole though its publisher was interrupted between its parts, and began again', () => {
    const cut = cutMessages([large]);
    expect(together([...cut.slice(0, 5), ...cut])?.block.logs).toHaveLength(30_000);
  });

  it('is not taken for whole where a part is missing, comes twice, or is of another block', () => {
    const cut = cutMessages([large]);
    expect(together(cut.toSpliced(3, 1))).toBeNull();
    expect(together(cut.toSpliced(3, 0, cut[3] as ChainMessage))).toBeNull();
    expect(together(cut.slice(-1))).toBeNull();
    const other = cut.map((message) => (message.kind === 'part' ? { ...message, hash: 'other' } : message));
    expect(together([...other.slice(0, -1), ...cut.slice(-1)])).toBeNull();
  });
});
