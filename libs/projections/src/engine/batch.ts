import type { AnyEvent } from '@abland/domain';
import { InvariantViolation, type Logger, type RecordedEvent } from '@abland/kernel';
import { lockCheckpoints, type Progress, writeCheckpoints } from './checkpoints.js';
import { BadEventError } from './errors.js';
import type { Member } from './member.js';
import { park } from './park.js';
import type { EventHandler, RowReference } from './projection.js';
import { RowNotLoaded } from './row-set.js';
import { loadRows, writeRows } from './row-store.js';
import type { Session } from './session.js';
import { pruneUndo, revertBlocks, writeUndo } from './undo-store.js';

export const READ_MODEL_CHANNEL = 'read_model';

export interface BatchContext {
  readonly session: Session;
  readonly logger: Logger;
  /** Rows kept in memory between batches; above it all are let go. */
  readonly cachedRowsMax: number;
}

/**
 * Folds a batch into the members' tables and stores rows, undo images and checkpoints in one transaction: two round trips
 * while everything is at the head. After any error the members' memory is not to be used again.
 * @throws CheckpointMovedError where another process moved a checkpoint
 */
export async function handleBatch(
  context: BatchContext,
  members: readonly Member[],
  events: readonly RecordedEvent[],
  progress: Progress,
): Promise<void> {
  const { session } = context;
  await Promise.all([
    session.query('BEGIN'),
    lockCheckpoints(session, members),
    ...members.map((member) => prefetch(session, member, events)),
  ]);
  const tables = await foldBatch(context, members, events);
  const last = events.at(-1);
  const change = JSON.stringify({
    position: last?.position.toString() ?? null,
    tables: [...new Set(tables.changed)],
  });
  await Promise.all([
    ...tables.sent,
    ...writeCheckpoints(session, members, progress),
    session.query({ name: 'notify', text: 'SELECT pg_notify($1, $2)', values: [READ_MODEL_CHANNEL, change] }),
    session.query('COMMIT'),
  ]);
  settle(context, members);
}

/** Lets go of what belonged to the batch. */
export function settle(context: BatchContext, members: readonly Member[]): void {
  for (const member of members) {
    member.parked = [];
    member.rows.shrink(context.cachedRowsMax);
  }
}

export async function prefetch(
  session: Session,
  member: Member,
  events: readonly RecordedEvent[],
): Promise<void> {
  const references: RowReference[] = [];
  for (const event of events) {
    if (isHandled(member, event)) continue;
    const reads = handlerOf(member, event)?.reads;
    if (reads === undefined) continue;
    try {
      references.push(...reads(event));
    } catch {
      // The event is malformed: `apply` meets the same and parks it with the reason.
    }
  }
  await loadRows(session, member.schema, member.rows, references);
}

export interface Written {
  /** Statements on their way; a failure of any of them must fail the batch. */
  readonly sent: readonly Promise<unknown>[];
  /** Names of the tables that changed. */
  readonly changed: readonly string[];
}

/** Folds the events into the members and sends what changed, without committing. */
export async function foldBatch(
  context: BatchContext,
  members: readonly Member[],
  events: readonly RecordedEvent[],
): Promise<Written> {
  const changed: string[] = [];
  const before = members.map((member) => new Map(member.finalized));
  for (const event of events) {
    for (const member of members) {
      if (isHandled(member, event)) continue;
      if (event.type === 'BlocksReverted') changed.push(...(await takeBack(context, member, event)));
      else {
        const waiting = handleEvent(context, member, event);
        if (waiting !== null) await waiting;
      }
      member.position = event.position;
      member.lastEvent = { id: event.id, stream: event.stream, revision: event.revision.toString() };
      member.handled += 1;
    }
  }
  const sent: Promise<unknown>[] = [];
  members.forEach((member, index) => {
    const written = write(context.session, member);
    const finalized = [...member.finalized].filter(([chain, number]) => before[index]?.get(chain) !== number);
    sent.push(...written.sent, ...pruneUndo(context.session, member, new Map(finalized)));
    changed.push(...written.tables);
  });
  return { sent, changed };
}

