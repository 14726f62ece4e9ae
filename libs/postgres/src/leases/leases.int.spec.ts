import { randomUUID } from 'node:crypto';
import { type Logger, silentLogger, systemTiming } from '@abland/kernel';
import { createTestDatabase, eventually, type TestDatabase } from '@abland/testing';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { inTransaction } from '../connections/checked-out-client.js';
import { postgresFailureClassOf } from '../connections/failure-classes.js';
import { expireLeases } from './expire-leases.js';
import { holdLease } from './hold-lease.js';
import { acquireLeases, type Lease, releaseLeases, renewLeases } from './lease-rows.js';
import { migrateLeases } from './migrate.js';
import { type HeldLease, takeLease } from './take-lease.js';

/** Of a lease that is renewed in the background, and by a machine however busy. */
const RENEWED_MS = 60_000;
/** How many times shorter the pauses between renewals are made: no test waits for a third of that. */
const HURRY = 100;
/** Of one that is to stand for the whole test. */
const LONG_MS = 600_000;
/** Of one that is to end at once. */
const BRIEF_MS = 50;
const WITHIN_MS = 120_000;

describe('a lease', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  const held: HeldLease[] = [];
  /** Milliseconds that holders would have waited each time. */
  let pauses: number[];
  /** What holders of renewed leases ask through; that each statement has a limit is a pause as well. */
  let asking: pg.Pool;
  let limitsToCome: number;

  beforeEach(async () => {
    [pauses, limitsToCome] = [[], 0];
    const { pause } = systemTiming;
    jest.spyOn(systemTiming, 'pause').mockImplementation((ms, signal) => {
      if (ms > RENEWED_MS || limitsToCome-- > 0) return pause(ms, signal);
      limitsToCome = 0;
      pauses.push(ms);
      return pause(ms / HURRY, signal);
    });
    const query = (statement: pg.QueryConfig): Promise<unknown> => {
      limitsToCome += 1;
      return pool.query(statement);
    };
    asking = { query } as unknown as pg.Pool;
    database = await createTestDatabase();
    // As behind a pooler that gives each transaction another connection.
    pool = openPool();
    await migrateLeases(pool);
    await pool.query('CREATE TABLE written (by text NOT NULL)');
  });
  afterEach(async () => {
    await Promise.allSettled(held.splice(0).map((one) => one.release()));
    jest.restoreAllMocks();
    await pool.end();
    await database.drop();
  });

  const openPool = (): pg.Pool => {
    const opened = new pg.Pool({ connectionString: database.url, maxUses: 1 });
    opened.on('error', () => undefined);
    return opened;
  };
  const take = async (name = 'part', logger: Logger = silentLogger): Promise<HeldLease | null> => {
    const taken = await takeLease({ pool: asking, name, logger, ttlMs: RENEWED_MS });
    if (taken !== null) held.push(taken);
    return taken;
  };
  const acquire = (name = 'part', db: pg.Pool | pg.ClientBase = pool): Promise<Lease | null> =>
    acquireLeases(db, [name], randomUUID(), LONG_MS).then(([lease]) => lease ?? null);
  const renew = async (lease: Lease, ttlMs: number): Promise<boolean> =>
    (await renewLeases(pool, [lease], ttlMs)).has(lease.name);
  const acquired = async (): Promise<Lease> => {
    const lease = await acquire();
    if (lease === null) throw new Error('another holds the lease');
    return lease;
  };
  /** Whether the database's clock is past the millisecond of an epoch. */
  const passed = async (epoch: bigint): Promise<boolean> => {
    const { rows } = await pool.query<{ ms: string }>(
      'SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::text AS ms',
    );
    return BigInt(rows[0]?.ms ?? 0) > epoch;
  };
  /** The lease's time is over when this returns; renewed no more, as by a holder that stands. */
  const letPass = async (lease: Lease): Promise<void> => {
    expect(await renew(lease, BRIEF_MS)).toBe(true);
    // By the clock that leases go by, whatever ours does.
    const over = 'SELECT FROM leases.leases WHERE name = $1 AND expires_at < clock_timestamp()';
    await eventually(async () => expect((await pool.query(over, [lease.name])).rowCount).toBe(1), WITHIN_MS);
  };
  /** By the database's clock, milliseconds from its being taken to its end as it is now. */
  const span = async (): Promise<number> => {
    const { rows } = await pool.query<{ ms: number }>(
      `SELECT (extract(epoch FROM expires_at - taken_at) * 1000)::float8 AS ms FROM leases.leases WHERE name = 'part'`,
    );
    return rows[0]?.ms ?? 0;
  };
  const untilLost = (lease: HeldLease | null): Promise<void> =>
    eventually(() => expect(lease?.lost.aborted).toBe(true), WITHIN_MS);
  /** One transaction of a leader. */
  const write = (lease: Lease, by: string): Promise<unknown> =>
    inTransaction(pool, async (client) => {
      await holdLease(client, lease);
      await client.query('INSERT INTO written VALUES ($1)', [by]);
    });
  const written = async (): Promise<readonly string[]> =>
    (await pool.query<{ by: string }>('SELECT by FROM written ORDER BY by')).rows.map(({ by }) => by);

  it('is held by one of those who want it at once, and each name is a lease of its own', async () => {
    const taken = await Promise.all(Array.from({ length: 8 }, () => acquire()));
    expect(taken.filter((lease) => lease !== null)).toHaveLength(1);
    expect(await take('other')).not.toBeNull();
  });

  it('stays with who renews it, beyond its time to live', async () => {
    const first = await take();
    await eventually(async () => expect(await span()).toBeGreaterThan(RENEWED_MS), WITHIN_MS);
    const renewed = await span();
    await eventually(async () => expect(await span()).toBeGreaterThan(renewed), WITHIN_MS);
    expect(Math.max(...pauses)).toBeLessThan(RENEWED_MS / 2);
    expect(await take()).toBeNull();
    expect(first?.lost.aborted).toBe(false);
  });

  it('can be taken at once after it was released', async () => {
    const first = await take();
    await first?.release();
    expect((await take())?.lease.epoch).toBeGreaterThan(first?.lease.epoch ?? 0n);
  });

  it('can be taken after its time by another, where its holder is gone without a word', async () => {
    const first = await acquired();
    expect(await acquire()).toBeNull();
    await letPass(first);
    expect((await acquired()).epoch).toBeGreaterThan(first.epoch);
  });

  it.each([
    ['is gone', 'DELETE FROM leases.leases'],
    ['is of an earlier copy of the database', `UPDATE leases.leases SET epoch = 3, expires_at = '-infinity'`],
  ])('has a higher epoch than each before it where its row %s', async (_, change) => {
    const first = await acquired();
    await pool.query(change);
    // By the same millisecond it is as high, and by a clock set back it would be lower but for the row.
    await eventually(async () => expect(await passed(first.epoch)).toBe(true), WITHIN_MS);
    expect((await acquired()).epoch).toBeGreaterThan(first.epoch);
  });

  it('has a higher epoch than the one before where the clock was set back', async () => {
    const first = await acquired();
    const ahead = first.epoch + 10n ** 9n;
    await pool.query(`UPDATE leases.leases SET epoch = $1, expires_at = '-infinity'`, [ahead.toString()]);
    expect((await acquired()).epoch).toBe(ahead + 1n);
  });

  it('can be taken at once from who is gone where the clock was set back since its last renewal', async () => {
    const first = await acquired();
    await pool.query(`UPDATE leases.leases SET expires_at = expires_at + interval '1 hour'`);
    expect((await acquired()).epoch).toBeGreaterThan(first.epoch);
  });

  it('is kept by who renews it after the clock was set back', async () => {
    const first = await acquired();
    await pool.query(`UPDATE leases.leases SET expires_at = expires_at + interval '1 hour'`);
    expect(await renew(first, LONG_MS)).toBe(true);
    expect(await acquire()).toBeNull();
  });

  it('is left to its time by who does not know how long an earlier version took it for', async () => {
    await acquired();
    await pool.query(`UPDATE leases.leases SET expires_at = expires_at + interval '1 hour', ttl_ms = NULL`);
    expect(await acquire()).toBeNull();
  });

  it('is lost to who did not renew it in time, which it learns at its next renewal', async () => {
    const first = await take();
    await inTransaction(pool, async (client) => {
      await client.query(`UPDATE leases.leases SET expires_at = '-infinity'`);
      expect(await acquire('part', client)).not.toBeNull();
    });
    await untilLost(first);
    expect(first?.lost.reason).toMatchObject({ code: 'LEASE_LOST', failureClass: 'LATER' });
  });

  it('is given up by who cannot reach the database for its time to live', async () => {
    const first = await take();
    await pool.query('ALTER TABLE leases.leases RENAME TO away');
    await eventually(() => expect(pauses.length).toBeGreaterThan(4), WITHIN_MS);
    expect(first?.lost.aborted).toBe(false);
    const { now } = systemTiming;
    jest.spyOn(systemTiming, 'now').mockImplementation(() => now() + RENEWED_MS);
    await untilLost(first);
    await pool.query('ALTER TABLE leases.away RENAME TO leases');
  });

  it('is kept by who could not renew it once', async () => {
    let failures = 0;
    const warn = (): void => void (failures += 1);
    const first = await take('part', { ...silentLogger, warn });
    await pool.query('ALTER TABLE leases.leases RENAME TO away');
    await eventually(() => expect(failures).toBeGreaterThan(0), WITHIN_MS);
    await pool.query('ALTER TABLE leases.away RENAME TO leases');
    await eventually(async () => expect(await span()).toBeGreaterThan(RENEWED_MS), WITHIN_MS);
    expect(first?.lost.aborted).toBe(false);
    expect(await acquire()).toBeNull();
  });

  it('can be taken at once where it is known that all are gone, and is lost to who is not', async () => {
    const first = await take();
    const before = await acquire('other');
    await expireLeases(pool);
    const [next, other] = [await acquired(), await acquire('other')];
    expect(next.epoch).toBeGreaterThan(first?.lease.epoch ?? next.epoch);
    expect(other?.epoch).toBeGreaterThan(before?.epoch ?? next.epoch);
    await expect(write(first?.lease ?? next, 'still there')).rejects.toMatchObject({ code: 'LEASE_LOST' });
    await untilLost(first);
  });

  it('lets its holder write, and nobody who held it before', async () => {
    const frozen = await acquired();
    await write(frozen, 'first');
    await letPass(frozen);
    const next = await acquired();
    await write(next, 'second');
    await expect(write(frozen, 'awake again')).rejects.toMatchObject({ code: 'LEASE_LOST' });
    expect(await written()).toEqual(['first', 'second']);
    expect(await renew(frozen, LONG_MS)).toBe(false);
    await releaseLeases(pool, [frozen]);
    await write(next, 'third');
  });

  it('lets nobody write who let its time pass, even before another takes it', async () => {
    const frozen = await acquired();
    await letPass(frozen);
    await expect(write(frozen, 'late')).rejects.toMatchObject({ code: 'LEASE_LOST' });
    expect(await renew(frozen, LONG_MS)).toBe(true);
    await write(frozen, 'renewed');
  });

  it('cannot be taken from a transaction in hand, however late that is, and is renewed beside it', async () => {
    const lease = await acquired();
    await inTransaction(pool, async (client) => {
      await holdLease(client, lease);
      await letPass(lease);
      expect(await acquire()).toBeNull();
      await client.query(`INSERT INTO written VALUES ('slow')`);
    });
    expect(await acquire()).not.toBeNull();
    expect(await written()).toEqual(['slow']);
  });

  it('ends a transaction that stands, so that a leader whose connection died cannot keep it for ever', async () => {
    const lease = await acquired();
    const limit = await inTransaction(pool, async (client) => {
      await holdLease(client, lease);
      const { rows } = await client.query<{ idle_in_transaction_session_timeout: string }>(
        'SHOW idle_in_transaction_session_timeout',
      );
      return rows[0]?.idle_in_transaction_session_timeout;
    });
    expect(limit).toBe('30s');
    const stood = inTransaction(pool, async (client) => {
      await holdLease(client, lease);
      const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      await client.query(`INSERT INTO written VALUES ('never')`);
      await client.query(`SELECT set_config('idle_in_transaction_session_timeout', '50', true)`);
      const backend = { text: 'SELECT FROM pg_stat_activity WHERE pid = $1', values: [rows[0]?.pid] };
      await eventually(async () => expect((await pool.query(backend)).rowCount).toBe(0), WITHIN_MS);
    });
    expect(postgresFailureClassOf(await stood.catch((error: unknown) => error))).toBe('LATER');
    expect(await written()).toEqual([]);
  });

  it('knows no clock but the database’s', async () => {
    const ours = Date.now;
    Date.now = () => 0;
    try {
      const first = await take();
      Date.now = () => 8.64e15;
      await eventually(async () => expect(await span()).toBeGreaterThan(RENEWED_MS), WITHIN_MS);
      expect(await take()).toBeNull();
      expect(first?.lost.aborted).toBe(false);
    } finally {
      Date.now = ours;
    }
  });

  describe('of which the database and its holder do not know the same', () => {
    let answers: 'ALL' | 'NONE' | 'DONE_UNTOLD';
    let silent: pg.Pool;
    beforeEach(() => {
      answers = 'ALL';
      const lost = (): Promise<never> => Promise.reject(new Error('Connection terminated unexpectedly'));
      const query = (statement: pg.QueryConfig): Promise<unknown> =>
        answers === 'NONE'
          ? lost()
          : pool.query(statement).then((result) => (answers === 'ALL' ? result : lost()));
      silent = { query } as unknown as pg.Pool;
    });
    const takeLong = (): Promise<HeldLease | null> =>
      takeLease({ pool: silent, name: 'part', logger: silentLogger, ttlMs: LONG_MS });

    it('is taken again at once by a program that let go of it unheard, while others wait until it expires', async () => {
      const first = await takeLong();
      answers = 'NONE';
      await expect(first?.release()).rejects.toThrow('Connection terminated');
      answers = 'ALL';
      expect(await acquire()).toBeNull();
      const again = await takeLong();
      expect(again?.lease.epoch).toBeGreaterThan(first?.lease.epoch ?? 0n);
      // What it still had in hand by the first one is refused.
      await expect(
        inTransaction(pool, (client) => holdLease(client, first?.lease as Lease)),
      ).rejects.toMatchObject({ code: 'LEASE_LOST' });
      await again?.release();
      expect(await acquire()).not.toBeNull();
    });

    it('is taken again at once by a program that got it without hearing so', async () => {
      answers = 'DONE_UNTOLD';
      for (let tries = 0; tries < 2; tries += 1)
        await expect(takeLong()).rejects.toThrow('Connection terminated');
      answers = 'ALL';
      expect(await acquire()).toBeNull();
      const held = await takeLong();
      expect(held).not.toBeNull();
      expect(await takeLong()).toBeNull(); // it has a holder now
      await held?.release();
    });
  });
});
