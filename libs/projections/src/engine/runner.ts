import {
  AblandError,
  type Clock,
  type EventStore,
  LogMismatchError,
  type Logger,
  type Running,
  Wakeup,
} from '@abland/kernel';
import type { Client, Pool } from 'pg';
import { handleBatch } from './batch.js';
import { readCheckpoints } from './checkpoints.js';
import { LIVE_SCHEMA } from './ddl.js';
import { CheckpointMovedError } from './errors.js';
import { tryLead } from './leadership.js';
import { checkLog } from './log-check.js';
import { createRun, earliestPosition, type ProjectionRun } from './projection-run.js';
import type { Projection } from './projection.js';
import { RateMeter } from './rate.js';
import { openSession } from './session.js';

export interface RunProjectionsOptions {
  readonly store: EventStore;
  /** Its settings alone are used: the engine holds one connection of its own. */
  readonly pool: Pool;
  readonly projections: readonly Projection[];
  readonly logger: Logger;
  readonly clock: Clock;
  readonly batchSize?: number;
  readonly cachedRowsMax?: number;
  /** How often a standby asks whether it may take over. */
  readonly standbyPauseMs?: number;
}

const BATCH_SIZE = 2_000;
const CACHED_ROWS_MAX = 50_000;
const STANDBY_PAUSE_MS = 500;
const RETRY_PAUSE_MS_MIN = 100;
const RETRY_PAUSE_MS_MAX = 10_000;

/**
 * Runs the projections on one subscription until stopped, in one process at a time; others stand by. What the database or
 * the store fails at is retried with growing pauses; a log that is not the one of the checkpoints ends the run.
 */
export function runProjections(options: RunProjectionsOptions): Running {
  const runner = new ProjectionRunner(options);
  const finished = runner.run();
  let stopping = false;
  const ended = new Promise<void>((resolve, reject) => {
    finished.then(() => stopping && resolve(), reject);
  });
  ended.catch(() => undefined); // whoever awaits `ended` sees it; nobody has to
  return {
    name: 'projections',
    ended,
    stop: async () => {
      stopping = true;
      runner.abort.abort();
      await finished.catch(() => undefined); // told through `ended`
    },
  };
}

class ProjectionRunner {
  readonly abort = new AbortController();
  private readonly pause = new Wakeup();
  private readonly rate: RateMeter;
  private pauseMs = RETRY_PAUSE_MS_MIN;
  /** Whether this process ever ran the projections: a standby does not speak for them. */
  private hasLed = false;

  constructor(private readonly options: RunProjectionsOptions) {
    this.rate = new RateMeter(options.clock);
  }

  async run(): Promise<void> {
    while (!this.abort.signal.aborted) {
      try {
        await this.runOnce();
      } catch (error) {
        if (this.abort.signal.aborted) return;
        if (error instanceof LogMismatchError) {
          await this.noteState('FAILED', error);
          throw error;
        }
        await this.recover(error);
      }
    }
  }

  private async recover(error: unknown): Promise<void> {
    if (error instanceof CheckpointMovedError) {
      this.options.logger.info(
        { projection: error.details['projection'] },
        'a checkpoint was moved, starting from it',
      );
      return;
    }
    this.options.logger.warn({ err: error, pauseMs: this.pauseMs }, 'projections interrupted, trying again');
    await this.noteState('RETRYING', error);
    await this.pause.wait(this.pauseMs, this.abort.signal);
    this.pauseMs = Math.min(this.pauseMs * 2, RETRY_PAUSE_MS_MAX);
  }

  /** From taking the lead to losing it: returns when stopped, throws what broke it. */
  private async runOnce(): Promise<void> {
    const session = await openSession(this.options.pool, 'abland-projections');
    try {
      if (!(await this.lead(session))) return;
      this.hasLed = true;
      const runs = await this.runs(session);
      for (const run of runs) await checkLog(this.options.store, run.projection.name, run);
      const level = earliestPosition(runs) === (await this.options.store.head());
      await this.noteState(level ? 'LIVE' : 'CATCHING_UP', null);
      await this.follow(session, runs);
      await this.noteState('STOPPED', null);
    } finally {
      await session.end().catch(() => undefined); // a lost connection has nothing left to end
    }
  }

  private async lead(session: Client): Promise<boolean> {
    const names = this.options.projections.map((projection) => projection.name);
    let waiting = false;
    while (!this.abort.signal.aborted) {
      if (await tryLead(session, names)) return true;
      if (!waiting)
        this.options.logger.info({ projections: names }, 'another process runs the projections, standing by');
      waiting = true;
      await this.pause.wait(this.options.standbyPauseMs ?? STANDBY_PAUSE_MS, this.abort.signal);
    }
    return false;
  }

  private async runs(session: Client): Promise<readonly ProjectionRun[]> {
    const { projections } = this.options;
    const stored = await readCheckpoints(
      session,
      'live',
      projections.map((projection) => projection.name),
    );
    return projections.map((projection) => {
      const checkpoint = stored.get(projection.name);
      if (checkpoint === undefined) throw new MissingCheckpointError(projection.name);
      return createRun(projection, 'live', LIVE_SCHEMA, checkpoint);
    });
  }

  private async follow(session: Client, runs: readonly ProjectionRun[]): Promise<void> {
    const { store, logger } = this.options;
    const after = earliestPosition(runs);
    const context = { session, logger, cachedRowsMax: this.options.cachedRowsMax ?? CACHED_ROWS_MAX };
    const batches = store.subscribeToAll({
      ...(after === null ? {} : { after }),
      batchSize: this.options.batchSize ?? BATCH_SIZE,
      signal: this.abort.signal,
    });
    for await (const { events, live } of batches) {
      if (events.length === 0) continue;
      const progress = {
        state: live ? 'LIVE' : 'CATCHING_UP',
        eventsPerSecond: this.rate.perSecond,
      } as const;
      await handleBatch(context, runs, events, progress);
      this.rate.add(events.length);
      this.pauseMs = RETRY_PAUSE_MS_MIN;
    }
  }

  /** For operators to see; where the database is what failed, the next batch tells by itself. */
  private async noteState(state: string, error: unknown): Promise<void> {
    if (!this.hasLed) return;
    const reason = error === null ? null : String(error);
    const names = this.options.projections.map((projection) => projection.name);
    await this.options.pool
      .query(
        `UPDATE projections.checkpoints SET state = $2, last_error = $3, updated_at = now()
         WHERE target = 'live' AND projection = ANY($1)`,
        [names, state, reason],
      )
      .catch((cause: unknown) => this.options.logger.debug({ err: cause }, 'the state could not be noted'));
  }
}

class MissingCheckpointError extends AblandError {
  readonly code = 'MISSING_CHECKPOINT';
  constructor(projection: string) {
    super(`Projection ${projection} has no checkpoint: its tables were never prepared`, { projection });
  }
}