function write(session: Session, member: Member): { sent: Promise<unknown>[]; tables: string[] } {
  const { sent, tables } = writeRows(session, member.schema, member.rows);
  return { sent: [...sent, ...writeUndo(session, member)], tables };
}

/** Handles an event in memory; only where a row must be fetched first is there something to wait for. */
function handleEvent(context: BatchContext, member: Member, event: RecordedEvent): Promise<void> | null {
  const missing = applyOrLeaveOut(context, member, event);
  if (missing !== null) return fetchAndHandle(context, member, event, missing);
  if (event.type === 'BlocksFinalized') finalize(member, event);
  return null;
}

async function fetchAndHandle(
  context: BatchContext,
  member: Member,
  event: RecordedEvent,
  missing: RowReference,
): Promise<void> {
  await loadRows(context.session, member.schema, member.rows, [missing]);
  await handleEvent(context, member, event);
}

/** Returns the row that must be fetched before the event can be handled; null where it is done with. */
function applyOrLeaveOut(context: BatchContext, member: Member, event: RecordedEvent): RowReference | null {
  const handler = handlerOf(member, event);
  if (handler === undefined) return null;
  try {
    const block = blockOf(event);
    member.rows.begin(block === null ? 'log' : 'chain');
    handler.apply(event, member.rows);
    const changes = member.rows.commit();
    if (block !== null) member.undo.record(block.chainId, block.number, changes);
  } catch (error) {
    member.rows.rollback();
    if (error instanceof RowNotLoaded) return error.reference;
    leaveOut(context, member, event, error);
  }
  return null;
}

async function takeBack(
  context: BatchContext,
  member: Member,
  event: RecordedEvent,
): Promise<readonly string[]> {
  const { fromNumber } = event.data as Extract<AnyEvent, { type: 'BlocksReverted' }>['data'];
  const chainId = chainIdOf(event);
  const final = member.finalized.get(chainId) ?? -1;
  if (fromNumber <= final) {
    const error = new InvariantViolation('A reorg below finality cannot be taken back', {
      fromNumber,
      final,
    });
    leaveOut(context, member, event, error);
    return [];
  }
  const written = write(context.session, member);
  await Promise.all(written.sent);
  await revertBlocks(context.session, member, chainId, fromNumber);
  await handleEvent(context, member, event);
  return written.tables;
}

function finalize(member: Member, event: RecordedEvent): void {
  const { number } = event.data as Extract<AnyEvent, { type: 'BlocksFinalized' }>['data'];
  const chainId = chainIdOf(event);
  if (number <= (member.finalized.get(chainId) ?? -1)) return;
  member.finalized.set(chainId, number);
  member.undo.prune(chainId, number);
}

function leaveOut(context: BatchContext, member: Member, event: RecordedEvent, error: unknown): void {
  const parked = park(event, member.projection.name, error, context.logger);
  member.parked.push(parked);
  if (parked.defect) member.defects += 1;
}

const isHandled = (member: Member, event: RecordedEvent): boolean =>
  member.position !== null && event.position <= member.position;

function handlerOf(member: Member, event: RecordedEvent): EventHandler<RecordedEvent> | undefined {
  const handlers = member.projection.handlers as Readonly<
    Record<string, EventHandler<RecordedEvent> | undefined>
  >;
  return Object.hasOwn(handlers, event.type) ? handlers[event.type] : undefined;
}

/** The block that a fact lies in; null for what no reorg takes back. */
function blockOf(event: RecordedEvent): { chainId: number; number: number } | null {
  if (!event.stream.startsWith(CHAIN_STREAM_PREFIX) || NEVER_TAKEN_BACK.has(event.type)) return null;
  const number = event.metadata.chain?.blockNumber;
  if (number === undefined) throw new BadEventError('A chain fact without its block');
  return { chainId: chainIdOf(event), number };
}

const CHAIN_STREAM_PREFIX = 'chain-';
/** Facts about blocks that lie in none. */
const NEVER_TAKEN_BACK = new Set(['BlocksReverted', 'BlocksFinalized']);

const chainIdOf = (event: RecordedEvent): number => Number(event.stream.slice(CHAIN_STREAM_PREFIX.length));
