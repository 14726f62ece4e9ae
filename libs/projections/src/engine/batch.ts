import type { Clock, EventBatch, Logger, Position, RecordedEvent, Slices, Timing } from '@abland/kernel';
import type { Lease } from '@abland/postgres';
import type { LastEvent } from './build.js';
import { lockCheckpoints, type Progress, writeCheckpoints } from './checkpoints.js';
import { Dispatch, isHandled } from './dispatch.js';
import { type Fetching, foldEvents } from './fold.js';
import { chainIdOf } from './chain-facts.js';
import { fairShare } from './fair-share.js';
import { PRUNED_AT_ONCE, pruneJournal, revertBlocks, writeJournal } from './journal-store.js';
import type { KnownAhead } from './known-ahead.js';
import { areMasses } from './masses.js';
import type { Precedence } from './precedence.js';
import type { ProjectionRun } from './projection-run.js';
import type { RowReference } from './projection.js';
import { loadRows, writeRows } from './row-store.js';
import { beginLed, type Session } from './session.js';
import { sliced } from './slice.js';
import { checkSums } from './violations.js';

export const READ_MODEL_CHANNEL = 'read_model';

/** Ninety days. */
export const JOURNAL_KEPT_MS = 90 * 86_400_000;

/** How often the journal is pruned where nothing becomes final, and how long what became final may wait for it. */
const PRUNE_EVERY_MS = 60_000;
const PRUNE_WITHIN_MS = 15_000;
/** Entries that are let go with each batch at the end of the log, beside as many as it writes: nobody is to wait for it. */
const PRUNED_LIVE = 2_000;
/** Far behind, what changes often is written seldom; what readers see, a little later than it could be. */
const STORE_EVERY = { events: 100_000, milliseconds: 5_000 };
/** Entries of the journals that one transaction writes at most: it must end long before a lease does. */
const ENTRIES_HELD_MAX = 100_000;
const STORE_LIVE_EVERY = { events: 10_000, milliseconds: 2_000 };

export interface BatchContext {
  readonly session: Session;
  /** Of who may write the builds. */
  readonly leases: readonly Lease[];
  readonly logger: Logger;
  readonly clock: Clock;
  /** By which it is stored and pruned now and then. */
  readonly timing: Pick<Timing, 'now'>;
  /** Milliseconds for which the journal keeps what no reorg needs, for readers of earlier states. */
  readonly journalKeptMs: number;
  /** Rows of all runs kept in memory between batches; above it those that were changed longest ago are let go. */
  readonly cachedRowsMax: number;
  /** Events for which rows and checkpoints are held back far behind, where what changes often is to be written seldom. */
  readonly storeEvery?: number | undefined;
  /** Of what goes before it in this program; absent: nothing does. */
  readonly precedence?: Precedence | undefined;
}

type Told = Omit<Progress, 'live'>;

/**
 * Folds batches into the runs' tables, and stores rows, journal and checkpoints together in one transaction: two round trips while
 * everything is at the head. While one is being stored the next is folded already. After any error the runs' memory is not to be
 * used again.
 */
export class BatchHandler {
  private readonly dispatch: Dispatch;
  private readonly fetching: Fetching;
  private ahead: KnownAhead | null = null;
  /** Whether rows and checkpoints are held back for a while. */
  private holdsBack = false;
  private storedAt = -Infinity;
  /** Events that were handled and are not stored. */
  private held = 0;
  private last: { readonly batch: EventBatch; readonly told: Told } | null = null;
  /** Names of the tables that changed since it was told. */
  private changed: string[] = [];
  /** The open transaction: held by the leader, with the builds as they were known. */
  private begun: Promise<unknown> | null = null;
  /** The transaction before. */
  private committed: Promise<unknown> = Promise.resolve();
  private readonly begunAt: number;

  constructor(
    private readonly context: BatchContext,
    private readonly runs: readonly ProjectionRun[],
  ) {
    this.dispatch = new Dispatch(runs);
    this.begunAt = context.timing.now();
    this.fetching = {
      load: (run, references) => loadRows(context.session, run, references),
      takeBack: (run, event, fromNumber) => this.takeBack(run, event, fromNumber),
    };
  }

