import {
  type Clock,
  type EventBatch,
  type EventFilter,
  type EventStore,
  itemsOrPauses,
  type Logger,
  type Position,
  lastPlace,
  systemTiming,
  type Timing,
} from '@abland/kernel';
import { type Lease, type Limits, LONG_LIMITS, USUAL_LIMITS } from '@abland/postgres';
import type { Client, Pool } from 'pg';
import { BatchHandler } from '../engine/batch.js';
import { CheckpointMovedError, FinalBlocksRevertedError } from '../engine/errors.js';
import { readFinalReverts } from '../engine/final-reverts.js';
import { KnownAhead } from '../engine/known-ahead.js';
import { indexesFor } from '../engine/late-indexes.js';
import { areMasses } from '../engine/masses.js';
import { createRun, earliestPosition, type ProjectionRun, requireLogOf } from '../engine/projection-run.js';
import type { Projection } from '../engine/projection.js';
import type { Precedence } from '../engine/precedence.js';
import { Throttle } from '../engine/throttle.js';
import { Pace, type TimeLeft } from '../engine/pace.js';
import { RateMeter } from '../engine/rate.js';
import { addKey } from '../engine/row-store.js';
import { skippedEvents } from '../engine/skipped-events.js';
import { beginLed, type Execute, withSession, withStatementLimit } from '../engine/session.js';
import type { Build } from '../engine/build.js';
import { readBuildsById } from '../engine/build-rows.js';
import { createIndexes, dropIndexes, unkeyedTables } from './build-schema.js';
import { compareReady } from './compare-ready.js';
import { answerFinalRevert } from './final-revert.js';
import { PutBack } from './put-back.js';

export interface KeepOptions {
  readonly store: EventStore;
  /** Its settings alone are used: each group has a connection of its own. */
  readonly pool: Pool;
  readonly projections: readonly Projection[];
  readonly logger: Logger;
  readonly clock: Clock;
  /** By which time passes; absent: the machine's. */
  readonly timing?: Pick<Timing, 'now'> | undefined;
  readonly batchSize: number;
  readonly cachedRowsMax: number;
  readonly journalKeptMs: number;
  /** Events after which a build that is far behind is stored; default 100,000. */
  readonly storeEvery?: number | undefined;
  /** The most that a group which is not live reads in; absent: as many as it can. */
  readonly buildEventsPerSecond?: number | null | undefined;
  /** Whether what is ready is compared with what is live, and what was found is kept; default: no. */
  readonly compares?: boolean | undefined;
  /** Of the groups that this program keeps: what is live and comes one by one goes first. Absent: it keeps no other. */
  readonly precedence?: Precedence | undefined;
}

/** Builds at about one place, all live or none. */
export interface BuildGroup {
  readonly builds: readonly Build[];
  readonly leases: readonly Lease[];
}

export interface KeptBatch {
  readonly batch: EventBatch;
  readonly runs: readonly ProjectionRun[];
  readonly eventsPerSecond: number;
  /** The newest position of the log that is known. */
  readonly head: Position;
  /** Null: not known. */
  readonly timeLeft: TimeLeft | null;
  /** Whether they have all that is in the log, and their indexes. */
  readonly level: boolean;
}

export interface Watch {
  readonly signal: AbortSignal;
  readonly onBatch: (kept: KeptBatch) => void;
  /** At each look at the log, also one that found nothing. */
  readonly onLook?: () => void;
}

/** A batch's statements write thousands of rows. */
const LIMITS: Limits = { ...USUAL_LIMITS, statementMs: 20_000, lockMs: 10_000 };
const HEAD_EVERY_MS = 1_000;
/** Positions from which on what comes is worth reading ahead of. */
const FAR_BEHIND = 20_000n;
/** Events of a batch of what is far behind: they are made, folded and forgotten before the collector of garbage has seen them. */
const FAR_BATCH = 250;
/** Where nothing comes for so long, the masses are over. */
const IDLE_MS = 2_000;
/** An index of a live table that has grown without it: a few million rows at most. */
const LATE_INDEX_MS = 120_000;
/** Events of a batch that ends at the head, up to which somebody may wait for them. */
const AWAITED_MAX = 500;
/** Masses that come by fits and starts are not worth making indexes anew each time. */
const DROPS_MAX = 3;

