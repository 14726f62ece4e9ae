import {
  type Direction,
  type EventFilter,
  EventStoreUnavailableError,
  invariant,
  InvariantViolation,
  type Position,
  type RecordedEvent,
  type Revision,
} from '@abland/kernel';
import { isPassingFailure, withClient } from '@abland/postgres';
import pg from 'pg';
import type { KnownLog } from '../../reading/known-log.js';
import type { LogReader, Scan, ScanRequest, StreamPage } from '../../reading/log-reader.js';
import { isKnown, knownValues } from '../known/is-known.js';
import { isLogGone } from '../known/log-gone.js';
import { CopyRows } from './copy-rows.js';
import { EVENT_COLUMNS, EventRows } from './event-rows.js';

/** SQLSTATE of `event_store.stream_page` where a part of the log with events of the stream is detached. */
const DETACHED = 'AB002';
/** With a filter, most positions that one statement goes through: bounds its time where matches are rare. */
const WINDOW = 50_000n;
/** A page ends early where its events are more than this together: what reading needs of memory does not depend on their size. */
const PAGE_BYTES = 8 * 1_024 * 1_024;

interface HeadRow {
  readonly id: string;
  readonly known: boolean;
  readonly position: string | null;
  readonly event_id: string;
}
/** Where the log ends, and whether it is the one that is known. */
const READ_HEAD = `SELECT log.id, ${isKnown(1)} AS known, last.position, last.event_id
  FROM event_store.log LEFT JOIN LATERAL
    (SELECT position, event_id FROM event_store.events ORDER BY position DESC LIMIT 1) AS last ON true`;

/** The statements that read. Each is one round trip. */
export class EventReader implements LogReader {
  /** How many events a page should have at most, by how large the last ones were. */
  private pageEvents = Infinity;

  constructor(
    private readonly pool: pg.Pool,
    private readonly known: KnownLog,
  ) {}

  async head(): Promise<Position> {
    const { known } = this;
    const { rows } = await this.orUnavailable(() =>
      this.pool.query<HeadRow>({ text: READ_HEAD, values: [...knownValues(known)] }),
    );
    const [head] = rows;
    if (head?.known !== true) throw known.mismatch();
    known.id ??= head.id;
    if (head.position === null) return 0n;
    const position = BigInt(head.position);
    known.note({ position, id: head.event_id });
    return position;
  }

  async contains(position: Position): Promise<boolean> {
    return position <= (await this.head());
  }

  async streamPage(
    stream: string,
    direction: Direction,
    from: Revision | null,
    limit: number,
  ): Promise<StreamPage> {
    const backward = direction === 'backward';
    const start = from ?? (backward ? 'NULL' : 0n);
    const { rows, whole } = await this.page(
      (
        most,
      ) => `SELECT ${EVENT_COLUMNS} FROM event_store.stream_page(${literal(stream)}, ${start}, ${most}, ${backward})
        ORDER BY revision ${backward ? 'DESC' : 'ASC'}`,
      limit,
    );
    const events = [...rows.parts(limit)].flat();
    requireConsecutive(stream, direction, from, events);
    return { events, ended: whole && events.length < limit };
  }

  async scan(request: ScanRequest): Promise<Scan> {
    const filtered = request.filter?.types !== undefined || request.filter?.streamPrefixes !== undefined;
    const step = filtered ? max(WINDOW, BigInt(request.limit)) : BigInt(request.limit);
    const forward = request.direction === 'forward';
    const end = forward ? min(request.from + step, request.to) : max(request.from - step, request.to);
    const [low, high] = forward ? [request.from + 1n, end] : [end, request.from - 1n];
    const { rows, whole } = await this.page(
      (most) => `SELECT ${EVENT_COLUMNS} FROM event_store.events
        WHERE position BETWEEN ${low} AND ${high}${filterSql(request.filter)}
        ORDER BY position ${forward ? 'ASC' : 'DESC'} LIMIT ${most}`,
      request.limit,
    );
    invariant(
      filtered || !whole || BigInt(rows.count) === high - low + 1n,
      'Events are missing from the log: a part of it is detached or damaged',
      { from: low.toString(), to: high.toString(), found: rows.count },
    );
    const last = !whole || rows.count === request.limit ? rows.lastPosition : undefined;
    return { count: rows.count, parts: (most) => rows.parts(most), scannedTo: last ?? end };
  }

  /**
   * What a statement for a number of events gives, up to that number or a size of them all: `whole` says that it was not the
   * size. COPY takes no parameters, so that values are written into the statement.
   */
  private async page(
    select: (most: number) => string,
    limit: number,
  ): Promise<{ rows: EventRows; whole: boolean }> {
    invariant(Number.isSafeInteger(limit) && limit > 0, 'A page has a whole number of events', { limit });
    const most = Math.min(limit, this.pageEvents);
    const rows = new EventRows(PAGE_BYTES);
    const dropped = await this.orUnavailable(() =>
      withClient(this.pool, (client) => new CopyRows(select(most), rows.readRow).runOn(client)),
    );
    this.pageEvents = dropped > 0 ? rows.count : this.pageEvents * 2;
    return { rows, whole: dropped === 0 && (most === limit || rows.count < most) };
  }

  private async orUnavailable<Result>(read: () => Promise<Result>): Promise<Result> {
    try {
      return await read();
    } catch (error) {
      if (error instanceof pg.DatabaseError && error.code === DETACHED)
        throw new InvariantViolation(error.message);
      if (isLogGone(error)) throw this.known.mismatch(error);
      if (!isPassingFailure(error)) throw error;
      throw new EventStoreUnavailableError('The event store cannot be read', {}, error);
    }
  }
}

/** Revisions have no gaps; a page begins where it was asked to, or backward at the stream's end. */
function requireConsecutive(
  stream: string,
  direction: Direction,
  from: Revision | null,
  events: readonly RecordedEvent[],
): void {
  const step = direction === 'forward' ? 1n : -1n;
  let next = direction === 'forward' ? (from ?? 0n) : events[0]?.revision;
  for (const { revision } of events) {
    if (revision !== next) {
      const expected = next?.toString();
      throw new InvariantViolation('Events are missing from a stream', {
        stream,
        expected,
        found: `${revision}`,
      });
    }
    next = revision + step;
  }
}

function filterSql(filter: EventFilter | undefined): string {
  let sql = '';
  if (filter?.types !== undefined) sql += ` AND type = ANY (${array(filter.types)})`;
  if (filter?.streamPrefixes !== undefined) sql += ` AND stream ^@ ANY (${array(filter.streamPrefixes)})`;
  return sql;
}

const array = (values: readonly string[]): string => `ARRAY[${values.map(literal).join(', ')}]::text[]`;

/** PostgreSQL's text cannot hold a zero character, and a statement ends at one: nothing stored has such a name. */
const literal = (value: string): string => (value.includes('\0') ? 'NULL' : pg.escapeLiteral(value));

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
