import { type RawBuilder, sql } from 'kysely';
import { SQL_TYPES } from '../engine/columns.js';
import type { AnyTable } from '../engine/table.js';
import { columnsOf, keyColumnsOf } from '../engine/values.js';

type Sql = RawBuilder<unknown>;

/** A table at a position that may be long ago. */
export interface Past {
  readonly table: AnyTable;
  /** The view of the table as it is. */
  readonly present: Sql;
  readonly journal: Sql;
  /** Decimal text; null: before the first event. */
  readonly position: string;
}

export interface Wanted {
  readonly alias: string;
  /** Which rows come into question, by columns that never change: an index of the table as it is finds them. */
  readonly scope: (row: Sql) => Sql;
  /** What they must be, of the row as it was. */
  readonly where: Sql;
  /** Follows `ORDER BY`, by columns that never change, where the first rows alone are wanted. */
  readonly first?: { readonly order: (row: Sql) => Sql; readonly limit: number };
}

/**
 * The rows of a table as they were, of a table from which no handler deletes: each row that is there now, by its own entries in the
 * journal, and those that a reorg took away since. What it costs grows with the rows in question, not with what happened since.
 * The select has the table's columns, under the alias.
 */
export function pastRows(past: Past, wanted: Wanted): Sql {
  const { alias, first, scope, where } = wanted;
  const a = sql.id(alias);
  const limited = first === undefined ? sql`` : sql` ORDER BY ${first.order(NOW)} LIMIT ${first.limit}::int`;
  return sql`
    (SELECT ${a}.* FROM ${past.present} now_ ${asItWas(past, alias)} WHERE ${scope(NOW)} AND ${where}${limited})
    UNION ALL
    (SELECT ${a}.* FROM ${takenAway(past)} ${imageOf(past, alias)} WHERE ${scope(a)} AND ${where})`;
}

const NOW = sql.id('now_');

/** The oldest entry since, of a row's key. */
const oldestSince = ({ journal, position, table }: Past, key: Sql): Sql => sql`
  SELECT true AS changed, j.before FROM ${journal} j
  WHERE j.table_name = ${nameOf(table)} AND j.row_key = ${key} AND j.position > ${position}::numeric
  ORDER BY j.position LIMIT 1`;

function asItWas(past: Past, alias: string): Sql {
  const key = keyArray(keyColumnsOf(past.table).map((column) => sql`now_.${sql.id(column)}`));
  return sql`
    LEFT JOIN LATERAL (${oldestSince(past, key)}) entry_ ON true
    CROSS JOIN LATERAL (
      SELECT now_.* WHERE entry_.changed IS NULL
      UNION ALL
      SELECT was.* FROM jsonb_populate_record(NULL::${past.present}, entry_.before) was WHERE entry_.before IS NOT NULL
    ) ${sql.id(alias)}`;
}

/** Entries `entry_` of rows that were there, and are not now. */
function takenAway(past: Past): Sql {
  const { journal, position, present, table } = past;
  const kinds = new Map(columnsOf(table).map(([name, { kind }]) => [name, kind]));
  const same = keyColumnsOf(table).map((column, index) => {
    const type = sql.raw(SQL_TYPES[kinds.get(column) ?? 'text']);
    return sql`now_.${sql.id(column)} = gone_.row_key[${sql.lit(index + 1)}]::${type}`;
  });
  return sql`(
    SELECT entry_.before FROM (
      SELECT DISTINCT taken_.row_key FROM ${journal} taken_
      WHERE taken_.taken_back_at > ${position}::numeric AND taken_.position <= ${position}::numeric
        AND taken_.table_name = ${nameOf(table)} AND taken_.before IS NULL
    ) gone_ CROSS JOIN LATERAL (${oldestSince(past, sql`gone_.row_key`)}) entry_
    WHERE entry_.before IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ${present} now_ WHERE ${sql.join(same, sql` AND `)})
  ) entry_`;
}

const imageOf = ({ present }: Past, alias: string): Sql =>
  sql`CROSS JOIN LATERAL jsonb_populate_record(NULL::${present}, entry_.before) ${sql.id(alias)}`;

const nameOf = (table: AnyTable): Sql => sql.lit(table.name as string);

/** A row's key as the journal has it. */
export const keyArray = (values: readonly Sql[]): Sql =>
  sql`ARRAY[${sql.join(values.map((value) => sql`(${value})::text COLLATE "C"`))}]`;