/**
 * Keeps the builds of a group up with the log, on one subscription, until the signal aborts; also returns when another process
 * changed one of them. Those that are not live are first read in as far as the log reaches, by the events that they handle alone,
 * and get their indexes then.
 * @throws what breaks it
 */
export async function keepGroup(options: KeepOptions, group: BuildGroup, watch: Watch): Promise<void> {
  const { logger, pool } = options;
  const { signal } = watch;
  const isLive = group.builds.every(({ state }) => state === 'LIVE');
  const [applicationName, limits] = isLive ? ['abland-projections', LIMITS] : ['abland-builds', LONG_LIMITS];
  try {
    await withSession({ pool, logger, signal, applicationName, limits }, (session) =>
      new GroupKeeper(options, group, session, watch).keep(),
    );
  } catch (error) {
    if (error instanceof FinalBlocksRevertedError) return afterFinalRevert(options, group, watch, error);
    if (!(error instanceof CheckpointMovedError)) throw error;
    logger.info({ ...error.details }, 'a build was changed, starting from what it is');
  }
}

/** Those that are live are arranged anew by who keeps them; others are begun once more here. */
async function afterFinalRevert(
  options: KeepOptions,
  group: BuildGroup,
  watch: Watch,
  error: FinalBlocksRevertedError,
): Promise<void> {
  const { logger, pool } = options;
  const ids = group.builds.map(({ id }) => id);
  logger.warn(
    { ...error.details, builds: ids },
    'final blocks were taken back, what forgot them is built anew',
  );
  await answerFinalRevert(options, group, error);
  if (group.builds.some(({ state }) => state === 'LIVE')) return;
  const builds = await readBuildsById(pool, ids);
  if (builds.length === ids.length) await keepGroup(options, { ...group, builds }, watch);
}

class GroupKeeper {
  private readonly timing: Pick<Timing, 'now'>;
  private readonly isLive: boolean;
  private readonly rate: RateMeter;
  private readonly pace: Pace;
  private runs: readonly ProjectionRun[] = [];
  private handler: BatchHandler;
  private putBack: PutBack;
  private head: Position = 0n;
  private headAt = -Infinity;
  private told = false;
  private readIn = false;
  /** Whether it begins far behind. */
  private isFar = false;
  private dropsLeft = DROPS_MAX;
  /** When masses came last, by what no clock that is set moves. */
  private massesAt = -Infinity;

  constructor(
    private readonly options: KeepOptions,
    private readonly group: BuildGroup,
    private readonly session: Client,
    private readonly watch: Watch,
  ) {
    this.isLive = group.builds.every(({ state }) => state === 'LIVE');
    this.timing = options.timing ?? systemTiming;
    this.rate = new RateMeter(() => this.timing.now());
    this.pace = new Pace(() => this.timing.now());
    this.handler = this.newHandler();
    this.putBack = new PutBack([], options.logger);
  }

  async keep(): Promise<void> {
    const { isLive } = this;
    this.runs = await this.openRuns();
    this.handler = this.newHandler();
    this.putBack = new PutBack(this.runs, this.options.logger);
    for (const run of this.runs) await requireLogOf(run, this.options.store);
    this.isFar = !isLive || (await this.isFarBehind());
    if (this.isFar) this.handler.readIn(await this.knownAhead());
    else await this.finishIndexes();
    if (!isLive) {
      await this.follow({ filter: { types: typesOf(this.runs) }, untilLive: true });
      await this.finishIndexes();
    }
    this.readIn = true;
    this.isFar &&= isLive;
    if (!this.watch.signal.aborted) await this.follow({ untilLive: false });
  }

  private async isFarBehind(): Promise<boolean> {
    const head = (await this.options.store.head()) ?? 0n;
    return head - (earliestPosition(this.runs) ?? 0n) > FAR_BEHIND;
  }

  private async knownAhead(): Promise<KnownAhead> {
    const { store } = this.options;
    return KnownAhead.read(store, earliestPosition(this.runs), (await store.head()) ?? 0n);
  }

