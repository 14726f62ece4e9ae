import type { ClientBase } from 'pg';
import { escapeIdentifier } from 'pg';
import { isLockTimeout } from '@abland/postgres';
import {
  analyzeSql,
  createIndexesSql,
  createTableSql,
  createUnkeyedTableSql,
  dropIndexesSql,
  qualified,
} from '../engine/ddl.js';
import type { Projection } from '../engine/projection.js';
import type { Build } from '../engine/build.js';
import type { Execute, Session } from '../engine/session.js';
import type { AnyTable } from '../engine/table.js';
import { endComparison } from './comparer.js';

/** What each build has besides its tables. */
export const JOURNAL = 'journal';
export const PARKED_EVENTS = 'parked_events';

/** A build's empty tables, its journal and its parked events. Keys and indexes come later where much is to be read in. */
export async function createBuildSchema(
  client: ClientBase,
  { schema, indexed }: Pick<Build, 'schema' | 'indexed'>,
  projection: Projection,
): Promise<void> {
  const name = escapeIdentifier(schema);
  const create = indexed ? createTableSql : createUnkeyedTableSql;
  const statements = [
    `CREATE SCHEMA ${name}`,
    `CREATE TABLE ${name}.${JOURNAL} (LIKE projections.journal_of_a_build INCLUDING ALL)`,
    `CREATE TABLE ${name}.${PARKED_EVENTS} (LIKE projections.parked_by_a_build INCLUDING ALL)`,
    ...projection.tables.map((table) => create(schema, table)),
    ...(indexed ? projection.tables.flatMap((table) => createIndexesSql(schema, table)) : []),
  ];
  await client.query(statements.join(';'));
}

/** Those that are not there yet. */
export async function createIndexes(execute: Execute, schema: string, projection: Projection): Promise<void> {
  for (const table of projection.tables) {
    for (const statement of createIndexesSql(schema, table)) {
      await execute(statement.replace('CREATE INDEX', 'CREATE INDEX IF NOT EXISTS'));
    }
    await execute(analyzeSql(schema, table));
  }
}

/** Milliseconds: whoever reads a table goes on reading it, and those who come wait for nobody who waits for them. */
const DROP_WITHIN_MS = 500;

/**
 * Ends a transaction with secondary indexes taken away from builds, and that noted; false where readers were in the way and nothing was
 * changed.
 */
export async function dropIndexes(
  client: Pick<ClientBase, 'query'>,
  builds: readonly { readonly id: number; readonly schema: string; readonly projection: Projection }[],
): Promise<boolean> {
  try {
    await client.query(`SET LOCAL lock_timeout = '${DROP_WITHIN_MS}ms'`);
    const drops = builds.flatMap(({ projection, schema }) =>
      projection.tables.flatMap((table) => dropIndexesSql(schema, table)),
    );
    await client.query(drops.join(';'));
    const ids = builds.map(({ id }) => id);
    await client.query('UPDATE projections.builds SET indexed = false WHERE id = ANY($1)', [ids]);
    await client.query('COMMIT');
    return true;
  } catch (error) {
    if (!isLockTimeout(error)) throw error;
    await client.query('ROLLBACK');
    return false;
  }
}

/** Tables of a build that have no primary key yet. */
export async function unkeyedTables(
  client: Session,
  schema: string,
  projection: Projection,
): Promise<readonly AnyTable[]> {
  const { rows } = await client.query<{ name: string }>({
    text: `SELECT c.relname AS name FROM pg_class c JOIN pg_index i ON i.indrelid = c.oid
           WHERE c.relnamespace = to_regnamespace($1) AND i.indisprimary`,
    values: [schema],
  });
  const keyed = new Set(rows.map(({ name }) => name));
  return projection.tables.filter((table) => !keyed.has(table.name as string));
}

/** Whether somebody took a table away: what is left is of no use. */
export async function isWhole(
  client: ClientBase,
  { schema }: Build,
  projection: Projection,
): Promise<boolean> {
  const names = projection.tables.map((table) => qualified(schema, table));
  const kept = [JOURNAL, PARKED_EVENTS].map((table) => `${escapeIdentifier(schema)}.${table}`);
  const { rows } = await client.query<{ whole: boolean }>(
    'SELECT bool_and(to_regclass(name) IS NOT NULL) AS whole FROM unnest($1::text[]) AS name',
    [[...names, ...kept]],
  );
  return rows[0]?.whole === true;
}

/** All of a build, with its row. */
export async function dropBuild(
  client: ClientBase,
  { id, schema }: Pick<Build, 'id' | 'schema'>,
): Promise<void> {
  await endComparison(client, id);
  await client.query(`DROP SCHEMA IF EXISTS ${escapeIdentifier(schema)} CASCADE`);
  await client.query('DELETE FROM projections.builds WHERE id = $1', [id]);
}
