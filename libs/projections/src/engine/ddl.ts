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
  const columns = columnsOf(table).map(
    ([name, column]) =>
      `${escapeIdentifier(name)} ${SQL_TYPES[column.kind]}${column.nullable ? '' : ' NOT NULL'}`,
  );
  const key = keyColumnsOf(table).map(escapeIdentifier).join(', ');
  return `CREATE TABLE ${qualified(schema, table)} (${columns.join(', ')}, PRIMARY KEY (${key}))`;
}

export function createIndexesSql(schema: string, table: AnyTable): readonly string[] {
  return (table.indexes as readonly IndexDefinition[]).map(
    (index) => `CREATE INDEX ${escapeIdentifier(index.name)} ON ${qualified(schema, table)} ${index.on}`,
  );
}

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
