import {
  AblandError,
  type Clock,
  type EventStore,
  failureClassOf,
  type Logger,
  mayPass,
  type PartRun,
  type SubscribeOptions,
  supervise,
  type Supervised,
  withoutSecrets,
} from '@abland/kernel';
import {
  type HeldLease,
  holdLease,
  inLongTransaction,
  inTransaction,
  type Lease,
  type Limits,
  takeLease,
  USUAL_LIMITS,
} from '@abland/postgres';
import type { Client, Pool } from 'pg';
import { handleBatch, JOURNAL_KEPT_MS } from './batch.js';
import { readCheckpoints } from './checkpoints.js';
import { LIVE_SCHEMA } from './ddl.js';
import { CheckpointMovedError, FinalBlocksRevertedError } from './errors.js';
import { noteFinalRevert, readFinalReverts } from './final-reverts.js';
import { beginAnew } from './migrations.js';
import { createRun, earliestPosition, type ProjectionRun, requireLogOf } from './projection-run.js';
import type { Projection } from './projection.js';
import { RateMeter } from './rate.js';
import { withSession } from './session.js';
import type { ProjectionState } from './status.js';

export interface RunProjectionsOptions {
  readonly store: EventStore;
  /** Of the lease and what is told of the state; batches have a connection of their own with its settings. */
  readonly pool: Pool;
  readonly projections: readonly Projection[];
  readonly logger: Logger;
  readonly clock: Clock;
  readonly batchSize?: number;
  readonly cachedRowsMax?: number;
  /** Milliseconds for which readers can go on in an earlier state. */
  readonly journalKeptMs?: number;
  /** How often a standby asks whether it may take over. */
  readonly standbyPauseMs?: number;
  /** Milliseconds before what no repetition helps is tried again. */
  readonly failedPauseMs?: number;
}

const BATCH_SIZE = 2_000;
const CACHED_ROWS_MAX = 50_000;
const STANDBY_PAUSE_MS = 500;
/** The following of the log. */
const LOOP = 'log';
/** A batch's statements write thousands of rows. */
const LIMITS: Limits = { ...USUAL_LIMITS, statementMs: 20_000, lockMs: 10_000 };

/**
 * Runs the projections on one subscription until stopped, in one process at a time; others stand by. What the database or
 * the store fails at is tried again; so is, now and then, a log that is not the one of the checkpoints: nothing is taken from it.
 */
export function runProjections(options: RunProjectionsOptions): Supervised {
  const { failedPauseMs, logger, pool, standbyPauseMs = STANDBY_PAUSE_MS } = options;
  const runner = new ProjectionRunner(options);
  const name = 'projections';
  return supervise(
    { name, loops: [LOOP], lead: () => takeLease({ pool, name, logger }), run: (run) => runner.run(run) },
    {
      logger,
      standbyPauseMs,
      ...(failedPauseMs === undefined ? {} : { failedPauseMs }),
    },
  );
}

class ProjectionRunner {
  private readonly rate: RateMeter;

  constructor(private readonly options: RunProjectionsOptions) {
    this.rate = new RateMeter(options.clock);
  }

  /** Returns when the signal aborted. @throws what broke it */
  async run(run: PartRun<HeldLease>): Promise<void> {
    const { lease } = run.lead;
    try {
      while (!run.signal.aborted) await this.followFromCheckpoints(run);
      await this.noteState(lease, 'STOPPED', null);
    } catch (error) {
      const passing = mayPass(failureClassOf(error));
      await this.noteState(lease, passing ? 'RETRYING' : 'FAILED', error);
      throw error;
    }
  }

