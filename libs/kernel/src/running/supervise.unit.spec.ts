import { getEventListeners } from 'node:events';
import { afterEach, describe, expect, it } from '@jest/globals';
import { EventStoreUnavailableError, LogMismatchError } from '../events/errors.js';
import { FakeTiming, settle } from '../time/fake-timing.fixture.js';
import { type Logger, silentLogger } from '../logging/logger.js';
import { isWell, type Lead, type PartRun, type Supervised, type SuperviseOptions } from './part.js';
import { TestLead, TestPart } from './parts-of-a-test.fixture.js';
import { beatingPause } from './heartbeat.js';
import { supervise } from './supervise.js';

describe('a supervised part', () => {
  const started: Supervised[] = [];
  let timing: FakeTiming;
  let part: TestPart;
  afterEach(async () => {
    for (const supervised of started.splice(0)) {
      const stopped = supervised.stop();
      await timing.advance(60_000);
      await stopped;
    }
  });

  const start = (options: Partial<SuperviseOptions> = {}, lead?: TestLead): Supervised => {
    timing = new FakeTiming();
    part = new TestPart();
    const supervised = supervise(
      { name: 'part', run: part.run, ...(lead === undefined ? {} : { lead: lead.take }) },
      { logger: silentLogger, timing, pauseMs: { min: 100, max: 1_000 }, ...options },
    );
    started.push(supervised);
    return supervised;
  };
  const later = (): Error => new EventStoreUnavailableError('gone');

  it('is starting until it achieves something, and then runs', async () => {
    const supervised = start();
    await settle();
    await timing.advance(50);
    expect(supervised.status()).toMatchObject({ state: 'STARTING', stateAgeMs: 50, progressAgeMs: null });
    part.progress();
    await timing.advance(70);
    expect(supervised.status()).toEqual({
      name: 'part',
      state: 'RUNNING',
      stateAgeMs: 70,
      progressAgeMs: 70,
      turnAgeMs: null,
      standsAt: null,
      failure: null,
      restarts: 0,
      failedRuns: 0,
    });
  });

  it('is run again after what passes, with pauses that grow to the longest', async () => {
    const supervised = start();
    await settle();
    for (const pauseMs of [100, 200, 400, 800, 1_000, 1_000]) {
      const runs = part.runs.length;
      await part.fail(later());
      expect(supervised.status()).toMatchObject({
        state: 'WAITING',
        failure: { code: 'EVENT_STORE_UNAVAILABLE', message: 'gone', failureClass: 'LATER', ageMs: 0 },
      });
      await timing.advance(pauseMs - 1);
      expect(part.runs.length).toBe(runs);
      await timing.advance(1);
      expect(part.runs.length).toBe(runs + 1);
    }
    expect(supervised.status()).toMatchObject({ state: 'STARTING', restarts: 6 });
  });

  it('keeps growing its pauses while it achieves nothing, however long its runs last', async () => {
    start();
    await settle();
    await part.fail(later());
    await timing.advance(100);
    await timing.advance(3_600_000);
    await part.fail(later());
    await timing.advance(199);
    expect(part.runs.length).toBe(2);
    await timing.advance(1);
    expect(part.runs.length).toBe(3);
  });

  it('leaves nothing on the signal of a run that is over, however often it is run', async () => {
    timing = new FakeTiming();
    const signals: AbortSignal[] = [];
    const run = ({ signal }: PartRun): Promise<void> => {
      signals.push(signal);
      return Promise.reject(later());
    };
    started.push(supervise({ name: 'part', run }, { logger: silentLogger, timing }));
    await timing.advance(60_000);
    expect(signals.length).toBeGreaterThan(3);
    for (const signal of signals) expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('says ever more seldom that it waits, whatever it achieves between, and anew once it was well for a minute', async () => {
    const warned: string[] = [];
    const logger: Logger = {
      ...silentLogger,
      warn: (_, message) => void warned.push(message),
      error: (_, message) => void warned.push(message),
      child: () => logger,
    };
    start({ logger });
    await settle();
    for (let time = 0; time < 1_000; time += 1) await part.fail(later()).then(() => timing.advance(1_000));
    expect(warned).toHaveLength(10);
    part.progress();
    await timing.advance(60_000);
    for (let time = 0; time < 1_000; time += 1) {
      await part.fail(later());
      await timing.advance(1_000);
      part.progress();
    }
    await part.fail(new TypeError('a defect')); // of a kind that was not told yet
    expect([warned.length, warned.at(-1)]).toEqual([21, expect.stringContaining('failed')]);
  });

  it('says ever more seldom that it leads while it achieves nothing', async () => {
    const told: string[] = [];
    const logger: Logger = {
      ...silentLogger,
      info: (_fields, message) => void told.push(message),
      child: () => logger,
    };
    start({ logger }, new TestLead());
    await settle();
    for (let time = 0; time < 1_000; time += 1) {
      await part.fail(later());
      await timing.advance(1_000);
    }
    expect(told.filter((message) => message === 'leads')).toHaveLength(11);
  });

  it('begins with the shortest pause again once it has achieved something, and forgets the failure', async () => {
    const supervised = start();
    await settle();
    for (const pauseMs of [100, 200, 400]) {
      await part.fail(later());
      await timing.advance(pauseMs);
    }
    expect(supervised.status().failure).not.toBeNull();
    part.progress();
    expect(supervised.status()).toMatchObject({ state: 'RUNNING', failure: null });
    await part.fail(later());
    await timing.advance(100);
    expect(part.runs.length).toBe(5);
  });

  it.each([
    [new LogMismatchError('another log'), 'WRONG'],
    [new TypeError('a defect'), 'OURS'],
  ] as const)(
    'says that it has failed with %s, and tries again after a long pause',
    async (error, failureClass) => {
      const supervised = start({ failedPauseMs: 30_000 });
      await settle();
      await part.fail(error);
      await timing.advance(29_999);
      expect(supervised.status()).toMatchObject({
        state: 'FAILED',
        failure: { message: error.message, failureClass, ageMs: 29_999 },
      });
      expect(part.runs.length).toBe(1);
      await timing.advance(1);
      expect(part.runs.length).toBe(2);
    },
  );

  it('counts its runs that fail so until it has achieved something, whatever else interrupts it', async () => {
    const supervised = start({ failedPauseMs: 1_000 });
    await settle();
    for (const [error, failedRuns] of [
      [new TypeError('a defect'), 1],
      [later(), 1],
      [new LogMismatchError('another log'), 2],
    ] as const) {
      await part.fail(error);
      expect(supervised.status()).toMatchObject({ failedRuns });
      await timing.advance(1_000);
    }
    part.progress();
    expect(supervised.status()).toMatchObject({ failedRuns: 0 });
    await part.fail(new TypeError('a defect'));
    expect(supervised.status()).toMatchObject({ failedRuns: 1 });
  });

  it('ends with the failures that end it, and stays told as failed', async () => {
    const supervised = start({ endsOn: (_error, failureClass) => failureClass === 'WRONG' });
    await settle();
    await part.fail(later());
    await timing.advance(100);
    const ended = expect(supervised.ended).rejects.toThrow('another log');
    await part.fail(new LogMismatchError('another log'));
    await ended;
    await timing.advance(60_000);
    expect(part.runs.length).toBe(2);
    expect(supervised.status()).toMatchObject({ state: 'FAILED', failure: { code: 'LOG_MISMATCH' } });
  });

  it('that ends by itself without a reason is run again', async () => {
    const supervised = start();
    await settle();
    await part.finish();
    expect(supervised.status()).toMatchObject({ state: 'WAITING', failure: { code: 'PART_ENDED' } });
    await timing.advance(100);
    expect(part.runs.length).toBe(2);
  });

  it('settles `ended` at its stop and not before', async () => {
    const supervised = start();
    let ended = false;
    void supervised.ended.then(() => (ended = true));
    await settle();
    await part.fail(later());
    await timing.advance(5_000);
    expect(ended).toBe(false);
    await supervised.stop();
    await settle();
    expect(ended).toBe(true);
    expect(supervised.status().state).toBe('STOPPED');
  });

  it('stops at once while it waits, and twice as well as once', async () => {
    const supervised = start();
    await settle();
    await part.fail(later());
    await Promise.all([supervised.stop(), supervised.stop()]);
    await timing.advance(5_000);
    expect(part.runs.length).toBe(1);
  });

  it('that does not heed its stop is left to itself after its time, which is said; its end is nobody’s', async () => {
    const lines: string[] = [];
    const logger: Logger = {
      ...silentLogger,
      warn: (_, message) => lines.push(message),
      child: () => logger,
    };
    const supervised = start({ stopWithinMs: 500, logger });
    part.heedsSignal = false;
    await settle();
    let stopped = false;
    const stop = supervised.stop().then(() => (stopped = true));
    await timing.advance(499);
    expect(stopped).toBe(false);
    await timing.advance(1);
    await stop;
    expect(lines).toEqual(['does not stop, left to itself']);
    await part.fail(new Error('heard by nobody'));
  });

  describe('that must lead', () => {
    it('stands by while another leads, and runs when it may', async () => {
      const lead = new TestLead();
      lead.free = false;
      const supervised = start({ standbyPauseMs: 1_000 }, lead);
      await settle();
      await timing.advance(2_500);
      expect(supervised.status()).toMatchObject({ state: 'STANDBY', failure: null });
      expect([lead.asked, part.runs.length]).toEqual([3, 0]);
      lead.free = true;
      await timing.advance(500);
      expect(part.runs.length).toBe(1);
    });

    it('ends its run when the lead is lost, gives it back, and stands by', async () => {
      const lead = new TestLead();
      const supervised = start({}, lead);
      await settle();
      part.progress();
      lead.lose();
      await settle();
      expect(part.runs[0]?.signal.aborted).toBe(true);
      expect(supervised.status()).toMatchObject({ state: 'WAITING', failure: { code: 'LOST' } });
      expect(lead.released).toBe(1);
      await timing.advance(100);
      expect(supervised.status()).toMatchObject({ state: 'STANDBY', failure: null });
    });

    it('stands by with what it failed of where that does not pass, and another leads since', async () => {
      const lead = new TestLead();
      const supervised = start({ failedPauseMs: 30_000 }, lead);
      await settle();
      await part.fail(new LogMismatchError('another log'));
      lead.free = false;
      await timing.advance(30_000);
      const standing = supervised.status();
      expect(standing).toMatchObject({ state: 'STANDBY', failure: { code: 'LOG_MISMATCH' } });
      expect(isWell(standing)).toBe(true);
      lead.free = true;
      await timing.advance(1_000);
      part.progress();
      expect(supervised.status()).toMatchObject({ state: 'RUNNING', failure: null });
    });

    it('stands by with it still after it could not ask for a while who leads, but not with that', async () => {
      const lead = new TestLead();
      const supervised = start({ failedPauseMs: 30_000, standbyPauseMs: 1_000 }, lead);
      await settle();
      await part.fail(new LogMismatchError('another log'));
      lead.free = false;
      await timing.advance(30_000);
      for (const [refusal, state] of [
        [later(), 'WAITING'],
        [new TypeError('refused'), 'FAILED'],
      ] as const) {
        lead.refusal = refusal;
        await timing.advance(1_000);
        expect(supervised.status()).toMatchObject({ state, failure: { message: refusal.message } });
        lead.refusal = null;
        await timing.advance(30_000);
        expect(supervised.status()).toMatchObject({ state: 'STANDBY', failure: { code: 'LOG_MISMATCH' } });
      }
      lead.free = true;
      await timing.advance(1_000);
      part.progress();
      lead.lose();
      await timing.advance(1_000);
      expect(supervised.status()).toMatchObject({ state: 'STANDBY', failure: null });
    });

    it('is not held up by a run that does not heed the loss of its lead, nor reset by it', async () => {
      const lead = new TestLead();
      const supervised = start({ stopWithinMs: 500 }, lead);
      part.heedsSignal = false;
      await settle();
      lead.lose();
      lead.free = true;
      await timing.advance(600);
      expect(part.runs.length).toBe(2);
      part.runs[0]?.progress();
      expect(supervised.status().state).toBe('STARTING');
      await part.finish();
    });

    it('gives its lead back whatever its run comes to', async () => {
      const lead = new TestLead();
      const supervised = start({}, lead);
      await settle();
      await part.fail(later());
      expect(lead.released).toBe(1);
      await timing.advance(100);
      await supervised.stop();
      expect(lead.released).toBe(2);
    });

    it('tries again where leading fails', async () => {
      timing = new FakeTiming();
      part = new TestPart();
      let asked = 0;
      const lead = (): Promise<Lead | null> => {
        asked += 1;
        return Promise.reject(later());
      };
      const supervised = supervise({ name: 'part', run: part.run, lead }, { logger: silentLogger, timing });
      started.push(supervised);
      await settle();
      expect(supervised.status()).toMatchObject({ state: 'WAITING', restarts: 0 });
      await timing.advance(100);
      expect(asked).toBe(2);
    });
  });

  describe('of which loops come round', () => {
    const looping = (loops: readonly string[]): Supervised => {
      timing = new FakeTiming();
      part = new TestPart();
      const supervised = supervise(
        { name: 'part', loops, run: part.run },
        { logger: silentLogger, timing, standsAfterMs: 1_000, pauseMs: { min: 100, max: 100 } },
      );
      started.push(supervised);
      return supervised;
    };
    const turn = (loop: string): void => part.runs.at(-1)?.beat(loop);

    it('stands where one does not for long, whatever the others do, until it does again', async () => {
      const supervised = looping(['log', 'timer']);
      await settle();
      await timing.advance(900);
      turn('log');
      part.progress();
      await timing.advance(200);
      expect(supervised.status()).toMatchObject({ state: 'RUNNING', standsAt: 'timer', turnAgeMs: 1_100 });
      turn('timer');
      expect(supervised.status()).toMatchObject({ standsAt: null, turnAgeMs: 200, failure: null });
    });

    it('stands where none ever began to', async () => {
      const supervised = looping(['log']);
      await settle();
      await timing.advance(1_000);
      expect(supervised.status().standsAt).toBeNull();
      await timing.advance(1);
      expect(supervised.status()).toMatchObject({ state: 'STARTING', standsAt: 'log' });
    });

    it('does not stand while it pauses after a failure, and begins anew with its next run', async () => {
      const supervised = looping(['log']);
      await settle();
      await timing.advance(2_000);
      await part.fail(later());
      expect(supervised.status()).toMatchObject({ state: 'WAITING', standsAt: null, turnAgeMs: null });
      await timing.advance(100);
      part.runs[0]?.beat('log');
      expect(supervised.status()).toMatchObject({ standsAt: null, turnAgeMs: 0 });
    });

    it('does not stand in a pause, however long', async () => {
      const supervised = looping(['log']);
      await settle();
      const run = part.runs.at(-1);
      const paused = run === undefined ? Promise.resolve() : beatingPause(5_500, 'log', run, timing);
      await timing.advance(5_499);
      expect(supervised.status()).toMatchObject({ standsAt: null, turnAgeMs: 499 });
      await timing.advance(1);
      await paused;
      await timing.advance(1_001);
      expect(supervised.status().standsAt).toBe('log');
    });
  });
});