  private async openRuns(): Promise<readonly ProjectionRun[]> {
    const { group, options, session } = this;
    const builds = await readBuildsById(
      session,
      group.builds.map(({ id }) => id),
    );
    const finalReverts = await readFinalReverts(session);
    const begins = builds.some(({ position }) => position === null);
    const skipped = await skippedEvents(session, options.store, begins);
    const known = new Map(options.projections.map((projection) => [projection.name, projection]));
    const opened = group.builds.map(({ generation, id, projection: name }) => {
      const [build, projection] = [builds.find((one) => one.id === id), known.get(name)];
      if (build?.generation !== generation || projection === undefined) {
        throw new CheckpointMovedError(`Build ${id} of ${name} is gone, or another's`, {
          projection: name,
          build: id,
        });
      }
      return { build, projection };
    });
    return Promise.all(
      opened.map(async ({ build, projection }) => {
        const unkeyed = build.indexed ? [] : await unkeyedTables(session, build.schema, projection);
        return createRun(projection, build, { finalReverts, unkeyed, skipped: skipped.get(projection.name) });
      }),
    );
  }

  private async follow(how: { readonly filter?: EventFilter; readonly untilLive: boolean }): Promise<void> {
    const { options, runs } = this;
    const { onLook, signal } = this.watch;
    const after = earliestPosition(runs);
    // What follows the end of the log is as fast as that grows.
    const perSecond = how.untilLive ? (options.buildEventsPerSecond ?? null) : null;
    const most = this.isFar ? Math.min(options.batchSize, FAR_BATCH) : options.batchSize;
    const throttle = perSecond === null ? null : new Throttle(perSecond, systemTiming.now());
    const subscribe = (reading: AbortSignal): AsyncIterable<EventBatch> =>
      options.store.subscribeToAll({
        ...(after === null ? {} : { after }),
        ...(how.filter === undefined ? {} : { filter: how.filter }),
        ...(onLook === undefined ? {} : { onLook }),
        ...{ batchSize: Math.min(most, perSecond ?? Infinity), signal: reading },
      });
    for await (const batch of itemsOrPauses(subscribe, () => this.patienceMs, signal)) {
      if (batch === null) {
        if (this.indexesWait) await this.finishIndexes();
        await this.handler.settle();
        continue;
      }
      await this.handleInTurn(batch);
      if (batch.live) this.handler.follow();
      if (how.untilLive && batch.live) return;
      if (throttle !== null)
        await systemTiming.pause(throttle.pauseAfter(batch.events.length, systemTiming.now()), signal);
    }
    await this.handler.settle();
  }

  /** What somebody waits for goes before what is read in beside it. */
  private handleInTurn(batch: EventBatch): Promise<void> {
    const { precedence } = this.options;
    const isAwaited = this.isLive && batch.live && batch.events.length <= AWAITED_MAX;
    if (precedence === undefined || !isAwaited) return this.handle(batch);
    return precedence.first(() => this.handle(batch));
  }

  private async handle(batch: EventBatch): Promise<void> {
    const { pace, rate, runs } = this;
    this.putBack.see(batch, runs);
    const moves = runs.some(({ position }) => batch.scannedTo > (position ?? 0n));
    // Also where nothing came: that it is level is to be seen.
    if (moves || (batch.live && !this.told)) {
      const head = await this.headAfter(batch);
      if (batch.live) await this.knowLog(batch.scannedTo);
      rate.add(batch.events.length);
      await this.fitIndexes(batch);
      pace.note(head - batch.scannedTo);
      const memoryBytes = process.memoryUsage.rss();
      const timeLeft = pace.timeLeft(head - batch.scannedTo);
      await this.handler.handle(batch, { eventsPerSecond: rate.perSecond, head, timeLeft, memoryBytes });
      this.told = batch.live;
    }
    const level = batch.live && this.readIn;
    const timeLeft = pace.timeLeft(this.head - batch.scannedTo);
    this.watch.onBatch({ batch, runs, eventsPerSecond: rate.perSecond, head: this.head, timeLeft, level });
    if (level && this.options.compares === true) await this.compare();
  }

  /** What was held back becomes visible with the indexes, where these wait. */
  private get patienceMs(): number | null {
    return this.indexesWait ? IDLE_MS : this.handler.patienceMs;
  }

  /** Whether live tables do without their indexes while masses come. */
  private get indexesWait(): boolean {
    return this.runs.some(({ indexed, state }) => state === 'LIVE' && !indexed);
  }

