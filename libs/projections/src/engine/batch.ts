import { type AnyEvent, CHAIN_STREAM_PREFIX } from '@abland/domain';
import type { Clock, EventBatch, Logger, Position, RecordedEvent } from '@abland/kernel';
import type { Lease } from '@abland/postgres';
import type { LastEvent } from './build.js';
import { lockCheckpoints, type Progress, writeCheckpoints } from './checkpoints.js';
import { BadEventError, FinalBlocksRevertedError } from './errors.js';
import { finalFor } from './final-reverts.js';
import { pruneJournal, revertBlocks, writeJournal } from './journal-store.js';
import type { BlockPlace } from './journal.js';
import type { ProjectionRun } from './projection-run.js';
import { park } from './park.js';
import type { EventHandler, RowReference } from './projection.js';
import { RowNotLoaded } from './row-set.js';
import { loadRows, writeRows } from './row-store.js';
import { beginLed, type Session } from './session.js';

export const READ_MODEL_CHANNEL = 'read_model';

export const JOURNAL_KEPT_MS = 15 * 60_000;

export interface BatchContext {
  readonly session: Session;
  /** Of who may write the builds. */
  readonly leases: readonly Lease[];
  readonly logger: Logger;
  readonly clock: Clock;
  /** Milliseconds for which the journal keeps what no reorg needs, for readers of an earlier state. */
  readonly journalKeptMs: number;
  /** Rows kept in memory between batches; above it all are let go. */
  readonly cachedRowsMax: number;
}

/**
 * Folds a batch into the runs' tables and stores rows, journal and checkpoints in one transaction: two round trips
 * while everything is at the head. After any error the runs' memory is not to be used again.
 * @throws CheckpointMovedError where another process moved a checkpoint
 * @throws LeaseLostError where another process may lead
 * @throws FinalBlocksRevertedError where the tables must begin anew
 */
