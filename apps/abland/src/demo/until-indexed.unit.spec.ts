import { describe, expect, it } from '@jest/globals';
import { untilIndexed } from './until-indexed.js';

const LONG_MS = 600_000;

describe('a block that the demo waits for', () => {
  it('is there once the read models have it, or one after it', async () => {
    const seen = [null, 3, 5, 8];
    await untilIndexed(7, () => Promise.resolve(seen.shift() ?? null), { standsMsMax: LONG_MS });
    expect(seen).toEqual([]);
  });

  it.each([
    [4, 'block 4'],
    [null, 'no block'],
  ])('is waited for no longer where indexing stands at %s', async (indexed, at) => {
    await expect(untilIndexed(7, () => Promise.resolve(indexed), { standsMsMax: 0 })).rejects.toMatchObject({
      code: 'COMMAND_LATE',
      message: expect.stringContaining(`Indexing stands at ${at} `),
      details: { block: 7, indexed },
    });
  });

  it('is told of while it is waited for, with how far indexing is', async () => {
    const seen = [null, 3, 7];
    const told: string[] = [];
    const onWait = (line: string): void => void told.push(line);
    const waiting = { onWait, standsMsMax: LONG_MS, tellEveryMs: 0 };
    await untilIndexed(7, () => Promise.resolve(seen.shift() ?? null), waiting);
    expect(told).toEqual([
      'waiting for block 7 to be indexed: none is',
      'waiting for block 7 to be indexed: 3 is',
    ]);
  });
});
