import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { EventStore } from '@abland/kernel';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { NAIVE_TABLES, NaiveTables } from './naive-tables.js';

const LINES_A_CHUNK = 2_000;

/**
 * What one would write for a rebuild and no more: fold the whole log in memory, COPY into new tables, index them, switch. It cannot be
 * resumed, follows nothing, knows no reorg, and its memory grows with the tables. Returns how many events it folded.
 */
export async function naiveRebuild(url: string, store: EventStore): Promise<number> {
  const tables = new NaiveTables();
  let count = 0;
  for await (const page of store.readAll()) {
    for (const event of page) tables.fold(event);
    count += page.length;
  }
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('DROP SCHEMA IF EXISTS naive_next CASCADE; CREATE SCHEMA naive_next');
  for (const [name, { after, columns }] of Object.entries(NAIVE_TABLES)) {
    const table = `naive_next.${name}`;
    await client.query(`CREATE TABLE ${table} (${columns})`);
    await pipeline(
      Readable.from(chunks(tables.lines(name))),
      client.query(copyFrom(`COPY ${table} FROM STDIN`)),
    );
    for (const what of after)
      await client.query(
        what.startsWith('INDEX')
          ? `CREATE INDEX ON ${table} ${what.slice(6)}`
          : `ALTER TABLE ${table} ${what}`,
      );
  }
  await client.query(
    'BEGIN; DROP SCHEMA IF EXISTS naive CASCADE; ALTER SCHEMA naive_next RENAME TO naive; COMMIT',
  );
  await client.end();
  return count;
}

function* chunks(lines: Iterable<string>): Generator<string> {
  let chunk = '';
  let count = 0;
  for (const line of lines) {
    chunk += line;
    count += 1;
    if (count % LINES_A_CHUNK !== 0) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}