export async function handleBatch(
  context: BatchContext,
  runs: readonly ProjectionRun[],
  { events, live, scannedTo }: EventBatch,
  progress: Omit<Progress, 'live'>,
): Promise<void> {
  const { leases, session } = context;
  await Promise.all([
    beginLed(session, leases),
    lockCheckpoints(session, runs),
    ...runs.map((run) => prefetch(session, run, events)),
  ]);
  const tables = await foldBatch(context, runs, events);
  // What lies between is nothing that they handle.
  for (const run of runs) if (scannedTo > (run.position ?? 0n)) run.position = scannedTo;
  await Promise.all([
    ...tables.sent,
    ...writeCheckpoints(session, runs, { ...progress, live }),
    ...(runs.some(({ state }) => state === 'LIVE') ? [tell(session, scannedTo, tables.changed)] : []),
    session.query('COMMIT'),
  ]);
  settle(context, runs);
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

/** Lets go of what belonged to the batch. */
function settle(context: BatchContext, runs: readonly ProjectionRun[]): void {
  for (const run of runs) {
    run.parkedBefore += run.parked.length;
    run.parked = [];
    run.rows.shrink(context.cachedRowsMax);
  }
}

async function prefetch(
  session: Session,
  run: ProjectionRun,
  events: readonly RecordedEvent[],
): Promise<void> {
  const references: RowReference[] = [];
  for (const event of events) {
    if (isHandled(run, event)) continue;
    const reads = handlerOf(run, event)?.reads;
    if (reads === undefined) continue;
    try {
      references.push(...reads(event));
    } catch {
      // The event is malformed: `apply` meets the same and parks it with the reason.
    }
  }
  await loadRows(session, run.schema, run.rows, references);
}

interface Written {
  /** Statements on their way; a failure of any of them must fail the batch. */
  readonly sent: readonly Promise<unknown>[];
  /** Names of the tables that changed. */
  readonly changed: readonly string[];
}

/** Folds the events into the runs and sends what changed, without committing. */
async function foldBatch(
  context: BatchContext,
  runs: readonly ProjectionRun[],
  events: readonly RecordedEvent[],
): Promise<Written> {
  const changed: string[] = [];
  const before = runs.map((run) => new Map(run.finalized));
  for (const event of events) {
    for (const run of runs) {
      if (isHandled(run, event)) continue;
      if (event.type === 'BlocksReverted') changed.push(...(await takeBack(context, run, event)));
      else {
        const waiting = handleEvent(context, run, event);
        if (waiting !== null) await waiting;
      }
      run.position = event.position;
      run.lastEvent = lastEventOf(event);
      run.handled += 1;
    }
  }
  const sent: Promise<unknown>[] = [];
  runs.forEach((run, index) => {
    const written = write(context, run);
    const finalized = [...run.finalized].some(([chain, number]) => before[index]?.get(chain) !== number);
    sent.push(...written.sent, ...prune(context, run, finalized));
    changed.push(...written.tables);
  });
  return { sent, changed };
}

function write(context: BatchContext, run: ProjectionRun): { sent: Promise<unknown>[]; tables: string[] } {
  const { session } = context;
  const { sent, tables } = writeRows(session, run.schema, run.rows);
  return { sent: [...sent, ...writeJournal(session, run, keptSince(context))], tables };
}

const PRUNE_EVERY_MS = 60_000;

/** Where something became final, and now and then without it. */
function prune(context: BatchContext, run: ProjectionRun, finalized: boolean): Promise<unknown>[] {
  const now = context.clock();
  if (!finalized && now - run.prunedAt < PRUNE_EVERY_MS) return [];
  run.prunedAt = now;
  return [pruneJournal(context.session, run, keptSince(context))];
}

const keptSince = ({ clock, journalKeptMs }: BatchContext): number => Math.floor(clock() - journalKeptMs);

/** Handles an event in memory; only where a row must be fetched first is there something to wait for. */
function handleEvent(context: BatchContext, run: ProjectionRun, event: RecordedEvent): Promise<void> | null {
  const missing = applyOrLeaveOut(context, run, event);
  if (missing !== null) return fetchAndHandle(context, run, event, missing);
  if (event.type === 'BlocksFinalized') finalize(run, event);
  return null;
}

async function fetchAndHandle(
  context: BatchContext,
  run: ProjectionRun,
  event: RecordedEvent,
  missing: RowReference,
): Promise<void> {
  await loadRows(context.session, run.schema, run.rows, [missing]);
  await handleEvent(context, run, event);
}

/** Returns the row that must be fetched before the event can be handled; null where it is done with. */
function applyOrLeaveOut(
  context: BatchContext,
  run: ProjectionRun,
  event: RecordedEvent,
): RowReference | null {
  const handler = handlerOf(run, event);
  if (handler === undefined) return null;
  try {
    const block = blockOf(event);
    run.rows.begin(block === null ? 'log' : 'chain');
    handler.apply(event, run.rows);
    const changes = run.rows.commit();
    run.journal.record(event, block, changes);
  } catch (error) {
    run.rows.rollback();
    if (error instanceof RowNotLoaded) return error.reference;
    leaveOut(context, run, event, error);
  }
  return null;
}

async function takeBack(
  context: BatchContext,
  run: ProjectionRun,
  event: RecordedEvent,
): Promise<readonly string[]> {
  const { fromNumber } = event.data as Extract<AnyEvent, { type: 'BlocksReverted' }>['data'];
  const chainId = chainIdOf(event);
  const final = run.finalized.get(chainId) ?? -1;
  if (fromNumber <= final) {
    throw new FinalBlocksRevertedError({ chainId, fromNumber, position: event.position });
  }
  const written = write(context, run);
  await Promise.all(written.sent);
  await revertBlocks(context.session, run, chainId, fromNumber, event.position);
  await handleEvent(context, run, event);
  return written.tables;
}

function finalize(run: ProjectionRun, event: RecordedEvent): void {
  const told = event.data as Extract<AnyEvent, { type: 'BlocksFinalized' }>['data'];
  const chainId = chainIdOf(event);
  const number = finalFor(run.finalReverts, chainId, told.number, event.position);
  if (number <= (run.finalized.get(chainId) ?? -1)) return;
  run.finalized.set(chainId, number);
}

function leaveOut(context: BatchContext, run: ProjectionRun, event: RecordedEvent, error: unknown): void {
  const parked = park(event, run.projection.name, error, context.logger);
  run.parked.push(parked);
  if (parked.defect) run.defects += 1;
}

const lastEventOf = ({ id, position, revision, stream }: RecordedEvent): LastEvent => ({
  ...{ id, stream, revision: revision.toString(), position: position.toString() },
});

const isHandled = (run: ProjectionRun, event: RecordedEvent): boolean =>
  run.position !== null && event.position <= run.position;

function handlerOf(run: ProjectionRun, event: RecordedEvent): EventHandler<RecordedEvent> | undefined {
  const handlers = run.projection.handlers as Readonly<
    Record<string, EventHandler<RecordedEvent> | undefined>
  >;
  return Object.hasOwn(handlers, event.type) ? handlers[event.type] : undefined;
}

/** The block that a fact lies in; null for what no reorg takes back. */
function blockOf(event: RecordedEvent): BlockPlace | null {
  if (!event.stream.startsWith(CHAIN_STREAM_PREFIX) || NEVER_TAKEN_BACK.has(event.type)) return null;
  const number = event.metadata.chain?.blockNumber;
  if (number === undefined) throw new BadEventError('A chain fact without its block');
  return { chainId: chainIdOf(event), number };
}

/** Facts about blocks, or about what was told of them, that lie in none. */
const NEVER_TAKEN_BACK = new Set(['BlocksReverted', 'BlocksFinalized', 'MessageParked']);

const chainIdOf = (event: RecordedEvent): number => Number(event.stream.slice(CHAIN_STREAM_PREFIX.length));
