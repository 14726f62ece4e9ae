import { describe, expect, it } from '@jest/globals';
import { LogStreamUnavailableError, MemoryLogStream } from '@abland/log-stream';
import { publishedBlockReader } from './published-block.js';

const chain = { chainId: 7, finalityDepth: 5 };
const reference = (number: number) => ({ number, hash: `0x${'a'.repeat(64)}`, time: 7 });
const blockMessage = (number: number) => ({
  kind: 'block',
  block: {
    ...{ ...reference(number), parentHash: `0x${'b'.repeat(64)}`, proof: 'NONE', providers: 1 },
    ...{ logs: [], failures: [], commands: {}, followed: [] },
  },
});

async function newestAfter(...messages: object[]): Promise<number | null> {
  const logStream = new MemoryLogStream();
  if (messages.length > 0) await logStream.publish('chain-7', messages as never);
  return publishedBlockReader(logStream, [chain, { ...chain, chainId: 8 }])(7);
}

describe('the newest published block', () => {
  it('is of the chain that is asked about', async () => {
    const logStream = new MemoryLogStream();
    const publish = (topic: string, number: number) =>
      logStream.publish(topic, [blockMessage(number)] as never);
    await publish('chain-7', 12);
    await publish('chain-8', 3);
    const newest = publishedBlockReader(logStream, [chain, { ...chain, chainId: 8 }]);
    expect([await newest(7), await newest(8), await newest(9)]).toEqual([12, 3, null]);
  });

  it('is the last one that was told while the log stream is out of reach, or says nothing', async () => {
    const logStream = new MemoryLogStream();
    await logStream.publish('chain-7', [blockMessage(12)] as never);
    const newest = publishedBlockReader(logStream, [chain, { ...chain, chainId: 8 }]);
    expect(await newest(7)).toBe(12);
    const freshMs = 150;
    for (const last of [
      () => Promise.reject(new LogStreamUnavailableError('away')),
      () => new Promise<never>(() => undefined),
    ]) {
      logStream.last = last;
      await new Promise((resolve) => setTimeout(resolve, freshMs));
      expect([await newest(7), await newest(8)]).toEqual([12, null]);
    }
  });

  it.each([
    ['of a kind that is not known here', { kind: 'epoch', number: 99 }],
    ['whose block has no number', { kind: 'block', block: { ...blockMessage(99).block, number: '99' } }],
    ['that is no object', 99],
  ])('stays the one before a message %s', async (_, message) => {
    const logStream = new MemoryLogStream();
    await logStream.publish('chain-7', [blockMessage(12)] as never);
    const newest = publishedBlockReader(logStream, [chain]);
    expect(await newest(7)).toBe(12);
    await logStream.publish('chain-7', [message] as never);
    await new Promise((resolve) => setTimeout(resolve, 150)); // an answer is good for a moment
    expect(await newest(7)).toBe(12);
  });

  it('is none before the first', async () => {
    expect(await newestAfter()).toBeNull();
  });

  it('is that of the last message, whatever it tells', async () => {
    const block = blockMessage(12);
    expect(await newestAfter(block)).toBe(12);
    expect(await newestAfter(block, { kind: 'finalized', final: reference(7) })).toBe(12);
    expect(await newestAfter(block, { kind: 'finalized', final: reference(3), tip: 12 })).toBe(12);
    const reverted = { kind: 'reverted', fromNumber: 11, toNumber: 12, hashes: [], ancestor: reference(10) };
    expect(await newestAfter(block, reverted)).toBe(10);
  });
});
