import {
  EventStoreUnavailableError,
  LogMismatchError,
  type Position,
  type RecordedEvent,
  type Revision,
  silentLogger,
} from '@abland/kernel';
import { inTransaction, isPassingFailure, LONG_LIMITS, openPool } from '@abland/postgres';
import type pg from 'pg';
import { ADD_PARTITION, LOCK_LOG, NOTIFY, READ_REVISIONS, SEPARATOR } from './append/append-statements.js';
import type { LogImporter } from '../import/log-importer.js';

interface LogRow {
  readonly partition_size: string;
  readonly partitioned_to: string;
}

/** As an append, with the recorded time of each event instead of the commit's. */
const IMPORT_EVENTS = {
  name: 'event_store_import_events',
  text: `INSERT INTO event_store.events
      (position, recorded_at, stream, revision, run_length, event_id, type, version, data, metadata)
    SELECT $1::bigint + place, recorded_at::timestamptz,
      stream, revision::bigint, run::integer, event_id::uuid, type, version::integer, data, metadata
    FROM unnest(string_to_array($2, E'\\n'), string_to_array($3, E'\\n'), string_to_array($4, E'\\n'),
      string_to_array($5, E'\\n'), string_to_array($6, E'\\n'), string_to_array($7, E'\\n'), string_to_array($8, E'\\n'),
      string_to_array($9, E'\\n'), string_to_array($10, E'\\n'))
      WITH ORDINALITY AS new (recorded_at, stream, revision, run, event_id, type, version, data, metadata, place)`,
};
const READ_HEAD = 'SELECT position FROM event_store.events ORDER BY position DESC LIMIT 1';

/**
 * Into PostgreSQL, a page a transaction under the log's lock: one is being stored while the next one is read. The log's
 * schema must be there.
 */
export class PostgresImporter implements LogImporter {
  private readonly pool: pg.Pool;
  private head: Position | null = null;
  private storing: Promise<void> = Promise.resolve();

  constructor(connectionString: string) {
    const limits = LONG_LIMITS; // a page of any size, and parts of the log to be made for it
    this.pool = openPool({ connectionString, name: 'import', max: 1, limits, logger: silentLogger }); // the next statement tells
  }

  async add(events: readonly RecordedEvent[]): Promise<void> {
    await this.storing;
    this.storing = this.store(events);
    this.storing.catch(() => undefined); // thrown by the next call
  }

  flush(): Promise<void> {
    return this.storing;
  }

  async close(): Promise<void> {
    await this.storing.catch(() => undefined); // thrown to whoever added
    await this.pool.end();
  }

  private async store(events: readonly RecordedEvent[]): Promise<void> {
    try {
      this.head = await inTransaction(this.pool, (client) => this.storeLocked(client, events));
    } catch (error) {
      if (!isPassingFailure(error)) throw error;
      throw new EventStoreUnavailableError('The connection to the target was lost', {}, error);
    }
  }

  private async storeLocked(client: pg.PoolClient, events: readonly RecordedEvent[]): Promise<Position> {
    const { rows } = await client.query<LogRow>(LOCK_LOG);
    const last = await client.query<{ position: string }>(READ_HEAD);
    const head = BigInt(last.rows[0]?.position ?? 0);
    if (this.head !== null && this.head !== head) throw othersWrite('The log has grown meanwhile', {});
    await requireRevisions(client, events);
    const end = head + BigInt(events.length);
    const size = BigInt(rows[0]?.partition_size ?? 1);
    for (let to = BigInt(rows[0]?.partitioned_to ?? 0); to < end + size / 2n; to += size) {
      await client.query(ADD_PARTITION);
    }
    await client.query({ ...IMPORT_EVENTS, values: [head.toString(), ...columnsOf(events)] });
    await client.query({ ...NOTIFY, values: [end.toString()] });
    return end;
  }
}

/** Each stream's events follow what the log has of it. */
async function requireRevisions(client: pg.PoolClient, events: readonly RecordedEvent[]): Promise<void> {
  const names = [...new Set(events.map(({ stream }) => stream))].join(SEPARATOR);
  const { rows } = await client.query<{ name: string; revision: string | null }>({
    ...READ_REVISIONS,
    values: [names],
  });
  const next = new Map<string, Revision>(
    rows.map(({ name, revision }) => [name, BigInt(revision ?? -1) + 1n]),
  );
  for (const { stream, revision } of events) {
    if (revision !== next.get(stream)) {
      throw othersWrite(`Stream ${stream} is not where the copy left it`, {
        stream,
        revision: `${revision}`,
      });
    }
    next.set(stream, revision + 1n);
  }
}

const othersWrite = (problem: string, details: Readonly<Record<string, unknown>>): LogMismatchError =>
  new LogMismatchError(`${problem}: somebody else writes to the target`, details);

/** Events of one stream that follow each other are a run, in whatever appends they came. */
function columnsOf(events: readonly RecordedEvent[]): string[] {
  const columns: string[][] = [[], [], [], [], [], [], [], [], []];
  const [times, streams, revisions, runs, ids, types, versions, data, metadata] = columns;
  let run = 0;
  for (const [index, event] of events.entries()) {
    run += 1;
    const ends = events[index + 1]?.stream !== event.stream;
    runs?.push(ends ? run.toString() : '0');
    if (ends) run = 0;
    times?.push(event.recordedAt);
    streams?.push(event.stream);
    revisions?.push(event.revision.toString());
    ids?.push(event.id);
    types?.push(event.type);
    versions?.push(event.version.toString());
    data?.push(JSON.stringify(event.data));
    metadata?.push(JSON.stringify(event.metadata));
  }
  return columns.map((values) => values.join(SEPARATOR));
}
