import { withoutSecrets } from '@abland/kernel';
import type { Pool } from 'pg';
import { concern } from './engine/concerns.js';
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
  /** Where our code was; null where that was not kept. */
  readonly stack: string | null;
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
  stack: string | null;
  parked_at: Date;
  sort_time: string;
}

/** SELECT of what live projections left out: projection, event_id, position, stream, type, code, reason, defect, parked_at. */
export const PARKED_EVENTS_SQL = parkedEventsSql(PROJECTION_NAMES);

/** By microseconds since the epoch, then by id. */
const OLDEST: SortOrder = { name: 'parked', parts: ['int8', 'text'] };
const MICROSECONDS = '(extract(epoch FROM parked_at) * 1000000)::bigint';

const ofProjections = (stacks: boolean): string => `
  SELECT 'PROJECTION/' || projection || '/' || event_id AS id, 'PROJECTION' AS at, projection AS by, event_id::text, position,
    stream, type, code, reason, defect, ${stacks ? 'stack' : 'NULL AS stack'}, parked_at, ${MICROSECONDS} AS sort_time
  FROM (${parkedEventsSql(PROJECTION_NAMES, stacks ? ', stack' : '')}) parked_by_projections`;
const OF_INGESTION = `
  SELECT 'INGESTION/' || chain_id || '/' || event_id AS id, 'INGESTION' AS at, 'ingester-' || chain_id AS by, event_id, NULL AS position,
    'chain-' || chain_id AS stream, 'LogParked' AS type, code, reason, NULL AS defect, NULL AS stack, told.parked_at, ${MICROSECONDS} AS sort_time
  FROM (SELECT chain_id, event_id, code, reason, parked_at::timestamptz FROM read_model.parked_logs) told`;
const OF_STREAMS = `
  SELECT 'STREAM/' || chain_id || '/' || event_id AS id, 'STREAM' AS at, 'ingester-' || chain_id AS by, event_id, NULL AS position,
    topic AS stream, 'MessageParked' AS type, code, reason, NULL AS defect, NULL AS stack, told.parked_at, ${MICROSECONDS} AS sort_time
  FROM (SELECT chain_id, event_id, topic, code, reason, parked_at::timestamptz FROM read_model.parked_messages) told`;
const ofProcesses = (stacks: boolean): string => `
  SELECT 'PROCESS/' || process || '/' || stream || '/' || type || '/' || cause_id AS id, 'PROCESS' AS at, process AS by, cause_id AS event_id, NULL AS position,
    stream, type, code, reason, NULL AS defect, ${stacks ? 'stack' : 'NULL AS stack'}, parked_at, ${MICROSECONDS} AS sort_time
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
    ofProjections(there.concerns),
    ...(there.ingestion ? [OF_INGESTION, OF_STREAMS] : []),
    ...(there.processes ? [ofProcesses(there.stacks)] : []),
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

/** Logs that are parked of a chain, the oldest first, are looked through as far as here for what they name. */
const LOGS_LOOKED_AT = 1_000;

/**
 * Those tokens and pools of a chain, by address and id, about which a read model left an event out, or ingestion a log: what is told of
 * them may lack that.
 */
export async function parkedAbout(
  pool: Pool,
  chainId: number,
  addressesOrIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const there = await tablesThere(pool);
  const concerns = addressesOrIds.map((name) => concern(chainId, name));
  const parts = [
    ...(there.concerns
      ? [
          `SELECT asked.name FROM asked JOIN (
             SELECT DISTINCT unnest(concerns) AS concern FROM (${parkedEventsSql(PROJECTION_NAMES, ', concerns')}) p
             WHERE concerns && (SELECT array_agg(concern) FROM asked)) p USING (concern)`,
        ]
      : []),
    ...(there.ingestion
      ? [
          `SELECT asked.name FROM asked WHERE EXISTS (
             SELECT FROM logs WHERE position(lower(substr(asked.name, 3)) IN logs.told) > 0)`,
        ]
      : []),
  ];
  if (parts.length === 0) return new Set();
  const logs = there.ingestion
    ? `, logs AS MATERIALIZED (
         SELECT lower(log::text) AS told FROM read_model.parked_logs WHERE chain_id = $3
         ORDER BY block_number, log_index LIMIT ${LOGS_LOOKED_AT})`
    : '';
  const { rows } = await pool.query<{ name: string }>(
    `WITH asked AS MATERIALIZED (SELECT * FROM unnest($1::text[], $2::text[]) AS a(name, concern) WHERE $3::bigint IS NOT NULL)${logs}
     ${parts.join(' UNION ')}`,
    [addressesOrIds, concerns, chainId],
  );
  return new Set(rows.map(({ name }) => name));
}

interface TablesThere {
  readonly processes: boolean;
  readonly ingestion: boolean;
  /** Whether they say what they concern, and where our code was: those of an older version do not. */
  readonly concerns: boolean;
  readonly stacks: boolean;
}

const hasColumn = (table: string, column: string): string =>
  `EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass('${table}') AND attname = '${column}')`;

/** Workers and projectors make their tables: before the first one there is nothing of them to tell. */
async function tablesThere(pool: Pool): Promise<TablesThere> {
  const { rows } = await pool.query<TablesThere>(
    `SELECT to_regclass('processes.parked') IS NOT NULL AS processes,
       to_regclass('read_model.parked_logs') IS NOT NULL AS ingestion,
       ${hasColumn('projections.parked_by_a_build', 'concerns')} AS concerns,
       ${hasColumn('processes.parked', 'stack')} AS stacks`,
  );
  return rows[0] ?? { processes: false, ingestion: false, concerns: false, stacks: false };
}

const viewOf = ({
  event_id,
  parked_at,
  position,
  reason,
  sort_time: _,
  stack,
  ...row
}: ParkedRow): ParkedEventView => ({
  ...row,
  eventId: event_id,
  position: position === null ? null : BigInt(position),
  reason: withoutSecrets(reason),
  stack: stack === null ? null : withoutSecrets(stack),
  parkedAt: parked_at.toISOString(),
});

/** Events that live projections left out, oldest first. */
export const parkedEvents = (pool: Pool, limit?: number): Promise<readonly ParkedByProjection[]> =>
  parkedEventsOf(pool, PROJECTION_NAMES, limit);
