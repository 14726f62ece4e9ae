import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type PartStatus, silentLogger, systemTiming } from '@abland/kernel';
import { createTestDatabase, type TestDatabase, until as untilHolds, eventually } from '@abland/testing';
import type pg from 'pg';
import { openPool } from '../connections/open-pool.js';
import { acquireLeases } from '../leases/lease-rows.js';
import { migrateLeases } from '../leases/migrate.js';
import { readDetails, writeDetail } from './part-details.js';
import { type Pulse, pulseOf } from './pulse.js';
import { readPulses, writePulses } from './pulse-rows.js';
import { startPulses } from './start-pulses.js';
import { isStoodByFor } from './stood-by-for.js';
import { undoneParts } from './undone-parts.js';

const pulse = (over: Partial<Pulse> = {}): Pulse => ({
  ...{ part: 'ingester-1', state: 'RUNNING', failure: null, handledAgeMs: 5_000, contactAgeMs: null },
  ...{ reached: 7n, head: null },
  ...over,
});

describe('the pulses of parts', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  const ends: (() => Promise<void>)[] = [];
  beforeEach(async () => {
    database = await createTestDatabase();
    pool = openPool({ connectionString: database.url, name: 'pulses', max: 3, logger: silentLogger });
    await migrateLeases(pool);
  });
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
    await pool.end();
    await database.drop();
  });

  const start = (parts: () => readonly Pulse[]): (() => Promise<void>) => {
    const { stop } = startPulses({ pool, logger: silentLogger, intervalMs: 20, parts });
    ends.push(stop);
    return stop;
  };
  const until = (holds: (told: Awaited<ReturnType<typeof readPulses>>) => boolean): Promise<void> =>
    untilHolds(async () => holds(await readPulses(pool)));

  /** What is told counts for some seconds: all of it once more where a busy machine let more of them pass. */
  const untilToldInTime = (holds: () => Promise<void>): Promise<void> =>
    eventually(async () => {
      await pool.query('DELETE FROM leases.pulses');
      await holds();
    });

  it('are told as they are, with ages that grow by themselves', async () => {
    await writePulses(pool, randomUUID(), [
      pulse({ failure: 'RPC_UNAVAILABLE', contactAgeMs: 1_000, head: 9n }),
    ]);
    await systemTiming.pause(100);
    const told = (await readPulses(pool)).get('ingester-1');
    expect(told).toMatchObject({ state: 'RUNNING', failure: 'RPC_UNAVAILABLE', reached: 7n, head: 9n });
    expect(told?.beatAgeMs).toBeGreaterThanOrEqual(95);
    expect(told?.handledAgeMs).toBeGreaterThanOrEqual(5_095);
    expect(told?.contactAgeMs).toBeGreaterThanOrEqual(1_095);
  });

  it('say nothing of what never happened', async () => {
    await writePulses(pool, randomUUID(), [pulse({ handledAgeMs: null, reached: null })]);
    const told = (await readPulses(pool)).get('ingester-1');
    expect(told).toMatchObject({ handledAgeMs: null, contactAgeMs: null, reached: null, head: null });
  });

  it('are those of who runs a part, never of who stands by for it', async () => {
    await writePulses(pool, randomUUID(), [pulse({ reached: 7n })]);
    await writePulses(pool, randomUUID(), [pulse({ state: 'STANDBY', reached: null })]);
    expect((await readPulses(pool)).get('ingester-1')).toMatchObject({ state: 'RUNNING', reached: 7n });
    await writePulses(pool, randomUUID(), [pulse({ reached: 8n })]);
    expect((await readPulses(pool)).get('ingester-1')).toMatchObject({ reached: 8n });
  });

  it('are those of who fails where several do a part, each something of it', () =>
    untilToldInTime(async () => {
      const failing = randomUUID();
      await writePulses(pool, failing, [
        pulse({ part: 'projections', state: 'FAILED', failure: 'BUILD_BROKEN' }),
      ]);
      await writePulses(pool, randomUUID(), [pulse({ part: 'projections', reached: 9n })]);
      expect((await readPulses(pool)).get('projections')).toMatchObject({ failure: 'BUILD_BROKEN' });
      await writePulses(pool, failing, [
        pulse({ part: 'projections', state: 'STANDBY', failure: 'BUILD_BROKEN' }),
      ]);
      expect((await readPulses(pool)).get('projections')).toMatchObject({ failure: null, reached: 9n });
      await writePulses(pool, failing, [
        pulse({ part: 'projections', state: 'FAILED', failure: 'BUILD_BROKEN' }),
      ]);
      await pool.query(
        `UPDATE leases.pulses SET beat_at = beat_at - interval '6 seconds' WHERE failure IS NOT NULL`,
      );
      expect((await readPulses(pool)).get('projections')).toMatchObject({ failure: null, reached: 9n });
    }));

  it('are those of who does a part that one does at a time, not of who failed at it and tells so after', () =>
    untilToldInTime(async () => {
      await acquireLeases(pool, ['ingester-1'], randomUUID(), 60_000);
      await writePulses(pool, randomUUID(), [pulse({ reached: 8n })]);
      await writePulses(pool, randomUUID(), [
        pulse({ state: 'FAILED', failure: 'CONTRACTS_UNKNOWN', reached: 7n }),
      ]);
      expect((await readPulses(pool)).get('ingester-1')).toMatchObject({ failure: null, reached: 8n });
      await pool.query(
        `UPDATE leases.pulses SET beat_at = beat_at - interval '6 seconds' WHERE failure IS NULL`,
      );
      expect((await readPulses(pool)).get('ingester-1')).toMatchObject({ failure: 'CONTRACTS_UNKNOWN' });
    }));

  it('say which parts nobody does that one stands by for', () =>
    untilToldInTime(async () => {
      const own = [pulse({ state: 'STANDBY' }), pulse({ part: 'own', failure: 'RPC_UNAVAILABLE' })];
      expect(await undoneParts(pool, own)).toEqual(['ingester-1']);
      const another = randomUUID();
      await writePulses(pool, another, [pulse({})]);
      expect(await undoneParts(pool, own)).toEqual([]);
      await writePulses(pool, another, [pulse({ failure: 'RPC_UNAVAILABLE' })]);
      expect(await undoneParts(pool, own)).toEqual(['ingester-1']);
      await writePulses(pool, another, [pulse({})]);
      await pool.query(`UPDATE leases.pulses SET beat_at = beat_at - interval '6 seconds'`);
      expect(await undoneParts(pool, own)).toEqual(['ingester-1']);
    }));

  it('say nothing of now where they were told before the clock was set back', async () => {
    const [ended, lives] = [randomUUID(), randomUUID()];
    const detail = { part: 'ingester-1', mark: '1', detail: 'of who ended' };
    await writePulses(pool, ended, [pulse({ reached: 8n })]);
    await writePulses(pool, ended, [pulse({ part: 'stood-by-for', state: 'STANDBY' })]);
    await writeDetail(pool, ended, detail);
    await pool.query(`UPDATE leases.pulses SET beat_at = beat_at + interval '1 hour'`);
    const own = [pulse({ state: 'STANDBY' })];
    expect(await undoneParts(pool, own)).toEqual(['ingester-1']);
    expect(await isStoodByFor(pool, 'stood-by-for', { alsoFailed: true })).toBe(false);
    expect((await readDetails(pool, ['ingester-1'])).get('ingester-1')).toMatchObject({ holds: false });
    await writePulses(pool, lives, [pulse({ reached: 9n })]);
    expect((await readPulses(pool)).get('ingester-1')).toMatchObject({ reached: 9n });
    expect(await undoneParts(pool, own)).toEqual([]);
    // What lives tells its details as old as they are, or as new.
    await writeDetail(pool, lives, detail);
    await pool.query(`UPDATE leases.part_details SET written_at = written_at + interval '1 hour'`);
    const told = (await readDetails(pool, ['ingester-1'])).get('ingester-1');
    expect(told).toMatchObject({ holds: true, writtenAgeMs: 0 });
  });

  it('go on while a program runs, and are gone when it ends', async () => {
    let reached = 1n;
    const end = start(() => [pulse({ reached })]);
    await until((told) => told.get('ingester-1')?.reached === 1n);
    reached = 2n;
    await until((told) => told.get('ingester-1')?.reached === 2n);
    await end();
    expect((await readPulses(pool)).size).toBe(0);
  });

  it('are not heard of, which the program itself knows, while the database does not answer', async () => {
    const pulses = startPulses({ pool, logger: silentLogger, intervalMs: 20, parts: () => [pulse()] });
    ends.push(() => pulses.stop());
    await until((told) => told.size === 1);
    await untilHolds(() => Promise.resolve(pulses.areHeard()));
    await pool.query('ALTER TABLE leases.pulses RENAME TO away');
    while (pulses.areHeard()) await systemTiming.pause(50);
    expect(pulses.told().toldSeconds).toBeGreaterThanOrEqual(5);
    await pool.query('ALTER TABLE leases.away RENAME TO pulses');
    while (!pulses.areHeard()) await systemTiming.pause(50);
  });

  it('are refused by a full disk, of which whoever leads and whoever stands by for it know in their own way', async () => {
    const leader = startPulses({ pool, logger: silentLogger, intervalMs: 20, parts: () => [pulse()] });
    const standby = [pulse({ state: 'STANDBY' })];
    const other = startPulses({ pool, logger: silentLogger, intervalMs: 20, parts: () => standby });
    ends.push(leader.stop, other.stop);
    await until((told) => told.size === 1);
    // While its few bytes find room in pages that there are, nothing is known to be amiss: it stands by, and another does it.
    await untilHolds(async () => other.areHeard() && (await undoneParts(pool, standby)).length === 0);
    await pool.query(`CREATE FUNCTION leases.no_room() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'No space left on device' USING ERRCODE = '53100'; END $$`);
    await pool.query(
      'CREATE TRIGGER no_room BEFORE INSERT OR UPDATE ON leases.pulses EXECUTE FUNCTION leases.no_room()',
    );
    await untilHolds(() => Promise.resolve(!leader.areHeard() && !other.areHeard()));
    await untilHolds(async () => (await undoneParts(pool, standby)).includes('ingester-1'));
    await pool.query('DROP TRIGGER no_room ON leases.pulses');
    await untilHolds(async () => other.areHeard() && (await undoneParts(pool, standby)).length === 0);
  });

  it('tell of a part that stands though nothing failed', () => {
    const status: PartStatus = {
      ...{ name: 'projections', state: 'RUNNING', stateAgeMs: 9_000, progressAgeMs: 9_000, turnAgeMs: 8_000 },
      ...{ standsAt: 'log', failure: null, restarts: 0, failedRuns: 0 },
    };
    expect(pulseOf(status)).toMatchObject({ state: 'RUNNING', failure: 'PART_STANDS' });
    expect(pulseOf({ ...status, standsAt: null })).toMatchObject({ failure: null });
  });

  it('outlive a database that cannot be written for a while', async () => {
    const end = start(() => [pulse()]);
    await until((told) => told.size === 1);
    await pool.query('ALTER TABLE leases.pulses RENAME TO away');
    await systemTiming.pause(60);
    await pool.query('DELETE FROM leases.away');
    await pool.query('ALTER TABLE leases.away RENAME TO pulses');
    await until((told) => told.size === 1);
    await end();
  });

  describe('have details', () => {
    const tell = (detail: () => { mark: string; detail: object }): (() => Promise<void>) => {
      const details = () => [{ part: 'ingester-1', ...detail() } as never];
      const { stop } = startPulses({
        pool,
        logger: silentLogger,
        intervalMs: 20,
        parts: () => [pulse()],
        details,
      });
      ends.push(stop);
      return stop;
    };
    const told = async () => (await readDetails(pool, ['ingester-1'])).get('ingester-1');
    const writes = async (): Promise<string> => {
      const { rows } = await pool.query('SELECT xmin::text FROM leases.part_details');
      return rows[0]?.xmin;
    };
    const toldTo = (count: number): Promise<void> =>
      untilHolds(
        async () => ((await told())?.detail as { count?: number } | undefined)?.count === count,
        told,
      );

    it('that are written where they changed, and hold while the program tells of the part', async () => {
      let count = 1;
      const end = tell(() => ({ mark: `${count}`, detail: { count, ageMs: performance.now() } }));
      await toldTo(1);
      expect(await told()).toMatchObject({ holds: true });
      const written = await writes();
      await systemTiming.pause(300);
      expect(await writes()).toBe(written);
      await eventually(async () => {
        const { heldAgeMs, writtenAgeMs = 0 } = (await told()) ?? {};
        expect(heldAgeMs).toBeLessThan(writtenAgeMs);
      });
      count = 2;
      await toldTo(2);
      await end();
      expect(await told()).toMatchObject({ holds: false, detail: { count: 2 } });
    });

    it('that are told before the pulse with which they are urgent', async () => {
      let failure: string | null = null;
      const { stop } = startPulses({
        ...{ pool, logger: silentLogger, intervalMs: 20, parts: () => [pulse({ failure })] },
        details: () => [{ part: 'ingester-1', mark: 'same', urgent: String(failure), detail: { failure } }],
      });
      ends.push(stop);
      while ((await told()) === undefined) await systemTiming.pause(10);
      failure = 'REORG_TOO_DEEP';
      await until((pulses) => pulses.get('ingester-1')?.failure === failure);
      expect((await told())?.detail).toEqual({ failure });
    });

    it('that hold no more once another runs the part', async () => {
      tell(() => ({ mark: 'same', detail: { count: 1 } }));
      await toldTo(1);
      await pool.query('UPDATE leases.part_details SET instance = $1', [randomUUID()]);
      await writePulses(pool, randomUUID(), [pulse()]);
      expect(await told()).toMatchObject({ holds: false });
      expect((await readDetails(pool, { prefix: 'ingester-' })).size).toBe(1);
      expect((await readDetails(pool, { prefix: 'indexer-' })).size).toBe(0);
    });
  });
});
