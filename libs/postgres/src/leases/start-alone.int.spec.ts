import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  AblandError,
  EventStoreUnavailableError,
  InvalidAppendError,
  LogMismatchError,
  type PartStatus,
  type Running,
  silentLogger,
  supervise,
  type Supervised,
  systemTiming,
} from '@abland/kernel';
import { createTestDatabase, eventually, type TestDatabase } from '@abland/testing';
import pg from 'pg';
import { databaseFailure } from '../connections/database-failure.js';
import { pulseOf } from '../pulses/pulse.js';
import { startPulses } from '../pulses/start-pulses.js';
import type { Lease } from './lease-rows.js';
import { migrateLeases } from './migrate.js';
import { startAlone } from './start-alone.js';

/** Of a lease that is let go of and never expires, however busy the machine. */
const LEASE_MS = 60_000;

describe('a part that runs alone', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  let runningNow: number;
  let mostAtOnce: number;
  let starts: number;
  const opened: Running[] = [];

  beforeEach(async () => {
    database = await createTestDatabase();
    pool = new pg.Pool({ connectionString: database.url });
    pool.on('error', () => undefined);
    await migrateLeases(pool);
    [runningNow, mostAtOnce, starts] = [0, 0, 0];
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((part) => part.stop()));
    await pool.end();
    await database.drop();
  });

  const open = (ended = new Promise<void>(() => undefined), leaseMs = LEASE_MS): Supervised => {
    const start = (): Promise<Running> => {
      starts += 1;
      runningNow += 1;
      mostAtOnce = Math.max(mostAtOnce, runningNow);
      const stop = (): Promise<void> => {
        runningNow -= 1;
        return Promise.resolve();
      };
      return Promise.resolve({ name: 'part', ended, stop });
    };
    const options = { name: 'part', pool, logger: silentLogger, start };
    const part = startAlone({ ...options, standbyIntervalMs: 20, leaseMs });
    opened.push(part);
    return part;
  };

  it('knows by which lease it runs: each run has a higher epoch than the one before', async () => {
    const epochs: bigint[] = [];
    for (let run = 0; run < 2; run += 1) {
      const running: Running = {
        name: 'part',
        ended: new Promise(() => undefined),
        stop: async () => undefined,
      };
      const start = async ({ epoch }: Lease): Promise<Running> => {
        epochs.push(epoch);
        return running;
      };
      const part = startAlone({ name: 'part', pool, logger: silentLogger, start });
      await eventually(() => expect(epochs).toHaveLength(run + 1));
      await part.stop();
    }
    const [first = 0n, second = 0n] = epochs;
    expect(second).toBeGreaterThan(first);
  });

  it('runs in one program at a time, and in the next one when that stops', async () => {
    const first = open();
    await eventually(() => expect(starts).toBe(1));
    open();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(starts).toBe(1);
    await first.stop();
    await eventually(() => expect(starts).toBe(2));
    expect([runningNow, mostAtOnce]).toEqual([1, 1]);
  });

  it('stops where its lease is lost to another, and starts again once that is gone', async () => {
    open(undefined, 12_000); // it looks after a third of that
    await eventually(() => expect(starts).toBe(1));
    await pool.query(
      `UPDATE leases.leases SET holder = gen_random_uuid(), epoch = epoch + 1, expires_at = 'infinity', ttl_ms = NULL`,
    );
    await eventually(() => expect(runningNow).toBe(0));
    expect(starts).toBe(1);
    await pool.query(`UPDATE leases.leases SET expires_at = '-infinity'`);
    await eventually(() => expect(starts).toBe(2));
    expect([runningNow, mostAtOnce]).toEqual([1, 1]);
  });

  it('is started again where its start fails for want of something', async () => {
    let failures = 2;
    const start = (): Promise<Running> => {
      if (failures-- > 0) return Promise.reject(new EventStoreUnavailableError('gone'));
      starts += 1;
      return Promise.resolve({
        name: 'part',
        ended: new Promise(() => undefined),
        stop: () => Promise.resolve(),
      });
    };
    opened.push(startAlone({ name: 'part', pool, logger: silentLogger, start }));
    await eventually(() => expect(starts).toBe(1));
  });

  it('ends with a refusal, which needs a person', async () => {
    const broken = Promise.reject(new InvalidAppendError('broken'));
    broken.catch(() => undefined); // heard of only once the part runs
    const part = open(broken);
    await expect(part.ended).rejects.toThrow('broken');
    expect(runningNow).toBe(0);
  });

  describe('that fails for good', () => {
    interface Program {
      readonly part: Supervised;
      readonly runs: () => number;
      stop(): Promise<void>;
    }
    const programs: Program[] = [];
    /** Which of them ran, in turn. */
    const ran: number[] = [];
    afterEach(async () => {
      ran.length = 0;
      await Promise.all(programs.splice(0).map((program) => program.stop()));
    });

    /**
     * A program with the part, which tells of it as programs do.
     * @param failureOf what a run of it fails of, the first being 1; null: it goes on until it is stopped
     */
    function program(failureOf: (run: number) => Error | null, failedRunPauseMs = 50): Program {
      const number = programs.length;
      let runs = 0;
      let inner: Supervised | null = null;
      const run = async ({ progress, signal }: { progress(): void; signal: AbortSignal }): Promise<void> => {
        runs += 1;
        ran.push(number);
        const failure = failureOf(runs);
        if (failure !== null) throw failure;
        progress();
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      };
      const part = startAlone({
        ...{ name: 'part', pool, logger: silentLogger },
        ...{ standbyIntervalMs: 20, failedPauseMs: 200, leaseMs: LEASE_MS },
        start: () => {
          const led = supervise(
            { name: 'part', run },
            { logger: silentLogger, failedPauseMs: failedRunPauseMs },
          );
          inner = led;
          const stop = (): Promise<void> => {
            inner = null;
            return led.stop();
          };
          return Promise.resolve({ ...led, stop });
        },
      });
      const status = (): PartStatus => inner?.status() ?? part.status();
      const parts = () => [pulseOf(status(), { part: 'part' })];
      const pulses = startPulses({ pool, logger: silentLogger, intervalMs: 50, parts });
      const stop = async (): Promise<void> => {
        await part.stop();
        await pulses.stop();
      };
      const started = { part: { ...part, status }, runs: () => runs, stop };
      programs.push(started);
      return started;
    }
    const wrong = (): Error => new InvalidAppendError('told other contracts');
    const well = (): null => null;
    const isRunning = ({ part }: Program): boolean => {
      const { failure, state } = part.status();
      return state === 'RUNNING' && failure === null;
    };
    /** While a leader looks several times whether it leaves its lead. */
    const aWhile = (): Promise<void> => systemTiming.pause(3_500);

    it('is left to a program that stands by for it, and says why it does not lead', async () => {
      const first = program(wrong);
      await eventually(() =>
        expect(first.part.status()).toMatchObject({ failure: { code: 'INVALID_APPEND' } }),
      );
      const second = program(well);
      await eventually(() => expect(second.part.status()).toMatchObject({ state: 'RUNNING', failure: null }));
      expect(first.part.status().failure).toMatchObject({
        ...{ code: 'INVALID_APPEND', message: 'told other contracts', failureClass: 'WRONG' },
      });
      await second.stop();
      const runs = first.runs();
      await eventually(() => expect(first.runs()).toBeGreaterThan(runs));
    });

    it('keeps its lead after one failure, which its next run may heal', async () => {
      const first = program((run) => (run === 2 ? null : wrong()), 4_000);
      await eventually(() => expect(first.runs()).toBeGreaterThan(0));
      const second = program(wrong);
      await eventually(() => expect(isRunning(first)).toBe(true));
      expect([first.runs(), second.runs()]).toEqual([2, 0]);
    });

    it('comes back to one that failed and could do it by now, where who has it since fails as well', async () => {
      let isMended = false;
      const first = program(() => (isMended ? null : wrong()));
      await eventually(() => expect(first.runs()).toBeGreaterThan(1));
      const second = program(wrong);
      await eventually(() => expect(second.runs()).toBeGreaterThan(0));
      isMended = true;
      const runs = first.runs() + 1;
      await eventually(() => expect(isRunning(first)).toBe(true));
      await aWhile();
      expect([isRunning(first), first.runs()]).toEqual([true, runs]);
      expect(second.part.status()).toMatchObject({ state: 'STANDBY', failure: { code: 'INVALID_APPEND' } });
    });

    it('stays where a person is to decide about what it stands at, however often it fails', async () => {
      class UndecidedError extends AblandError {
        readonly code = 'UNDECIDED';
        override get awaitsDecision(): boolean {
          return true;
        }
      }
      const first = program(() => new UndecidedError('which branch'));
      await eventually(() => expect(first.runs()).toBeGreaterThan(2));
      const second = program(well);
      await eventually(() => expect(second.part.status()).toMatchObject({ state: 'STANDBY' }));
      await aWhile();
      expect(second.runs()).toBe(0);
      expect(first.part.status()).toMatchObject({ failure: { code: 'UNDECIDED', awaitsDecision: true } });
    });

    it('goes on trying where nobody stands by for it, and not for ever where only one does that failed as well', async () => {
      const first = program(wrong);
      await eventually(() => expect(first.runs()).toBeGreaterThan(4));
      const second = program(wrong, 1_500);
      await eventually(() => expect(second.runs()).toBeGreaterThan(0));
      const left = ran.indexOf(1);
      await eventually(() => expect(ran.indexOf(0, left)).toBeGreaterThan(left));
      expect(ran.indexOf(0, left) - left).toBeGreaterThan(4); // one that leaves to who did not fail does so after two
    });
  });

  const refused = databaseFailure(
    Object.assign(new Error('password authentication failed'), { code: '28P01', severity: 'FATAL' }),
  ) as Error;

  it.each([
    ['the log is not the one that is known', new LogMismatchError('another log'), 'LOG_MISMATCH'],
    ['the database does not let us in any more', refused, 'DATABASE_REFUSED'],
  ])('goes on to stand there, and says why, where %s', async (_, failure, code) => {
    const broken = Promise.reject(failure);
    broken.catch(() => undefined); // heard of only once the part runs
    const part = open(broken);
    await eventually(() =>
      expect(part.status()).toMatchObject({ state: 'FAILED', failure: { code, message: failure.message } }),
    );
    await part.stop();
    await expect(part.ended).resolves.toBeUndefined();
  });
});
