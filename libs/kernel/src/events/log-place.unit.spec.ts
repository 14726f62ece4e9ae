import { describe, expect, it } from '@jest/globals';
import { MemoryEventStore } from '@abland/event-store';
import type { NewEvent } from './event.js';
import { lastPlace, requireSameLog, resumeFrom } from './log-place.js';

const event = (n: number): NewEvent => ({
  id: `00000000-0000-5000-8000-${String(n).padStart(12, '0')}`,
  type: 'UserSignedIn',
  version: 1,
  data: { address: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8', at: '2026-01-01T00:00:00.000Z' },
  metadata: { correlationId: 'c', causationId: null, actor: 'test' },
});

describe('a place in the log', () => {
  it('is that of the newest event, where there is one', async () => {
    const store = new MemoryEventStore();
    expect(await lastPlace(store)).toBeNull();
    for (let n = 1; n <= 3; n += 1) await store.append('user-a', [event(n)], 'any');
    expect(await lastPlace(store)).toMatchObject({ position: 3n, event: { id: event(3).id } });
  });

  it('is found in the log that it was taken from, and missed in every other', async () => {
    const store = new MemoryEventStore();
    for (let n = 1; n <= 2; n += 1) await store.append('user-a', [event(n)], 'any');
    const place = await lastPlace(store);
    if (place === null) throw new Error('the log is not empty');
    await expect(requireSameLog(store, 'it', place)).resolves.toBeUndefined();

    const longer = new MemoryEventStore();
    for (let n = 3; n <= 9; n += 1) await longer.append('user-a', [event(n)], 'any');
    await expect(requireSameLog(longer, 'it', place)).rejects.toMatchObject({ code: 'LOG_MISMATCH' });
    await expect(requireSameLog(new MemoryEventStore(), 'it', place)).rejects.toMatchObject({
      code: 'LOG_MISMATCH',
    });
    const moved = new MemoryEventStore();
    await moved.append('user-b', [event(9)], 'any');
    for (let n = 1; n <= 2; n += 1) await moved.append('user-a', [event(n)], 'any');
    await expect(requireSameLog(moved, 'it', place)).rejects.toMatchObject({ code: 'LOG_MISMATCH' });
  });

  it('is gone on from no further than it is known by', () => {
    const known = { position: 5n, event: { id: event(1).id, stream: 'user-a', revision: '0' } };
    expect([4n, 5n, 6n].map((handled) => resumeFrom(handled, known))).toEqual([4n, 5n, 5n]);
  });
});
