import { createHash } from 'node:crypto';
import { withClient } from '@abland/postgres';
import { escapeIdentifier } from 'pg';
import type { Pool, PoolClient } from 'pg';
import { readBuilds } from './build-rows.js';
import { definitionHash, qualified } from './ddl.js';
import { ReadModelNotYetError } from './errors.js';
import type { Projection } from './projection.js';
import type { AnyTable } from './table.js';
import { columnsOf, keyColumnsOf } from './values.js';

export interface TableChecksum {
  readonly projection: string;
  readonly table: string;
  readonly rows: number;
  /** SHA-256 in hexadecimal over the rows as text in the order of their keys. */
  readonly checksum: string;
}

export interface StateChecksum {
  readonly tables: readonly TableChecksum[];
  /** SHA-256 over the tables' checksums, by name. */
  readonly total: string;
}

const ROWS_A_FETCH = 5_000;

/**
 * Checksums of all live tables at one moment, streamed: memory does not grow with the tables.
 * @throws ReadModelNotYetError where the live ones are of another version
 */
export async function checksumTables(pool: Pool, projections: readonly Projection[]): Promise<StateChecksum> {
  return withClient(pool, async (client) => {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const tables: TableChecksum[] = [];
    for (const projection of projections) {
      const schema = await liveSchema(client, projection);
      for (const table of projection.tables) {
        tables.push({
          projection: projection.name,
          table: table.name,
          ...(await checksumOf(client, schema, table)),
        });
      }
    }
    await client.query('COMMIT');
    tables.sort((a, b) => (a.table < b.table ? -1 : 1));
    const total = createHash('sha256');
    for (const { table, checksum } of tables) total.update(`${table} ${checksum}\n`);
    return { tables, total: total.digest('hex') };
  });
}

async function liveSchema(client: PoolClient, projection: Projection): Promise<string> {
  const { name } = projection;
  const live = (await readBuilds(client)).find(
    (build) => build.projection === name && build.state === 'LIVE',
  );
  if (live?.definition !== definitionHash(projection)) throw new ReadModelNotYetError([name]);
  return live.schema;
}

async function checksumOf(
  client: PoolClient,
  schema: string,
  table: AnyTable,
): Promise<{ rows: number; checksum: string }> {
  const columns = columnsOf(table).map(([name]) => escapeIdentifier(name));
  const order = keyColumnsOf(table).map(escapeIdentifier);
  await client.query(
    `DECLARE checksum_rows NO SCROLL CURSOR FOR
     SELECT ROW(${columns.join(', ')})::text AS line FROM ${qualified(schema, table)} ORDER BY ${order.join(', ')}`,
  );
  const hash = createHash('sha256');
  let rows = 0;
  for (;;) {
    const page = await client.query<{ line: string }>(`FETCH ${ROWS_A_FETCH} FROM checksum_rows`);
    for (const { line } of page.rows) hash.update(line).update('\n');
    rows += page.rows.length;
    if (page.rows.length < ROWS_A_FETCH) break;
  }
  await client.query('CLOSE checksum_rows');
  return { rows, checksum: hash.digest('hex') };
}
