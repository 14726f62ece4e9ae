import type { ReconciledKind, OurValues } from '@abland/domain';
import { describe, expect, it } from '@jest/globals';
import { newTrack, takeFrom, type Track } from './rotation.js';

const BEGAN = '2026-01-01T12:00:00.000Z';
const ENDED = '2026-01-01T12:10:00.000Z';

/** So many rows of each kind, by key. */
const stateOf = (counts: Partial<Record<ReconciledKind, number>>) => ({
  next: (kind: ReconciledKind, after: readonly string[] | null, limit: number): Promise<OurValues[]> => {
    const keys = Array.from({ length: counts[kind] ?? 0 }, (_, index) => `${kind}-${index}`);
    const from = after === null ? 0 : keys.indexOf(after[0] ?? '') + 1;
    const of = { kind, contract: '0x', poolId: null, account: null };
    return Promise.resolve(keys.slice(from, from + limit).map((key) => ({ of, key: [key], values: {} })));
  },
});

async function roundOf(counts: Partial<Record<ReconciledKind, number>>, limit: number) {
  const seen: (string | undefined)[] = [];
  let track: Track = newTrack('MARKET', BEGAN);
  for (let batches = 1; ; batches += 1) {
    const next = await takeFrom(stateOf(counts), 'MARKET', track, limit, ENDED);
    expect(next.taken.length).toBeLessThanOrEqual(limit);
    seen.push(...next.taken.map(({ key }) => key[0]));
    track = next.track;
    if (track.lastRoundEnded !== null) return { seen, track, batches };
  }
}

describe('a round', () => {
  it.each([1, 2, 3, 5, 100])('comes to everything once, %i at a time', async (limit) => {
    const { seen, track } = await roundOf({ SETTINGS: 2, POOL: 5, SUPPLY: 3 }, limit);
    expect(seen).toHaveLength(10);
    expect(new Set(seen).size).toBe(10);
    expect(track).toMatchObject({ kind: 'SETTINGS', after: null, compared: 0, roundBegan: ENDED });
    expect(track).toMatchObject({ lastRoundSeconds: 600, lastRoundEnded: ENDED });
  });

  it('is over at once where there is nothing, and where a whole kind is missing goes on with the next', async () => {
    expect(await roundOf({}, 4)).toMatchObject({ seen: [], batches: 1 });
    expect((await roundOf({ SUPPLY: 2 }, 4)).seen).toEqual(['SUPPLY-0', 'SUPPLY-1']);
  });

  it('counts what it has compared, and goes on after a restart where it was', async () => {
    const state = stateOf({ SETTINGS: 2, POOL: 5 });
    const first = await takeFrom(state, 'MARKET', newTrack('MARKET', BEGAN), 3, ENDED);
    expect(first.track).toMatchObject({ kind: 'POOL', after: ['POOL-0'], compared: 3, roundBegan: BEGAN });
    const kept = JSON.parse(JSON.stringify(first.track)) as Track;
    const second = await takeFrom(state, 'MARKET', kept, 2, ENDED);
    expect(second.taken.map(({ key }) => key[0])).toEqual(['POOL-1', 'POOL-2']);
  });
});
