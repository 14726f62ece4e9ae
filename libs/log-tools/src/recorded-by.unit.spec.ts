import { MemoryEventStore } from '@abland/event-store';
import type { EventStore, RecordedEvent } from '@abland/kernel';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { positionRecordedBy, recordedAtPosition } from './recorded-by.js';

const START = Date.parse('2026-01-01T00:00:00Z');

/** A log of whose events position and time of recording alone matter. */
function logOf(places: readonly { readonly position: bigint; readonly moment: number }[]): EventStore {
  const events = places.map(
    ({ moment, position }) =>
      ({ position, recordedAt: new Date(START + moment).toISOString() }) as RecordedEvent,
  );
  const store = new MemoryEventStore();
  store.readAll = async function* ({ after, direction = 'forward', maxCount = Infinity } = {}) {
    const there =
      direction === 'forward'
        ? events.filter(({ position }) => after === undefined || position > after)
        : events.filter(({ position }) => after === undefined || position < after).reverse();
    yield there.slice(0, maxCount);
  };
  return store;
}

describe('the place of a moment in the log', () => {
  it('is the newest event that was recorded by then, however the positions lie', async () => {
    const steps = fc.array(fc.tuple(fc.bigInt({ min: 1n, max: 900n }), fc.nat(5)), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(steps, fc.integer({ min: -2, max: 60 }), async (told, moment) => {
        let [position, at] = [0n, 0];
        const places = told.map(([distance, later]) => {
          position += distance;
          at += later;
          return { position, moment: at };
        });
        const by = places.filter((place) => place.moment <= moment);
        expect(await positionRecordedBy(logOf(places), START + moment)).toBe(by.at(-1)?.position ?? null);
      }),
    );
  });

  it('tells when the newest event up to a position was recorded', async () => {
    const log = logOf([
      { position: 3n, moment: 5 },
      { position: 9n, moment: 7 },
    ]);
    expect(
      await Promise.all([2n, 3n, 8n, 9n, 99n].map((position) => recordedAtPosition(log, position))),
    ).toEqual([null, START + 5, START + 5, START + 7, START + 7]);
  });
});
