import {
  type Direction,
  type EventFilter,
  EventStoreUnavailableError,
  invariant,
  type Position,
  type RecordedEvent,
  type Revision,
} from '@abland/kernel';
import { isConnectionLoss } from '@abland/postgres';
import type pg from 'pg';
import type { LogReader, Scan, ScanRequest } from '../reading/log-reader.js';
import { EVENT_COLUMNS, EventDecoder, type EventRow, rowTypes } from './event-rows.js';

const REVISION_MAX = 2n ** 63n - 1n;
/** With a filter, most positions that one statement goes through: bounds its time where matches are rare. */
const WINDOW = 50_000n;

/** The statements that read. Each is one round trip. */
export class EventReader implements LogReader {
  private readonly decoder = new EventDecoder();

  constructor(private readonly pool: pg.Pool) {}

  async head(): Promise<Position> {
    const rows = await this.query<readonly [string]>(
      'SELECT position FROM event_store.events ORDER BY position DESC LIMIT 1',
      [],
    );
    return BigInt(rows[0]?.[0] ?? 0);
  }

  async contains(position: Position): Promise<boolean> {
    return position <= (await this.head());
  }

  async streamPage(
    stream: string,
    direction: Direction,
    from: Revision | null,
    limit: number,
  ): Promise<RecordedEvent[]> {
    const [compared, order] = direction === 'forward' ? ['>=', 'ASC'] : ['<=', 'DESC'];
    const rows = await this.query<EventRow>(
      `SELECT ${EVENT_COLUMNS} FROM event_store.events
       WHERE stream = $1 AND revision ${compared} $2 ORDER BY revision ${order} LIMIT $3`,
      [stream, from ?? (direction === 'forward' ? 0n : REVISION_MAX), limit],
    );
    return this.decoder.decode(rows);
  }

  async scan(request: ScanRequest): Promise<Scan> {
    const filtered = request.filter?.types !== undefined || request.filter?.streamPrefixes !== undefined;
    const step = filtered ? max(WINDOW, BigInt(request.limit)) : BigInt(request.limit);
    const forward = request.direction === 'forward';
    const end = forward ? min(request.from + step, request.to) : max(request.from - step, request.to);
    const [low, high] = forward ? [request.from + 1n, end] : [end, request.from - 1n];
    const values: unknown[] = [low, high, request.limit];
    const rows = await this.query<EventRow>(
      `SELECT ${EVENT_COLUMNS} FROM event_store.events
       WHERE position BETWEEN $1 AND $2${filterSql(request.filter, values)}
       ORDER BY position ${forward ? 'ASC' : 'DESC'} LIMIT $3`,
      values,
    );
    invariant(
      filtered || BigInt(rows.length) === high - low + 1n,
      'Events are missing from the log: a part of it is detached or damaged',
      { from: low.toString(), to: high.toString(), found: rows.length },
    );
    const events = this.decoder.decode(rows);
    const last = events.length === request.limit ? events.at(-1) : undefined;
    return { events, scannedTo: last?.position ?? end };
  }

  private async query<Row extends readonly unknown[]>(
    text: string,
    values: readonly unknown[],
  ): Promise<Row[]> {
    try {
      const query = { text, values: [...values], rowMode: 'array' as const, types: rowTypes };
      return (await this.pool.query<Row & unknown[]>(query as pg.QueryArrayConfig)).rows;
    } catch (error) {
      if (!isConnectionLoss(error)) throw error;
      throw new EventStoreUnavailableError('The event store cannot be read', {}, error);
    }
  }
}

function filterSql(filter: EventFilter | undefined, values: unknown[]): string {
  let sql = '';
  if (filter?.types !== undefined) sql += ` AND type = ANY ($${values.push(filter.types)}::text[])`;
  if (filter?.streamPrefixes !== undefined) {
    sql += ` AND stream ^@ ANY ($${values.push(filter.streamPrefixes)}::text[])`;
  }
  return sql;
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
