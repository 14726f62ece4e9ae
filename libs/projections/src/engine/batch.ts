import type { Clock, EventBatch, Logger, Position, RecordedEvent } from '@abland/kernel';
import type { Lease } from '@abland/postgres';
import type { LastEvent } from './build.js';
import { lockCheckpoints, type Progress, writeCheckpoints } from './checkpoints.js';
import { Dispatch, isHandled } from './dispatch.js';
import { type Fetching, foldEvents } from './fold.js';
import { chainIdOf } from './chain-facts.js';
import { pruneJournal, revertBlocks, writeJournal } from './journal-store.js';
import type { KnownAhead } from './known-ahead.js';
import type { ProjectionRun } from './projection-run.js';
import type { RowReference } from './projection.js';
import { loadRows, writeRows } from './row-store.js';
import { beginLed, type Session } from './session.js';

export const READ_MODEL_CHANNEL = 'read_model';

export const JOURNAL_KEPT_MS = 15 * 60_000;

const PRUNE_EVERY_MS = 60_000;

export interface BatchContext {
  readonly session: Session;
  /** Of who may write the builds. */
  readonly leases: readonly Lease[];
  readonly logger: Logger;
  readonly clock: Clock;
  /** Milliseconds for which the journal keeps what no reorg needs, for readers of an earlier state. */
  readonly journalKeptMs: number;
  /** Rows of a run kept in memory between batches; above it those that were changed longest ago are let go. */
  readonly cachedRowsMax: number;
}

/**
 * Folds batches into the runs' tables, and stores rows, journal and checkpoints of each in one transaction: two round trips while
 * everything is at the head. Far behind, a batch is folded while the one before it is still being stored. After any error the
 * runs' memory is not to be used again.
 */
export class BatchHandler {
  private readonly dispatch: Dispatch;
  /** Names of the tables that the batch in hand has changed so far. */
  private changed: string[] = [];
  /** Of the batch before. */
  private committed: Promise<unknown> = Promise.resolve();
  private ahead: KnownAhead | null = null;
  private readonly fetching: Fetching;

  constructor(
    private readonly context: BatchContext,
    private readonly runs: readonly ProjectionRun[],
  ) {
    this.dispatch = new Dispatch(runs);
    this.fetching = {
      load: (run, references) => loadRows(context.session, run.schema, run.rows, references),
      takeBack: (run, event, fromNumber) => this.takeBack(run, event, fromNumber),
    };
  }

  /** From now on what the log says of its blocks until a horizon is known; null: it is followed as it grows. */
  know(ahead: KnownAhead | null): void {
    this.ahead = ahead;
  }

  /**
   * A live batch is stored when this resolves; others may be stored later, which `settled` waits for.
   * @throws CheckpointMovedError where another process moved a checkpoint
   * @throws LeaseLostError where another process may lead
   * @throws FinalBlocksRevertedError where the tables must begin anew
   */
  async handle(batch: EventBatch, progress: Omit<Progress, 'live'>): Promise<void> {
    const { context, runs } = this;
    const { events, live } = batch;
    const missing = runs.map((run) => missingOf(this.dispatch, run, events));
    const begun = this.begin(missing);
    if (missing.some((references) => references.length > 0)) await begun;
    const finalBefore = runs.map(({ finalized }) => new Map(finalized));
    const { clock, logger } = context;
    const { ahead, dispatch, fetching } = this;
    await foldEvents(
      { logger, fetching, ahead, journalSince: clock() - context.journalKeptMs },
      dispatch,
      events,
    );
    for (const run of runs) advance(run, batch);
    await Promise.all([begun, this.committed]);
    const finalized = runs.map((run, index) => isFurtherFinal(run, finalBefore[index]));
    this.committed = this.store(batch, progress, finalized);
    if (live) await this.committed;
  }

  /** Resolves when all that was handled is stored. */
  async settled(): Promise<void> {
    await this.committed;
  }

