import { MemoryEventStore } from '@abland/event-store';
import { chainStream } from '@abland/domain';
import { describe, expect, it } from '@jest/globals';
import { newEvent } from '../testing/told-events.js';
import { KnownAhead } from './known-ahead.js';

const chainId = 1;
const ids = Array.from(
  { length: 20 },
  (_, index) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
);

/** What follows ten events of blocks: each is told at the next position. */
async function known(...facts: readonly (readonly ['revert' | 'final', number])[]): Promise<KnownAhead> {
  const store = new MemoryEventStore();
  const hash = '0x1';
  const others = Array.from({ length: 10 }, () => ['other', 0] as const);
  const events = [...others, ...facts].map(([kind, number], index) => {
    const id = ids[index] ?? '';
    if (kind === 'other') return newEvent(id, 'BlocksFinalized', { number: 0, hash });
    if (kind === 'final') return newEvent(id, 'BlocksFinalized', { number, hash });
    return newEvent(id, 'BlocksReverted', {
      ...{ fromNumber: number, toNumber: 99, hashes: [], ancestor: { number: number - 1, hash } },
    });
  });
  const { position } = await store.append(chainStream(chainId), events, 'any');
  return KnownAhead.read(store, null, position);
}

describe('what the log says of blocks ahead', () => {
  it('leaves out all that is taken back together, where the first of it is old', async () => {
    const ahead = await known(['revert', 5]);
    expect(ahead.isLeftOut({ chainId, number: 4 }, 1n, true)).toBe(false);
    expect(ahead.isLeftOut({ chainId, number: 5 }, 2n, true)).toBe(true);
    expect(ahead.isLeftOut({ chainId, number: 6 }, 3n, false)).toBe(true);
    expect(ahead.leftOutBefore(chainId, 11n)).toBe(true);
  });

  it('keeps what is taken back lately, and what is built on it', async () => {
    const ahead = await known(['revert', 6], ['revert', 5]);
    expect(ahead.leftOutBefore(chainId, 11n)).toBeNull();
    expect(ahead.isLeftOut({ chainId, number: 5 }, 2n, false)).toBe(false);
    expect(ahead.isLeftOut({ chainId, number: 6 }, 3n, true)).toBe(false);
    expect([11n, 12n].map((position) => ahead.leftOutBefore(chainId, position))).toEqual([false, false]);
  });

  it('leaves out what is built on what was left out, however late it is', async () => {
    const ahead = await known(['revert', 6], ['revert', 5]);
    expect(ahead.isLeftOut({ chainId, number: 5 }, 2n, true)).toBe(true);
    expect(ahead.isLeftOut({ chainId, number: 6 }, 3n, false)).toBe(true);
  });

  it('takes for final only what no later reorg takes back', async () => {
    const ahead = await known(['revert', 5], ['final', 9]);
    expect(ahead.isFinal({ chainId, number: 5 }, 2n)).toBe(false);
    expect(ahead.isFinal({ chainId, number: 5 }, 11n)).toBe(true);
    expect(ahead.isFinal({ chainId, number: 4 }, 2n)).toBe(true);
    expect(ahead.isFinal({ chainId, number: 10 }, 12n)).toBe(false);
  });
});
