import { randomUUID } from 'node:crypto';
import { PostgresEventStore } from '@abland/event-store';
import { type NewEvent, silentLogger } from '@abland/kernel';
import { STREAM_DOES_NOT_EXIST } from '@event-driven-io/emmett';
import { getPostgreSQLEventStore } from '@event-driven-io/emmett-postgresql';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';

/** Something that stores events on a new stream each time. */
export interface AppendSubject {
  readonly name: string;
  readonly append: (stream: string, events: readonly NewEvent[]) => Promise<unknown>;
  readonly close: () => Promise<void>;
}

export function ourStore(url: string): AppendSubject {
  const pool = new pg.Pool({ connectionString: url });
  const store = new PostgresEventStore({ pool, logger: silentLogger });
  return {
    name: 'ours',
    append: (stream, events) => store.append(stream, events, 'no_stream'),
    close: async () => {
      await store.close();
      await pool.end();
    },
  };
}

export function emmettStore(url: string): AppendSubject {
  const store = getPostgreSQLEventStore(url);
  return {
    name: 'emmett',
    append: (stream, events) =>
      store.appendToStream(
        stream,
        events.map(({ type, data, metadata }) => ({ type, data, metadata })),
        { expectedStreamVersion: STREAM_DOES_NOT_EXIST },
      ),
    close: () => store.close(),
  };
}

const PLAIN_TABLE = `CREATE TABLE IF NOT EXISTS plain_events (
  position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, stream text NOT NULL, revision bigint NOT NULL,
  id uuid NOT NULL, type text NOT NULL, data jsonb NOT NULL, metadata jsonb NOT NULL, UNIQUE (stream, revision))`;

/** A row an event, a commit an append, no checks beyond a unique index: not a store, but what most would write. */
export async function plainInserts(url: string): Promise<AppendSubject> {
  const pool = new pg.Pool({ connectionString: url, max: 16 });
  await pool.query(PLAIN_TABLE);
  return {
    name: 'plain INSERT',
    append: (stream, events) =>
      pool.query({
        name: 'plain_insert',
        text: `INSERT INTO plain_events (stream, revision, id, type, data, metadata)
          SELECT $1, place, id, type, data::jsonb, metadata::jsonb
          FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[]) WITH ORDINALITY AS n (id, type, data, metadata, place)`,
        values: [
          stream,
          events.map(({ id }) => id),
          events.map(({ type }) => type),
          events.map(({ data }) => JSON.stringify(data)),
          events.map(({ metadata }) => JSON.stringify(metadata)),
        ],
      }),
    close: () => pool.end(),
  };
}

/** The fastest way into a table of the same columns, checking nothing: what PostgreSQL can take on this machine. */
export async function copyLimit(url: string): Promise<AppendSubject> {
  const pool = new pg.Pool({ connectionString: url, max: 4 });
  await pool.query(`CREATE TABLE IF NOT EXISTS copied_events (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, stream text NOT NULL, revision bigint NOT NULL,
    id uuid NOT NULL, type text NOT NULL, data text NOT NULL, metadata text NOT NULL, UNIQUE (stream, revision))`);
  return {
    name: 'COPY',
    append: async (stream, events) => {
      const client = await pool.connect();
      try {
        const sink = client.query(
          copyFrom('COPY copied_events (stream, revision, id, type, data, metadata) FROM STDIN'),
        );
        const lines = events.map(({ id, type, data, metadata }, index) =>
          [stream, index, id, type, JSON.stringify(data), JSON.stringify(metadata)].join('\t'),
        );
        await pipeline(Readable.from([`${lines.join('\n')}\n`]), sink);
      } finally {
        client.release();
      }
    },
    close: () => pool.end(),
  };
}

export const newStream = (): string => `bench-${randomUUID()}`;
