import {
  type EventStore,
  type ExpectedRevision,
  type NewEvent,
  type RecordedEvent,
  silentLogger,
} from '@abland/kernel';
import { createTestDatabase, eventually, type TestDatabase, until } from '@abland/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { KnownLog } from '../../reading/known-log.js';
import { collect, idsOf, sampleEvent, sampleEvents } from '../../laws/sample-events.js';
import { appendAhead } from './append-ahead.js';
import type { Turn } from './append-order.js';
import { AppendPlan } from './append-plan.js';
import { openPostgresEventStore } from '../postgres-event-store.js';

const FOLLOWS: Turn = {
  head: null,
  follows: Promise.resolve(true),
  previousEnded: Promise.resolve(),
  fail: () => undefined,
  end: () => undefined,
};

function planOf(stream: string, events: readonly NewEvent[], expected: ExpectedRevision): AppendPlan {
  const plan = AppendPlan.of([{ stream, events, expected }]);
  if (plan === null) throw new Error('These appends have no plan');
  return plan;
}

describe('an append written ahead of the lock', () => {
  let database: TestDatabase;
  let admin: pg.Client;
  let client: pg.Client;
  const opened: EventStore[] = [];
  const open = async (largeGroup?: number): Promise<EventStore> => {
    const store = await openPostgresEventStore({
      connectionString: database.url,
      logger: silentLogger,
      largeGroup,
    });
    opened.push(store);
    return store;
  };
  const read = async (): Promise<RecordedEvent[]> => collect((await open()).readAll());

  beforeEach(async () => {
    database = await createTestDatabase();
    admin = new pg.Client({ connectionString: database.url });
    client = new pg.Client({ connectionString: database.url, pipeline: true });
    await Promise.all([admin.connect(), client.connect()]);
  });
  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close();
    await Promise.all([admin.end(), client.end()]);
    await database.drop();
  });

  it('is stored where it was written, with all that texts and numbers can be', async () => {
    await (await open()).append('before', sampleEvents(2), 'any');
    const events = [
      sampleEvent({ text: 'żółw 🐢 \u0000 \ud800 \\N \t\n"', big: 'x'.repeat(300_000) }),
      { ...sampleEvent({ deep: [{ n: 1e300 }, null, true] }), version: 2 ** 31 - 1 },
      ...sampleEvents(500),
    ];
    const results = await appendAhead(client, planOf('s', events, 'no_stream'), 2n, FOLLOWS, new KnownLog());
    expect(results).toEqual([{ revision: 501n, position: 504n, duplicate: false }]);
    const stored = (await read()).slice(2);
    expect(
      stored.map(({ id, type, version, data, metadata }) => ({ id, type, version, data, metadata })),
    ).toEqual(JSON.parse(JSON.stringify(events)));
    expect(stored.map(({ position, revision }) => position - revision)).toEqual(stored.map(() => 3n));
    expect(new Set(stored.map(({ recordedAt }) => recordedAt)).size).toBe(1);
  });

  describe('is not stored, and leaves its connection free, where', () => {
    /** A log of two parts: `in-first` and `older` with five events each in the first, `in-second` with five in the second. */
    beforeEach(async () => {
      const store = await open();
      await admin.query(`UPDATE event_store.log SET partition_size = 20, partitioned_to = 10;
        ALTER TABLE event_store.events DETACH PARTITION event_store.events_from_0000000000000000001;
        ALTER TABLE event_store.events ATTACH PARTITION event_store.events_from_0000000000000000001 FOR VALUES FROM (1) TO (11)`);
      await store.append('in-first', sampleEvents(5), 'no_stream');
      await store.append('older', sampleEvents(5), 'no_stream');
      await store.append('in-second', sampleEvents(5), 'no_stream');
    });

    const refuse = async (plan: AppendPlan, head = 15n, turn = FOLLOWS): Promise<void> => {
      const before = await read();
      expect(await appendAhead(client, plan, head, turn, new KnownLog())).toBeNull();
      expect(await read()).toEqual(before);
      expect(client.getTransactionStatus()).toBe('I');
    };

    it('(but it is stored where nothing is in the way)', async () => {
      for (const [stream, expected] of [
        ['new', 'no_stream'],
        ['in-first', 4n],
        ['in-second', 4n],
      ] as const) {
        const head = BigInt((await read()).length);
        expect(
          await appendAhead(client, planOf(stream, sampleEvents(1), expected), head, FOLLOWS, new KnownLog()),
        ).not.toBeNull();
      }
    });

    it.each([
      ['the position is taken', 'new', 'no_stream', 14n],
      ['the log ends earlier', 'new', 'no_stream', 16n],
      ['the stream is there, in this part', 'in-second', 'no_stream', 15n],
      ['the stream is there, in an earlier part', 'in-first', 'no_stream', 15n],
      ['the stream is further, in this part', 'in-second', 3n, 15n],
      ['the stream is further, in an earlier part', 'in-first', 3n, 15n],
      ['the stream is not so far', 'in-first', 5n, 15n],
      ['the stream is not there', 'new', 0n, 15n],
    ] as const)('%s', async (_name, stream, expected, head) => {
      await refuse(planOf(stream, sampleEvents(1), expected), head);
    });

    it('an id is stored', async () => {
      const [stored] = await read();
      if (stored === undefined) throw new Error('The log is empty');
      await refuse(planOf('in-first', [sampleEvent(), { ...sampleEvent(), id: stored.id }], 4n));
    });

    it('the recorded time would go back', async () => {
      await admin.query(
        "UPDATE event_store.events SET recorded_at = now() + interval '1 hour' WHERE position = 15",
      );
      await refuse(planOf('new', sampleEvents(1), 'no_stream'));
    });

    it('a part must be made for it, or for what comes after it', async () => {
      await refuse(planOf('new', sampleEvents(6), 'no_stream'));
      await refuse(planOf('new', sampleEvents(16), 'no_stream'));
    });

    it('somebody has the lock, at once', async () => {
      await admin.query('BEGIN; SELECT * FROM event_store.log FOR UPDATE');
      await refuse(planOf('new', sampleEvents(1), 'no_stream'));
      await admin.query('COMMIT');
    });

    it('what should be before it is not', async () => {
      const turn = { ...FOLLOWS, follows: Promise.resolve(false) };
      await refuse(planOf('new', sampleEvents(1), 'no_stream'), 15n, turn);
    });

    it('its stream begins in a part that was detached', async () => {
      const { rows } = await admin.query<{ part: string }>(
        'SELECT event_store.detach_oldest_partition() AS part',
      );
      expect(rows).toHaveLength(1);
      const append = (stream: string, expected: ExpectedRevision, head: bigint): Promise<unknown> =>
        appendAhead(client, planOf(stream, sampleEvents(1), expected), head, FOLLOWS, new KnownLog());
      expect(await append('in-first', 'no_stream', 15n)).toBeNull();
      expect(await append('in-first', 3n, 15n)).toBeNull();
      expect(await append('in-first', 4n, 15n)).not.toBeNull();
      expect(await append('older', 4n, 16n)).not.toBeNull();
      expect(await append('older', 4n, 17n)).toBeNull();
    });
  });

  it('is what a store does with large groups, side by side, and answers each caller with its own place', async () => {
    await admin.query(
      `ALTER DATABASE "${new URL(database.url).pathname.slice(1)}" SET track_functions = 'all'`,
    );
    const store = await open();
    const results = await Promise.all(
      Array.from({ length: 16 }, async (_, caller) => {
        const appended = [];
        for (let round = 0; round < 6; round += 1) {
          const events = sampleEvents(100);
          const stream = `caller-${caller}-${round % 3}`;
          const expected = round < 3 ? ('no_stream' as const) : 99n;
          appended.push({ stream, ids: idsOf(events), result: await store.append(stream, events, expected) });
        }
        return appended;
      }),
    );
    const log = await collect(store.readAll());
    expect(log.map(({ position }) => position)).toEqual(log.map((_, index) => BigInt(index + 1)));
    for (const { stream, ids, result } of results.flat()) {
      const end = Number(result.position);
      const own = log.slice(end - 100, end);
      expect(idsOf(own)).toEqual(ids);
      expect(own.at(-1)).toMatchObject({ stream, revision: result.revision });
      expect(result.duplicate).toBe(false);
    }
    const times = log.map(({ recordedAt }) => recordedAt);
    expect(times).toEqual([...times].sort());
    await store.close();
    // A session's counts are there a while after it has ended.
    await eventually(async () => {
      const { rows } = await admin.query<{ calls: string }>(
        "SELECT calls FROM pg_stat_user_functions WHERE funcname = 'end_append'",
      );
      expect(Number(rows[0]?.calls)).toBeGreaterThan(0);
    });
  });

  it('gives way to another process, and to one that holds the lock', async () => {
    const [ours, theirs] = [await open(1), await open(1)];
    const wanted: string[][] = [];
    const append = async (store: EventStore, stream: string): Promise<void> => {
      const events = sampleEvents(30);
      wanted.push(idsOf(events));
      await store.append(stream, events, 'no_stream');
    };
    for (let round = 0; round < 20; round += 1) {
      await append(round % 3 === 0 ? theirs : ours, `turns-${round}`);
    }
    await admin.query('BEGIN; SELECT * FROM event_store.log FOR UPDATE');
    const waiting = Array.from({ length: 10 }, (_, index) => append(ours, `waiting-${index}`));
    waiting.push(append(theirs, 'waiting-too'));
    await new Promise((resolve) => setTimeout(resolve, 300));
    await admin.query('COMMIT');
    await Promise.all(waiting);
    const log = await read();
    expect(log.map(({ position }) => position)).toEqual(log.map((_, index) => BigInt(index + 1)));
    expect(idsOf(log).sort()).toEqual(wanted.flat().sort());
    for (const ids of wanted) {
      const start = log.findIndex(({ id }) => id === ids[0]);
      expect(idsOf(log.slice(start, start + ids.length))).toEqual(ids);
    }
  });

  it('holds others up only until its session is cut, where its process stops in the middle of it', async () => {
    const other = await open();
    const stopping = new pg.Client({
      connectionString: database.url,
      pipeline: true,
      options: '-c idle_in_transaction_session_timeout=1s',
    });
    let isCut = false;
    stopping.on('error', () => (isCut = true)); // which is what is awaited
    await stopping.connect();
    const { promise: follows, resolve: goOn } = Promise.withResolvers<boolean>();
    const stopped = appendAhead(
      stopping,
      planOf('stopped', sampleEvents(200), 'no_stream'),
      0n,
      {
        ...FOLLOWS,
        follows,
      },
      new KnownLog(),
    );
    const written = async (): Promise<boolean> => {
      const { rows } = await admin.query(
        "SELECT 1 FROM pg_stat_activity WHERE state = 'idle in transaction' AND datname = current_database()",
      );
      return rows.length > 0;
    };
    await until(async () => (await written()) || isCut);
    const events = sampleEvents(3);
    await other.append('other', events, 'no_stream');
    goOn(true);
    await expect(stopped).rejects.toMatchObject({ message: expect.stringMatching(/terminat|not queryable/) });
    expect(idsOf(await read())).toEqual(idsOf(events));
  });
});
