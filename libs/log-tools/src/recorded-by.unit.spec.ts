import { type EventStore, type RecordedEvent, UnknownPositionError } from '@abland/kernel';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { newestInStream, positionRecordedBy, recordedAtPosition, type SearchedLog } from './recorded-by.js';

const START = Date.parse('2026-01-01T00:00:00Z');
const STREAM = 'chain-1';

interface Place {
  readonly position: bigint;
  readonly moment: number;
  /** Whether it is of the stream that is searched along. */
  readonly along: boolean;
}

/** A log of whose events place and time of recording alone matter. It reads from events on, and from nowhere else. */
class CountingLog {
  /** Events that were read. */
  read = 0;
  private readonly events: readonly RecordedEvent[];

  constructor(places: readonly Place[]) {
    const revisions = { [STREAM]: 0n, other: 0n };
    this.events = places.map(({ along, moment, position }) => {
      const stream = along ? STREAM : 'other';
      const revision = revisions[stream]++;
      return {
        stream,
        revision,
        position,
        recordedAt: new Date(START + moment).toISOString(),
      } as RecordedEvent;
    });
  }

  async *readAll({
    after,
    direction,
    maxCount = Infinity,
    pageSize = 1,
  }: Parameters<EventStore['readAll']>[0] = {}) {
    if (direction === 'backward') {
      const back = this.events.toReversed().slice(0, maxCount);
      for (let from = 0; from < back.length; from += pageSize)
        yield this.counted(back.slice(from, from + pageSize));
      return;
    }
    if (after !== undefined && !this.events.some(({ position }) => position === after))
      throw new UnknownPositionError('No event is there');
    const there = this.events.filter(({ position }) => after === undefined || position > after);
    for (let from = 0; from < there.length; from += pageSize)
      yield this.counted(there.slice(from, from + pageSize));
  }

  async *readStream(
    stream: string,
    { direction, from, maxCount = Infinity }: Parameters<EventStore['readStream']>[1] = {},
  ) {
    const there = this.events.filter((event) => event.stream === stream && event.revision >= (from ?? 0n));
    yield this.counted((direction === 'backward' ? there.reverse() : there).slice(0, maxCount));
  }

  private counted(events: readonly RecordedEvent[]): readonly RecordedEvent[] {
    this.read += events.length;
    return events;
  }
}

const steps = fc.array(fc.tuple(fc.bigInt({ min: 1n, max: 900n }), fc.nat(5), fc.boolean()), {
  maxLength: 40,
});
function placesOf(told: readonly (readonly [bigint, number, boolean])[]): readonly Place[] {
  let [position, moment] = [0n, 0];
  return told.map(([distance, later, along]) => {
    position += distance;
    moment += later;
    return { position, moment, along };
  });
}

/** What is to be found: nothing before the first event of the stream that is searched along, where one is. */
function newestOf(
  places: readonly Place[],
  along: string | null,
  holds: (place: Place) => boolean,
): Place | null {
  const by = places.filter(holds);
  return along === null || by.some((place) => place.along) ? (by.at(-1) ?? null) : null;
}

describe('the place of a moment in the log', () => {
  it.each([STREAM, null])(
    'is the newest event that was recorded by then, searched along %s',
    async (along) => {
      await fc.assert(
        fc.asyncProperty(steps, fc.integer({ min: -2, max: 60 }), async (told, moment) => {
          const places = placesOf(told);
          const found = newestOf(places, along, (place) => place.moment <= moment);
          expect(await positionRecordedBy({ log: new CountingLog(places), along }, START + moment)).toBe(
            found?.position ?? null,
          );
        }),
      );
    },
  );

  it.each([STREAM, null])(
    'is that of the newest event up to a position, searched along %s',
    async (along) => {
      await fc.assert(
        fc.asyncProperty(steps, fc.bigInt({ min: 0n, max: 9_000n }), async (told, position) => {
          const places = placesOf(told);
          const found = newestOf(places, along, (place) => place.position <= position);
          expect(await recordedAtPosition({ log: new CountingLog(places), along }, position)).toBe(
            found === null ? null : START + found.moment,
          );
        }),
      );
    },
  );

  it('is found by a few reads in a long log', async () => {
    const places = placesOf(Array.from({ length: 5_000 }, (_, index) => [7n, 1, index % 10 === 0] as const));
    const log = new CountingLog(places);
    expect(await positionRecordedBy({ log, along: STREAM }, START + 1_234)).toBe(7n * 1_234n);
    expect(await recordedAtPosition({ log, along: STREAM }, 7n * 4_321n + 3n)).toBe(START + 4_321);
    expect((await newestInStream(log, STREAM, ({ position }) => position <= 100n))?.revision).toBe(1n);
    expect(log.read).toBeLessThan(500);
  });

  it('is found at the end of a log in which others appended for long since', async () => {
    const log = new CountingLog(
      placesOf(Array.from({ length: 5_000 }, (_, at) => [1n, 1, at === 0] as const)),
    );
    expect(await positionRecordedBy({ log, along: STREAM }, START + 10_000)).toBe(5_000n);
    expect(await recordedAtPosition({ log, along: STREAM }, 6_000n)).toBe(START + 5_000);
    expect(log.read).toBeLessThan(10);
  });

  it('is found near the end of a log in which others appended for long since', async () => {
    const log = new CountingLog(
      placesOf(Array.from({ length: 50_000 }, (_, at) => [1n, 1, at === 0] as const)),
    );
    expect(await positionRecordedBy({ log, along: STREAM }, START + 49_700)).toBe(49_700n);
    expect(await recordedAtPosition({ log, along: STREAM }, 49_800n)).toBe(START + 49_800);
    expect(await positionRecordedBy({ log, along: STREAM }, START + 300)).toBe(300n);
    expect(log.read).toBeLessThan(3_000);
  });

  it('is searched no further once nobody waits for it', async () => {
    const log = new CountingLog(placesOf(Array.from({ length: 5_000 }, () => [1n, 1, false] as const)));
    const searched: SearchedLog = { log, along: null, signal: AbortSignal.abort() };
    await expect(positionRecordedBy(searched, START + 4_000)).rejects.toThrow('aborted');
    expect(log.read).toBeLessThan(1_000);
  });
});
