import type { Clock, Position } from '@abland/kernel';
import { sql } from 'kysely';
import { journalViewOf } from '../builds/views.js';
import { chainHeads } from '../chain-head/tables.js';
import { readAt } from '../read-model/at.js';
import type { At } from '../read-model/past-state.js';
import type { ReadModel } from '../read-model/database.js';
import { AsOfError } from '../read-model/errors.js';
import { keyArray, ofRow } from '../read-model/past-rows.js';

/**
 * Which state is asked for. `block` and `blockTime` (seconds since the epoch): what was so after a block of the chain as it is known now,
 * or after its newest block at that time. `position` and `recordedAt` (milliseconds since the epoch): what was told after an event of
 * the log, or at that time, reorgs that came later or not.
 */
export type AsOf =
  | { readonly block: number }
  | { readonly blockTime: number }
  | { readonly recordedAt: number }
  | { readonly position: Position };

/** What of the log a moment is found by: of a chain, for before its first event nothing is known of it. */
export interface LogTimes {
  readonly clock: Clock;
  /** Of the newest event that was recorded by a moment; null where there was none. */
  positionRecordedBy(moment: number, chainId: number): Promise<Position | null>;
  /** Milliseconds since the epoch: when the newest event up to a position was recorded; null where there is none. */
  recordedAtPosition(position: Position, chainId: number): Promise<number | null>;
}

export interface AskedState {
  readonly chainId: number;
  readonly asOf: AsOf;
}

/**
 * The state that is asked for.
 * @throws AsOfError that names what of it cannot be answered: AS_OF_IN_FUTURE, AS_OF_BEFORE_FIRST, AS_OF_NOT_KEPT
 */
export function stateAsOf(db: ReadModel, log: LogTimes, { asOf, chainId }: AskedState): Promise<At> {
  if ('block' in asOf) return afterBlock(db, chainId, 'block', asOf.block);
  if ('blockTime' in asOf) return afterBlock(db, chainId, 'blockTime', asOf.blockTime);
  if ('recordedAt' in asOf) return toldAt(db, log, chainId, asOf.recordedAt);
  return toldAfter(db, log, chainId, asOf.position);
}

interface BlockPlace {
  head: string;
  head_time: string;
  number: string | null;
  time: string | null;
  /** Of the event that closes the block; null where it is not kept. */
  position: string | null;
}

async function afterBlock(
  db: ReadModel,
  chainId: number,
  field: 'block' | 'blockTime',
  value: number,
): Promise<At> {
  const column = sql.id(field === 'block' ? 'number' : 'time');
  const { rows } = await sql<BlockPlace>`
    SELECT h.number AS head, h.time AS head_time, b.number, b.time, (
      SELECT j.position FROM ${sql.id('read_model', journalViewOf('chain-head'))} j
      WHERE ${ofRow('blocks', keyArray([sql`${chainId}::bigint`, sql`b.number`]))}
        AND j.before IS NULL AND j.block_number IS NOT NULL AND j.taken_back_at IS NULL
      ORDER BY j.position DESC LIMIT 1) AS position
    FROM read_model.chain_heads h
    LEFT JOIN LATERAL (
      SELECT number, time FROM read_model.blocks WHERE chain_id = h.chain_id AND ${column} <= ${value}::bigint
      ORDER BY ${column} DESC, number DESC LIMIT 1) b ON true
    WHERE h.chain_id = ${chainId}::bigint`.execute(db);
  const [found] = rows;
  if (found === undefined) throw new AsOfError('AS_OF_BEFORE_FIRST', field, { first: null });
  const latest = Number(field === 'block' ? found.head : found.head_time);
  if (value > latest) throw new AsOfError('AS_OF_IN_FUTURE', field, { latest });
  if (found.number === null) throw new AsOfError('AS_OF_BEFORE_FIRST', field);
  if (found.position === null) throw new AsOfError('AS_OF_NOT_KEPT', field);
  const time = Number(found.time);
  return { chainId, field, position: found.position, time, until: time };
}

async function toldAt(db: ReadModel, log: LogTimes, chainId: number, moment: number): Promise<At> {
  if (moment > log.clock()) throw new AsOfError('AS_OF_IN_FUTURE', 'recordedAt');
  const position = await log.positionRecordedBy(moment, chainId);
  if (position === null) throw new AsOfError('AS_OF_BEFORE_FIRST', 'recordedAt');
  await requireReached(db, 'recordedAt', position);
  return told(db, chainId, { field: 'recordedAt', position, moment });
}

async function toldAfter(db: ReadModel, log: LogTimes, chainId: number, position: Position): Promise<At> {
  await requireReached(db, 'position', position);
  const moment = await log.recordedAtPosition(position, chainId);
  if (moment === null) throw new AsOfError('AS_OF_BEFORE_FIRST', 'position');
  return told(db, chainId, { field: 'position', position, moment });
}

/** @throws AsOfError AS_OF_IN_FUTURE where the read models have not got there */
async function requireReached(
  db: ReadModel,
  field: 'position' | 'recordedAt',
  position: Position,
): Promise<void> {
  const { rows } = await sql<{ latest: string | null }>`
    SELECT max(position)::text AS latest FROM projections.builds
    WHERE state = 'LIVE' AND projection = 'chain-head'`.execute(db);
  const latest = rows[0]?.latest ?? '-1';
  if (position > BigInt(latest)) throw new AsOfError('AS_OF_IN_FUTURE', field, { latest });
}

/** What was now then is what it is to present queries: the time, or that of a chain that is ahead of it. */
async function told(
  db: ReadModel,
  chainId: number,
  { field, moment, position }: { field: 'position' | 'recordedAt'; position: Position; moment: number },
): Promise<At> {
  const seconds = Math.floor(moment / 1_000);
  const at = { chainId, field, position: position.toString(), time: seconds, until: null };
  // The block after the newest may have been told in part. What a reorg took back since is found by the journal alone.
  const [head] = await readAt<{ time: string; until: string | null }>(
    db,
    { 'chain-head': [chainHeads] },
    at,
    (tables) => sql`
      SELECT h.time, (
        SELECT greatest(h.time, b.time) FROM read_model.blocks b
        WHERE b.chain_id = h.chain_id AND b.number > h.number ORDER BY b.number LIMIT 1) AS until
      FROM ${tables.row(chainHeads, 'h', { chain_id: sql`${chainId}::bigint` })}`,
  );
  const until = head?.until ?? null;
  return {
    ...at,
    time: Math.max(seconds, Number(head?.time ?? 0)),
    until: until === null ? null : Number(until),
  };
}