  /** From now on the log is far ahead: what it says of its blocks is known, and much is stored at once. */
  readIn(ahead: KnownAhead): void {
    this.ahead = ahead;
    this.holdsBack = true;
    this.storedAt = this.context.timing.now();
  }

  /** From now on the log is followed as it grows. */
  follow(): void {
    this.holdsBack = false;
  }

  /** Milliseconds within which what was held back is to be stored though nothing more comes; null where nothing is held back. */
  get patienceMs(): number | null {
    if (this.held === 0) return null;
    return Math.max(0, this.storedAt + this.every.milliseconds - this.context.timing.now());
  }

  /**
   * A live batch is stored when this resolves, unless it is one of masses; others may be stored later, which `settle` waits for.
   * @throws CheckpointMovedError where another process moved a checkpoint
   * @throws LeaseLostError where another process may lead
   * @throws FinalBlocksRevertedError where the tables must begin anew
   */
  async handle(batch: EventBatch, told: Told): Promise<void> {
    const { ahead, context, dispatch, fetching, runs } = this;
    const { events, live } = batch;
    this.held += events.length;
    const stores = !this.mayHoldBack(batch, told) || this.isTime();
    const found = await missingOf(dispatch, runs, events, sliced(context.precedence));
    const missing = [...found].filter(([, { length }]) => length > 0);
    if (stores) this.begin();
    await Promise.all(missing.map(([run, references]) => loadRows(context.session, run, references)));
    const journalSince = context.clock() - context.journalKeptMs;
    const { logger, precedence } = context;
    await foldEvents({ logger, fetching, ahead, journalSince, precedence }, dispatch, events);
    for (const run of runs) advance(run, batch);
    this.last = { batch, told };
    if (this.begun !== null) await this.store();
    if (live && this.held === 0) await this.committed;
  }

  /** Stores what was held back, and resolves when all is stored. */
  async settle(): Promise<void> {
    if (this.held > 0) await this.store();
    await this.committed;
  }

  private mayHoldBack({ events, live }: EventBatch, { eventsPerSecond }: Told): boolean {
    if (this.holdsBack && !live) return true;
    const areLive = this.runs.every(({ state }) => state === 'LIVE');
    return areLive && areMasses(events, eventsPerSecond, this.context.clock());
  }

  private get every(): typeof STORE_EVERY {
    return this.runs.some(({ state }) => state === 'LIVE') ? STORE_LIVE_EVERY : STORE_EVERY;
  }

  private isTime(): boolean {
    const { events, milliseconds } = this.every;
    const { storeEvery = events, timing } = this.context;
    const entries = this.runs.reduce((sum, { journal }) => sum + journal.size, 0);
    if (entries >= ENTRIES_HELD_MAX) return true;
    return this.held >= storeEvery || timing.now() - this.storedAt >= milliseconds;
  }

  /** Sent as a whole, behind the transaction before it. */
  private begin(): Promise<unknown> {
    const { context, runs } = this;
    if (this.begun !== null) return this.begun;
    this.begun = Promise.all([
      beginLed(context.session, context.leases),
      lockCheckpoints(context.session, runs),
    ]);
    this.begun.catch(() => undefined); // thrown where it is awaited
    return this.begun;
  }

  /** Returns once it is sent: what was sent before is known to be stored by then. */
  private async store(): Promise<void> {
    const { context, last, runs } = this;
    await Promise.all([this.begin(), this.committed]);
    if (last === null) return;
    const { batch, told } = last;
    const entries = runs.reduce((sum, { journal }) => sum + journal.size, 0);
    const sent = new Sent();
    for (const run of runs) await this.write(run, sent);
    // Far behind nearly nothing is kept that could be let go of, and to look costs as much.
    if (!this.holdsBack) this.prune(batch.live ? PRUNED_LIVE + entries : PRUNED_AT_ONCE).forEach(sent.add);
    checkSums(runs, context.logger);
    writeCheckpoints(context.session, runs, { ...told, live: batch.live }).forEach(sent.add);
    if (runs.some(({ state }) => state === 'LIVE'))
      sent.add(tell(context.session, batch.scannedTo, this.changed));
    sent.add(context.session.query('COMMIT'));
    shrink(runs, context.cachedRowsMax);
    this.changed = [];
    this.held = 0;
    this.storedAt = context.timing.now();
    this.begun = null;
    this.committed = sent.answered();
    this.committed.catch(() => undefined); // thrown where it is awaited
  }