  /** Returns when the signal aborted, and when another process moved a checkpoint. */
  private async followFromCheckpoints({ beat, lead, progress, signal }: PartRun<HeldLease>): Promise<void> {
    const { logger, pool, store } = this.options;
    const { lease } = lead;
    const session = { pool, logger, signal, applicationName: 'abland-projections', limits: LIMITS };
    try {
      await withSession(session, async (client) => {
        const runs = await this.runs(client);
        for (const run of runs) await requireLogOf(run, store);
        const level = earliestPosition(runs) === (await store.head());
        await this.noteState(lease, level ? 'LIVE' : 'CATCHING_UP', null);
        const onLook = (): void => beat(LOOP);
        for await (const _batch of this.follow(client, runs, lease, { onLook, signal })) {
          beat(LOOP);
          progress();
        }
      });
    } catch (error) {
      if (error instanceof FinalBlocksRevertedError) return this.takeFinalBack(lease, error);
      if (!(error instanceof CheckpointMovedError)) throw error;
      logger.info({ projection: error.details['projection'] }, 'a checkpoint was moved, starting from it');
    }
  }

  /** Every projection that let go of what it would need begins anew: one replay for all of them. */
  private async takeFinalBack(lease: Lease, error: FinalBlocksRevertedError): Promise<void> {
    const { logger, pool, projections } = this.options;
    const { chainId, fromNumber, position } = error.revert;
    logger.warn({ chainId, fromNumber }, 'final blocks were taken back, read models begin anew');
    await inLongTransaction(pool, async (client) => {
      await holdLease(client, lease);
      await noteFinalRevert(client, error);
      const names = projections.map(({ name }) => name);
      for (const [name, at] of await readCheckpoints(client, 'live', names)) {
        const projection = projections.find((one) => one.name === name);
        const isBefore = at.position !== null && at.position < position;
        const forgot = (at.finalized[chainId] ?? -1) >= fromNumber;
        if (projection !== undefined && isBefore && forgot) await beginAnew(client, projection);
      }
    });
  }

  private async runs(session: Client): Promise<readonly ProjectionRun[]> {
    const { projections } = this.options;
    const stored = await readCheckpoints(
      session,
      'live',
      projections.map((projection) => projection.name),
    );
    const finalReverts = await readFinalReverts(session);
    return projections.map((projection) => {
      const checkpoint = stored.get(projection.name);
      if (checkpoint === undefined) throw new MissingCheckpointError(projection.name);
      return createRun(projection, 'live', LIVE_SCHEMA, checkpoint, finalReverts);
    });
  }

  /** Folds the log into the tables; yields after each batch, also after one that holds nothing. */
  private async *follow(
    session: Client,
    runs: readonly ProjectionRun[],
    lease: Lease,
    subscription: Required<Pick<SubscribeOptions, 'onLook' | 'signal'>>,
  ): AsyncGenerator<void> {
    const { batchSize = BATCH_SIZE, cachedRowsMax = CACHED_ROWS_MAX, clock, logger, store } = this.options;
    const { journalKeptMs = JOURNAL_KEPT_MS } = this.options;
    const after = earliestPosition(runs);
    const context = { session, lease, logger, clock, cachedRowsMax, journalKeptMs };
    const from = after === null ? {} : { after };
    const batches = store.subscribeToAll({ ...from, batchSize, ...subscription });
    for await (const { events, live } of batches) {
      if (events.length > 0) {
        const state = live ? 'LIVE' : 'CATCHING_UP';
        await handleBatch(context, runs, events, { state, eventsPerSecond: this.rate.perSecond });
        this.rate.add(events.length);
      }
      yield;
    }
  }

  /** For operators to see; where the database is what failed, the next batch tells by itself. */
  private async noteState(lease: Lease, state: ProjectionState, error: unknown): Promise<void> {
    const { logger, pool, projections } = this.options;
    const names = projections.map((projection) => projection.name);
    const note = inTransaction(pool, async (client) => {
      await holdLease(client, lease);
      await client.query(
        `UPDATE projections.checkpoints SET state = $2, last_error = $3, updated_at = now()
         WHERE target = 'live' AND projection = ANY($1)`,
        [names, state, error === null ? null : withoutSecrets(String(error))],
      );
    });
    await note.catch((cause: unknown) => logger.debug({ err: cause }, 'the state could not be noted'));
  }
}

class MissingCheckpointError extends AblandError {
  readonly code = 'MISSING_CHECKPOINT';
  constructor(projection: string) {
    super(`Projection ${projection} has no checkpoint: its tables were never prepared`, { projection });
  }
}