  private async fitIndexes({ events }: EventBatch): Promise<void> {
    const { options, rate, runs } = this;
    if (events.length === 0 || runs.some(({ state }) => state !== 'LIVE')) return;
    const now = options.clock();
    const [at, eventsPerSecond] = [systemTiming.now(), rate.perSecond];
    if (this.massesAt === -Infinity || areMasses(events, eventsPerSecond, now)) this.massesAt = at;
    const handled = Math.max(...runs.map((run) => run.handled));
    const seen = { events, eventsPerSecond, handled, indexed: !this.indexesWait, now };
    const wanted = indexesFor({ ...seen, sinceMassesMs: at - this.massesAt });
    if (wanted === 'MAKE') await this.finishIndexes();
    if (wanted === 'DROP' && this.dropsLeft > 0) await this.takeIndexesAway();
  }

  private async takeIndexesAway(): Promise<void> {
    const { group, runs, session } = this;
    this.dropsLeft -= 1;
    await beginLed(session, group.leases);
    if (!(await dropIndexes(session, runs))) return;
    for (const run of runs) run.indexed = false;
  }

  /** Of what is live nothing is ready. */
  private async compare(): Promise<void> {
    const { group, options, runs, session, watch } = this;
    if (runs.every(({ state }) => state === 'LIVE')) return;
    const { logger, pool, projections, store } = options;
    const ids = runs.map(({ id }) => id);
    await compareReady(session, ids, {
      pool,
      store,
      projections,
      logger,
      leases: group.leases,
      signal: watch.signal,
    });
  }

  /** Asked for now and then only: at the end of the log it is where the batch ends. */
  private async headAfter({ live, scannedTo }: EventBatch): Promise<Position> {
    const now = this.timing.now();
    if (!live && now - this.headAt >= HEAD_EVERY_MS) {
      this.head = (await this.options.store.head()) ?? 0n;
      this.headAt = now;
    }
    if (scannedTo > this.head) this.head = scannedTo;
    return this.head;
  }

  /** Also what has handled nothing must know this log again: by its last event. */
  private async knowLog(scannedTo: Position): Promise<void> {
    const unknowing = this.runs.filter(({ lastEvent }) => lastEvent === null);
    if (unknowing.length === 0) return;
    const last = await lastPlace(this.options.store);
    if (last === null || last.position > scannedTo) return;
    const lastEvent = { ...last.event, position: last.position.toString() };
    for (const run of unknowing) run.lastEvent = lastEvent;
  }

  private newHandler(): BatchHandler {
    const { cachedRowsMax, clock, journalKeptMs, logger, storeEvery } = this.options;
    const { group, isLive, runs, session, timing } = this;
    const bounds = { cachedRowsMax, journalKeptMs, storeEvery };
    const precedence = isLive ? undefined : this.options.precedence;
    const context = { session, leases: group.leases, logger, clock, timing, ...bounds, precedence };
    return new BatchHandler(context, runs);
  }

  /** Before the last that came meanwhile is read: while they were far behind, indexes would only have been in the way. */
  private async finishIndexes(): Promise<void> {
    const { group, session } = this;
    const missing = this.runs.filter(({ indexed }) => !indexed);
    for (const run of missing) {
      const { id, projection, schema } = run;
      if (this.watch.signal.aborted) return;
      for (const table of run.unkeyed) await addKey(session, run, table);
      const make = (execute: Execute): Promise<void> => createIndexes(execute, schema, projection);
      if (run.state === 'LIVE') await withStatementLimit(session, LATE_INDEX_MS, make);
      else await make((statement) => session.query(statement));
      await beginLed(session, group.leases);
      await session.query('UPDATE projections.builds SET indexed = true WHERE id = $1', [id]);
      await session.query('COMMIT');
      run.indexed = true;
    }
    // That they are level must be told again: only from now on it makes them ready.
    this.told = false;
  }
}

/** The events that the projections handle, and those that the engine itself needs. */
function typesOf(runs: readonly ProjectionRun[]): readonly string[] {
  const handled = runs.flatMap(({ projection }) => Object.keys(projection.handlers));
  return [...new Set([...handled, 'BlocksReverted', 'BlocksFinalized'])];
}
