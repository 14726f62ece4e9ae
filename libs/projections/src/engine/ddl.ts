import { createHash } from 'node:crypto';
import { escapeIdentifier } from 'pg';
import { SQL_TYPES } from './columns.js';
import type { Projection } from './projection.js';
import type { AnyTable, IndexDefinition } from './table.js';
import { columnsOf, keyColumnsOf } from './values.js';

/** Where readers find what is live: views alone. */
export const LIVE_SCHEMA = 'read_model';

export const qualified = (schema: string, table: AnyTable): string =>
  `${escapeIdentifier(schema)}.${escapeIdentifier(table.name)}`;

export function createTableSql(schema: string, table: AnyTable): string {
  return `CREATE TABLE ${qualified(schema, table)} (${columnsSql(table)}, PRIMARY KEY (${keySql(table)}))`;
}

/** Without its primary key, which comes when somebody needs it, or at the end. */
export function createUnkeyedTableSql(schema: string, table: AnyTable): string {
  return `CREATE TABLE ${qualified(schema, table)} (${columnsSql(table)})`;
}

/**
 * The primary key of a table that was made without. Of rows of one key, which a log can only have where it tells a place of the chain
 * twice, the one that was written last stays, as if the others had been overwritten.
 */
export function addKeySql(schema: string, table: AnyTable): string {
  const name = qualified(schema, table);
  const add = `ALTER TABLE ${name} ADD PRIMARY KEY (${keySql(table)});`;
  const same = keyColumnsOf(table).map(
    (column) => `older.${escapeIdentifier(column)} = newer.${escapeIdentifier(column)}`,
  );
  return `DO $do$ BEGIN
      ${add}
    EXCEPTION WHEN unique_violation THEN
      DELETE FROM ${name} older USING ${name} newer WHERE ${same.join(' AND ')} AND older.ctid < newer.ctid;
      ${add}
    END $do$`;
}

const columnsSql = (table: AnyTable): string =>
  columnsOf(table)
    .map(
      ([name, column]) =>
        `${escapeIdentifier(name)} ${SQL_TYPES[column.kind]}${column.nullable ? '' : ' NOT NULL'}`,
    )
    .join(', ');

const keySql = (table: AnyTable): string => keyColumnsOf(table).map(escapeIdentifier).join(', ');

export function createIndexesSql(schema: string, table: AnyTable): readonly string[] {
  return (table.indexes as readonly IndexDefinition[]).map(
    (index) => `CREATE INDEX ${escapeIdentifier(index.name)} ON ${qualified(schema, table)} ${index.on}`,
  );
}

/** What follows a name in an index of columns alone. */
const OF_COLUMNS = /^\([^()]*\)$/;

/**
 * Lets the planner know a table that was filled. The columns that no key and no index is about are left to the server's own turn: amounts, which
 * take most of the time to compare, while nobody looks a row up by them. Of an index on an expression it knows by a look at the whole alone.
 */
export function analyzeSql(schema: string, table: AnyTable): string {
  const indexes = (table.indexes as readonly IndexDefinition[]).map(({ on }) => on);
  const name = qualified(schema, table);
  if (!indexes.every((on) => OF_COLUMNS.test(on))) return `ANALYZE ${name}`;
  const indexed = new Set([...keyColumnsOf(table), ...indexes.flatMap((on) => on.match(/\w+/g) ?? [])]);
  const columns = columnsOf(table).filter(([column]) => indexed.has(column));
  return `ANALYZE ${name} (${columns.map(([column]) => escapeIdentifier(column)).join(', ')})`;
}

export const dropIndexesSql = (schema: string, table: AnyTable): readonly string[] =>
  (table.indexes as readonly IndexDefinition[]).map(
    ({ name }) => `DROP INDEX IF EXISTS ${escapeIdentifier(schema)}.${escapeIdentifier(name)}`,
  );

/** Changes when the tables or what is written into them do. */
export function definitionHash(projection: Projection): string {
  const hash = createHash('sha256').update(`${projection.name}/${projection.version}`);
  for (const table of projection.tables) {
    hash.update(createTableSql(LIVE_SCHEMA, table));
    hash.update(createIndexesSql(LIVE_SCHEMA, table).join(';'));
    hash.update(table.origin);
  }
  return hash.digest('hex');
}
