import { withoutSecrets } from '@abland/kernel';
import type { Pool } from 'pg';
import { parkedEventsOf, parkedEventsSql, type ParkedByProjection } from './builds/status.js';
import { PROJECTION_NAMES } from './projections.js';
import {
  decodeCursor,
  type Page,
  type PageRequest,
  rowsToSelect,
  type SortOrder,
  toPage,
} from './read-model/page.js';

/**
 * What left it out: the reader of a log stream a message, ingestion a log, a read model an event, or a process a command that
 * follows from events.
 */
export type ParkedAt = 'STREAM' | 'INGESTION' | 'PROJECTION' | 'PROCESS';

export interface ParkedEventView {
  readonly id: string;
  readonly at: ParkedAt;
  /** The name of the ingester, the projection or the process. */
  readonly by: string;
  /** The event, or the one that a command follows from. */
  readonly eventId: string;
  /** Of the event in the log; null where it is not told. */
  readonly position: bigint | null;
  readonly stream: string;
  /** Of the event, or of the command. */
  readonly type: string;
  readonly code: string;
  readonly reason: string;
  /** Our own code broke, rather than the event being wrong; null where that is not told. */
  readonly defect: boolean | null;
  readonly parkedAt: string;
}

interface ParkedRow {
  id: string;
  at: ParkedAt;
  by: string;
  event_id: string;
  position: string | null;
  stream: string;
  type: string;
  code: string;
  reason: string;
  defect: boolean | null;
  parked_at: Date;
  sort_time: string;
}

/** SELECT of what live projections left out: projection, event_id, position, stream, type, code, reason, defect, parked_at. */
export const PARKED_EVENTS_SQL = parkedEventsSql(PROJECTION_NAMES);

/** By microseconds since the epoch, then by id. */
const OLDEST: SortOrder = { name: 'parked', parts: ['int8', 'text'] };
const MICROSECONDS = '(extract(epoch FROM parked_at) * 1000000)::bigint';

const OF_PROJECTIONS = `
  SELECT 'PROJECTION/' || projection || '/' || event_id AS id, 'PROJECTION' AS at, projection AS by, event_id::text, position,
    stream, type, code, reason, defect, parked_at, ${MICROSECONDS} AS sort_time
  FROM (${PARKED_EVENTS_SQL}) parked_by_projections`;
const OF_INGESTION = `
  SELECT 'INGESTION/' || chain_id || '/' || event_id AS id, 'INGESTION' AS at, 'ingester-' || chain_id AS by, event_id, NULL AS position,
    'chain-' || chain_id AS stream, 'LogParked' AS type, code, reason, NULL AS defect, told.parked_at, ${MICROSECONDS} AS sort_time
  FROM (SELECT chain_id, event_id, code, reason, parked_at::timestamptz FROM read_model.parked_logs) told`;
const OF_STREAMS = `
  SELECT 'STREAM/' || chain_id || '/' || event_id AS id, 'STREAM' AS at, 'ingester-' || chain_id AS by, event_id, NULL AS position,
    topic AS stream, 'MessageParked' AS type, code, reason, NULL AS defect, told.parked_at, ${MICROSECONDS} AS sort_time
  FROM (SELECT chain_id, event_id, topic, code, reason, parked_at::timestamptz FROM read_model.parked_messages) told`;
const OF_PROCESSES = `
  SELECT 'PROCESS/' || process || '/' || stream || '/' || type || '/' || cause_id AS id, 'PROCESS' AS at, process AS by, cause_id AS event_id, NULL AS position,
    stream, type, code, reason, NULL AS defect, parked_at, ${MICROSECONDS} AS sort_time
  FROM processes.parked`;

/**
 * What was left out, wherever that stands, oldest first.
 * @throws InvalidCursorError, InvalidPageSizeError
 */
export async function listParkedEvents(
  pool: Pool,
  input: { readonly at?: ParkedAt | null; readonly page: PageRequest },
): Promise<Page<ParkedEventView>> {
  const { at = null, page } = input;
  const [time, id] = decodeCursor(OLDEST, page.after) ?? [null, null];
  const limit = rowsToSelect(page);
  const there = await tablesThere(pool);
  const parts = [
    OF_PROJECTIONS,
    ...(there.ingestion ? [OF_INGESTION, OF_STREAMS] : []),
    ...(there.processes ? [OF_PROCESSES] : []),
  ];
  const { rows } = await pool.query<ParkedRow>(
    `SELECT * FROM (${parts.join(' UNION ALL ')}) parked
     WHERE ($1::text IS NULL OR at = $1) AND ($2::bigint IS NULL OR (sort_time, id) > ($2, $3::text))
     ORDER BY sort_time, id LIMIT $4`,
    [at, time, id, limit],
  );
  return toPage(rows, page, OLDEST, (row) => [row.sort_time, row.id], viewOf);
}

/** Those streams of which an event, or a command to them, was left out by a read model or a process. */
export async function parkedStreams(pool: Pool, streams: readonly string[]): Promise<ReadonlySet<string>> {
  const there = await tablesThere(pool);
  const parts = [
    `SELECT stream FROM (${PARKED_EVENTS_SQL}) by_projections`,
    ...(there.processes ? ['SELECT stream FROM processes.parked'] : []),
  ];
  const { rows } = await pool.query<{ stream: string }>(
    `SELECT DISTINCT stream FROM (${parts.join(' UNION ALL ')}) parked WHERE stream = ANY($1)`,
    [streams],
  );
  return new Set(rows.map(({ stream }) => stream));
}

/** Workers and projectors make their tables: before the first one there is nothing of them to tell. */
async function tablesThere(pool: Pool): Promise<{ processes: boolean; ingestion: boolean }> {
  const { rows } = await pool.query<{ processes: boolean; ingestion: boolean }>(
    `SELECT to_regclass('processes.parked') IS NOT NULL AS processes,
       to_regclass('read_model.parked_logs') IS NOT NULL AS ingestion`,
  );
  return rows[0] ?? { processes: false, ingestion: false };
}

const viewOf = ({
  event_id,
  parked_at,
  position,
  reason,
  sort_time: _,
  ...row
}: ParkedRow): ParkedEventView => ({
  ...row,
  eventId: event_id,
  position: position === null ? null : BigInt(position),
  reason: withoutSecrets(reason),
  parkedAt: parked_at.toISOString(),
});

/** Events that live projections left out, oldest first. */
export const parkedEvents = (pool: Pool, limit?: number): Promise<readonly ParkedByProjection[]> =>
  parkedEventsOf(pool, PROJECTION_NAMES, limit);
