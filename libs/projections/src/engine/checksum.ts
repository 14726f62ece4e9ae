import { createHash } from 'node:crypto';
import { withClient } from '@abland/postgres';
import { type ClientBase, escapeIdentifier, type Pool, type PoolClient } from 'pg';
import { readBuilds } from './build-rows.js';
import { definitionHash } from './ddl.js';
import { ReadModelNotYetError } from './errors.js';
import type { Projection } from './projection.js';
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
          ...(await checksumOf(client, {
            ...{ schema, table: table.name as string },
            ...{ columns: columnsOf(table).map(([name]) => name), key: keyColumnsOf(table) },
          })),
        });
      }
    }
    await client.query('COMMIT');
    tables.sort((a, b) => (a.table < b.table ? -1 : 1));
    return { tables, total: totalOf(tables) };
  });
}

/** Of tables in the order of their names. */
export function totalOf(tables: readonly Pick<TableChecksum, 'table' | 'checksum'>[]): string {
  const total = createHash('sha256');
  for (const { table, checksum } of tables) total.update(`${table} ${checksum}\n`);
  return total.digest('hex');
}

async function liveSchema(client: PoolClient, projection: Projection): Promise<string> {
  const { name } = projection;
  const live = (await readBuilds(client)).find(
    (build) => build.projection === name && build.state === 'LIVE',
  );
  if (live?.definition !== definitionHash(projection)) throw new ReadModelNotYetError([name]);
  return live.schema;
}

/** A table as it lies in a schema: its columns as its definition has them, and those of its key in their order. */
export interface StoredTable {
  readonly schema: string;
  readonly table: string;
  readonly columns: readonly string[];
  readonly key: readonly string[];
}

/** In a transaction of which the rows are those of one moment. */
export async function checksumOf(
  client: ClientBase,
  { columns, key, schema, table }: StoredTable,
): Promise<{ rows: number; checksum: string }> {
  const [row, order] = [columns, key].map((names) => names.map(escapeIdentifier).join(', '));
  await client.query(
    `DECLARE checksum_rows NO SCROLL CURSOR FOR
     SELECT ROW(${row})::text AS line FROM ${escapeIdentifier(schema)}.${escapeIdentifier(table)} ORDER BY ${order}`,
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