  /** The transaction of a batch, sent as a whole behind the one before it. */
  private begin(missing: readonly (readonly RowReference[])[]): Promise<unknown> {
    const { context, runs } = this;
    const begun = Promise.all([
      beginLed(context.session, context.leases),
      lockCheckpoints(context.session, runs),
      ...runs.map((run, index) =>
        loadRows(context.session, run.schema, run.rows, missing[index] ?? []),
      ),
    ]);
    begun.catch(() => undefined); // thrown where it is awaited
    return begun;
  }

  private store(
    { live, scannedTo }: EventBatch,
    progress: Omit<Progress, 'live'>,
    finalized: readonly boolean[],
  ): Promise<unknown> {
    const { context, runs } = this;
    const { session } = context;
    const sent: Promise<unknown>[] = [];
    for (const [index, run] of runs.entries()) {
      sent.push(...this.write(run), ...this.prune(run, finalized[index] === true));
      run.rows.shrink(context.cachedRowsMax);
    }
    sent.push(...writeCheckpoints(session, runs, { ...progress, live }));
    if (runs.some(({ state }) => state === 'LIVE')) sent.push(tell(session, scannedTo, this.changed));
    sent.push(session.query('COMMIT'));
    this.changed = [];
    const committed = Promise.all(sent);
    committed.catch(() => undefined); // thrown where it is awaited
    return committed;
  }

  private write(run: ProjectionRun): Promise<unknown>[] {
    const { session } = this.context;
    const { sent, tables } = writeRows(session, run.schema, run.rows);
    this.changed.push(...tables);
    return [...sent, ...writeJournal(session, run, this.keptSince())];
  }

  /** Where something became final, and now and then without it. */
  private prune(run: ProjectionRun, finalized: boolean): Promise<unknown>[] {
    const now = this.context.clock();
    if (!finalized && now - run.prunedAt < PRUNE_EVERY_MS) return [];
    run.prunedAt = now;
    return [pruneJournal(this.context.session, run, this.keptSince())];
  }

  private keptSince(): number {
    return Math.floor(this.context.clock() - this.context.journalKeptMs);
  }

  private async takeBack(run: ProjectionRun, event: RecordedEvent, fromNumber: number): Promise<void> {
    await Promise.all(this.write(run));
    await revertBlocks(this.context.session, run, chainIdOf(event), fromNumber, event.position);
  }
}

/** Tells readers which tables they see otherwise from this commit on. */
export function tell(session: Session, position: Position, tables: readonly string[]): Promise<unknown> {
  const change = JSON.stringify({ position: position.toString(), tables: [...new Set(tables)] });
  return session.query({
    name: 'notify',
    text: 'SELECT pg_notify($1, $2)',
    values: [READ_MODEL_CHANNEL, change],
  });
}

/** What the run's handlers will read of what is not in memory. */
function missingOf(
  dispatch: Dispatch,
  run: ProjectionRun,
  events: readonly RecordedEvent[],
): readonly RowReference[] {
  const references: RowReference[] = [];
  if (run.rows.isComplete) return references;
  for (const event of events) {
    if (isHandled(run, event)) continue;
    const handler = dispatch.of(event.type).find((concerned) => concerned.run === run)?.handler;
    if (handler?.reads === undefined) continue;
    try {
      for (const reference of handler.reads(event))
        if (!run.rows.isLoaded(reference)) references.push(reference);
    } catch {
      // The event is malformed: folding it meets the same and parks it with the reason.
    }
  }
  return references;
}

/** What lies between its events is nothing that it handles. */
function advance(run: ProjectionRun, { events, scannedTo }: EventBatch): void {
  const last = events.at(-1);
  if (last !== undefined && !isHandled(run, last)) {
    run.handled += isHandled(run, events[0] ?? last)
      ? events.filter((event) => !isHandled(run, event)).length
      : events.length;
    run.lastEvent = lastEventOf(last);
  }
  if (scannedTo > (run.position ?? 0n)) run.position = scannedTo;
}

const isFurtherFinal = (run: ProjectionRun, before: ReadonlyMap<number, number> | undefined): boolean =>
  [...run.finalized].some(([chain, number]) => before?.get(chain) !== number);

const lastEventOf = ({ id, position, revision, stream }: RecordedEvent): LastEvent => ({
  ...{ id, stream, revision: revision.toString(), position: position.toString() },
});