  private async write(run: ProjectionRun, sent: Sent): Promise<void> {
    const { precedence, session } = this.context;
    const slices = sliced(precedence);
    this.changed.push(...(await writeRows(session, run, sent.add, slices)));
    await writeJournal(session, run, this.keptSince(), sent.add, slices);
  }

  /**
   * Where something became final, and now and then without it: of those runs that have waited long, and of one more. What is let go takes
   * place alone, and readers wait for what comes.
   */
  private prune(most: number): Promise<unknown>[] {
    const now = this.context.timing.now();
    const isDue = (run: ProjectionRun): boolean =>
      isFurtherFinal(run, run.prunedTo) || now - Math.max(run.prunedAt, this.begunAt) >= PRUNE_EVERY_MS;
    const due = this.runs.filter(isDue).sort((one, other) => one.prunedAt - other.prunedAt);
    return due
      .filter(({ prunedAt }, index) => index === 0 || now - prunedAt >= PRUNE_WITHIN_MS)
      .map((run) => {
        run.prunedAt = now;
        run.prunedTo = new Map(run.finalized);
        return pruneJournal(this.context.session, run, this.keptSince(), most);
      });
  }

  private keptSince(): number {
    return Math.floor(this.context.clock() - this.context.journalKeptMs);
  }

  private async takeBack(run: ProjectionRun, event: RecordedEvent, fromNumber: number): Promise<void> {
    const sent = new Sent();
    sent.add(this.begin());
    await this.write(run, sent);
    await sent.answered();
    await revertBlocks(this.context.session, run, event, chainIdOf(event), fromNumber);
  }
}

/** Statements whose answers are waited for together: the first that fails is told to who waits, also where it failed before. */
class Sent {
  private readonly answers: Promise<unknown>[] = [];

  readonly add = (answer: Promise<unknown>): void => {
    answer.catch(() => undefined); // thrown where they are awaited
    this.answers.push(answer);
  };

  async answered(): Promise<void> {
    await Promise.all(this.answers);
  }
}

/** Lets go of rows where there are more than so many in all, of the largest tables first. */
function shrink(runs: readonly ProjectionRun[], rowsMax: number): void {
  const sizes = runs.flatMap(({ rows }) => rows.sizes);
  const most = fairShare(sizes, rowsMax);
  if (most < Infinity) for (const { rows } of runs) rows.shrink(most);
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

/** What the handlers of each run will read of what is not in memory. */
async function missingOf(
  dispatch: Dispatch,
  runs: readonly ProjectionRun[],
  events: readonly RecordedEvent[],
  slices: Slices,
): Promise<ReadonlyMap<ProjectionRun, readonly RowReference[]>> {
  const missing = new Map<ProjectionRun, RowReference[]>();
  for (const run of runs) if (!run.rows.isComplete) missing.set(run, []);
  if (missing.size === 0) return missing;
  for (const event of events) {
    if (slices.over) await slices.next();
    for (const { handler, run } of dispatch.of(event.type)) {
      const references = missing.get(run);
      if (references === undefined || handler?.reads === undefined || isHandled(run, event)) continue;
      try {
        for (const reference of handler.reads(event))
          if (!run.rows.isLoaded(reference)) references.push(reference);
      } catch {
        // The event is malformed: folding it meets the same and parks it with the reason.
      }
    }
  }
  return missing;
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

const isFurtherFinal = ({ finalized }: ProjectionRun, before: ReadonlyMap<number, number>): boolean =>
  [...finalized].some(([chain, number]) => before.get(chain) !== number);

const lastEventOf = ({ id, position, revision, stream }: RecordedEvent): LastEvent => ({
  ...{ id, stream, revision: revision.toString(), position: position.toString() },
});
