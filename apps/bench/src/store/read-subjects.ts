import type { EventStore } from '@abland/kernel';
import { readMessagesBatch } from '@event-driven-io/emmett-postgresql';
import { dumbo } from '@event-driven-io/dumbo';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';

/** Reads all events in order with payloads parsed; returns how many. */
export type ReadSubject = () => Promise<number>;

export function readOurs(store: EventStore): ReadSubject {
  return async () => {
    let count = 0;
    for await (const page of store.readAll()) count += page.length;
    return count;
  };
}

/** Catches up from nothing to the end of the log. */
export function subscribeOurs(store: EventStore): ReadSubject {
  return async () => {
    const abort = new AbortController();
    let count = 0;
    for await (const { events, live } of store.subscribeToAll({ signal: abort.signal })) {
      count += events.length;
      if (live) abort.abort();
    }
    return count;
  };
}

/** As its consumers read, in pages of the given size, up to a number of events. */
export function readEmmett(url: string, batchSize: number, max: number): ReadSubject {
  return async () => {
    const pool = dumbo({ connectionString: url });
    let count = 0;
    let after = 0n;
    for (;;) {
      const { messages, currentGlobalPosition, areMessagesLeft } = await readMessagesBatch(pool.execute, {
        after,
        batchSize,
      });
      count += messages.length;
      after = currentGlobalPosition;
      if (!areMessagesLeft || messages.length === 0 || count >= max) break;
    }
    await pool.close();
    return count;
  };
}

/** COPY of the same columns to Node, lines split and both JSON columns parsed: what the transport allows. */
export function copyOut(url: string): ReadSubject {
  return async () => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const source = client.query(
      copyTo(`COPY (SELECT position, revision, recorded_at, event_id, version, stream, type, data, metadata
        FROM event_store.events ORDER BY position) TO STDOUT`),
    );
    let count = 0;
    let rest = '';
    for await (const chunk of source as AsyncIterable<Buffer>) {
      const lines = (rest + chunk.toString('utf8')).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const columns = line.split('\t');
        JSON.parse(columns[7] ?? '');
        JSON.parse(columns[8] ?? '');
        count += 1;
      }
    }
    await client.end();
    return count;
  };
}
