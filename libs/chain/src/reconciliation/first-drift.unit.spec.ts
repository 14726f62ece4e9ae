import { describe, expect, it } from '@jest/globals';
import { type Agreement, firstDrift } from './first-drift.js';

/** A chain where the drift begins with a block, and of which nothing below another block is known. */
async function search(begin: number, { from = 0, found = 1_000_000, known = 0, probesMax = 40 } = {}) {
  const asked: number[] = [];
  const probe = (block: number): Promise<Agreement> => {
    asked.push(block);
    return Promise.resolve(block < known ? 'UNKNOWN' : block < begin ? 'AGREES' : 'DRIFTS');
  };
  return { ...(await firstDrift({ from, found, probesMax, probe })), asked };
}

describe('the first block of a drift', () => {
  it('is found wherever it is, in as many questions as the blocks have digits in base 2', async () => {
    for (const begin of [0, 1, 2, 17, 499_999, 500_000, 999_999, 1_000_000]) {
      const found = await search(begin);
      expect(found).toMatchObject({ block: begin, exact: true });
      expect(found.asked.length).toBeLessThanOrEqual(20);
    }
  });

  it('is the one that it was found with where it is the only one', async () => {
    expect(await search(7, { from: 7, found: 7 })).toEqual({ block: 7, exact: true, asked: [] });
  });

  it('is told as the first that is known where older state is forgotten', async () => {
    expect(await search(100, { known: 900_000 })).toMatchObject({ block: 900_000, exact: false });
    expect(await search(900_000, { known: 900_000 })).toMatchObject({ block: 900_000, exact: false });
    expect(await search(900_001, { known: 900_000 })).toMatchObject({ block: 900_001, exact: true });
    expect(await search(0, { known: Infinity })).toMatchObject({ block: 1_000_000, exact: false });
  });

  it('asks no more often than it may, and says that it may have begun earlier', async () => {
    const found = await search(3, { probesMax: 5 });
    expect(found.asked).toHaveLength(5);
    expect(found.exact).toBe(false);
    expect(found.block).toBe(31_249);
  });
});
