import { type RawBuilder, sql } from 'kysely';
import { type Column, type ColumnKind, SQL_TYPES } from '../engine/columns.js';
import type { AnyTable } from '../engine/table.js';
import { columnsOf, keyColumnsOf } from '../engine/values.js';

type Sql = RawBuilder<unknown>;

/** A table at a position that may be long ago. */
export interface Past {
  readonly table: AnyTable;
  /** The view of the table as it is. */
  readonly present: Sql;
  readonly journal: Sql;
  /** Decimal text. */
  readonly position: string;
  /** Seconds since the epoch: no row that was there is of a later block; null: any may be. */
  readonly until: number | null;
}

export interface Wanted {
  readonly alias: string;
  /** Which rows come into question, by columns that no handler changes: an index of the table as it is finds them. */
  readonly scope: (row: Sql) => Sql;
  /** What they must be, of the row as it was. */
  readonly where: Sql;
  /** Follows `ORDER BY`, by columns that no handler changes, where the first rows alone are wanted. */
  readonly first?: { readonly order: (row: Sql) => Sql; readonly limit: number };
}

/**
 * The rows of a table as they were, of a table from which no handler deletes: each row that is still there, by its own entries in the
 * journal, and those that a reorg took away since, whatever another branch has under their keys now. What it costs grows with the
 * rows in question, not with what happened since; of a row no more columns are read than are asked for. The select has the
 * table's columns, under the alias.
 */
export function pastRows(past: Past, wanted: Wanted): Sql {
  const { alias, first, scope, where } = wanted;
  const a = sql.id(alias);
  const order = first === undefined ? sql`` : sql` ORDER BY ${first.order(NOW)}`;
  const limit = first === undefined ? sql`` : sql` LIMIT ${first.limit}::int`;
  return sql`
    (SELECT ${a}.* FROM (${asTheyWere(past, scope)}${order}) ${a} WHERE ${where}${limit})
    UNION ALL
    (SELECT ${a}.* FROM ${takenAway(past)} ${imageOf(past, alias)} WHERE ${scope(a)} AND ${where})`;
}

/** The row of a key, given in the order of the key's columns. */
export function pastRow(past: Past, alias: string, key: readonly Sql[]): Sql {
  const same = keyColumnsOf(past.table).map((column, index) => sql`now_.${sql.id(column)} = ${key[index]}`);
  return sql`
    SELECT ${sql.id(alias)}.* FROM (SELECT) one_ LEFT JOIN LATERAL (${oldestSince(past, keyArray(key))}) entry_ ON true
    CROSS JOIN LATERAL (
      SELECT now_.* FROM ${past.present} now_ WHERE entry_.changed IS NULL AND ${sql.join(same, sql` AND `)}
      UNION ALL
      SELECT was.* FROM jsonb_populate_record(NULL::${past.present}, entry_.before) was WHERE entry_.before IS NOT NULL
    ) ${sql.id(alias)}`;
}

const NOW = sql.id('now_');

/**
 * Entries `j` of a row, by the journal's index of its table and key: keys are long and begin alike, so the index has 128 bits of hash in
 * their place. Nothing but the index is asked, or the planner takes all entries of a row to sort them.
 */
export function ofRow(table: string, key: Sql): Sql {
  const asked = sql`array_prepend(${sql.lit(table)}, ${key})`;
  const same = [0, 1].map((seed) => {
    const hash = (of: Sql): Sql => sql`hash_array_extended(${of}, ${sql.lit(seed)})`;
    return sql`${hash(sql`array_prepend(j.table_name, j.row_key)`)} = ${hash(asked)}`;
  });
  return sql.join(same, sql` AND `);
}

/** The oldest entry since, of a row's key. */
const oldestSince = ({ journal, position, table }: Past, key: Sql): Sql => sql`
  SELECT true AS changed, j.before FROM ${journal} j
  WHERE ${ofRow(table.name as string, key)} AND j.position > ${position}::numeric
  ORDER BY j.position LIMIT 1`;

function asTheyWere(past: Past, scope: Wanted['scope']): Sql {
  const { present, table, until } = past;
  const key = keyColumnsOf(table);
  const columns = columnsOf(table).map(([name, column]) =>
    key.includes(name) ? sql`now_.${sql.id(name)}` : sql`${valueThen(name, column)} AS ${sql.id(name)}`,
  );
  const born =
    until === null || table.born === undefined
      ? sql`true`
      : sql`${NOW}.${sql.id(table.born)} <= ${until}::bigint`;
  const keyNow = keyArray(key.map((name) => sql`now_.${sql.id(name)}`));
  return sql`
    SELECT ${sql.join(columns)} FROM ${present} now_
    LEFT JOIN LATERAL (${oldestSince(past, keyNow)}) entry_ ON true
    WHERE ${scope(NOW)} AND ${born}
      AND (entry_.changed IS NULL OR entry_.before IS NOT NULL AND NOT ${tookAway(past, keyNow)})`;
}

/** Whether a reorg took a row away since, so that what is there now under its key is another branch's. Looked up where any was. */
const tookAway = (past: Past, key: Sql): Sql => sql`(
  (SELECT EXISTS (SELECT 1 FROM ${past.journal} taken_ WHERE ${takenSince(past)}))
  AND EXISTS (
    SELECT 1 FROM ${past.journal} j
    WHERE ${ofRow(past.table.name as string, key)} AND j.position <= ${past.position}::numeric
      AND j.taken_back_at + 0 > ${past.position}::numeric AND j.before IS NULL OFFSET 0))`;

/** Whether an entry `taken_` of the table is of how a row began, and was taken back since. */
const takenSince = ({ position, table }: Past): Sql => sql`
  taken_.taken_back_at > ${position}::numeric AND taken_.position <= ${position}::numeric
  AND taken_.table_name = ${nameOf(table)} AND taken_.before IS NULL`;

/** A column of a row: of the entry, or of the row that is there now. */
const valueThen = (name: string, { kind }: Column): Sql =>
  sql`CASE WHEN entry_.changed THEN ${imagePart(kind, sql.lit(name))} ELSE now_.${sql.id(name)} END`;

const imagePart = (kind: ColumnKind, name: Sql): Sql =>
  kind === 'json'
    ? sql`nullif(entry_.before -> ${name}, 'null')`
    : sql`(entry_.before ->> ${name})::${sql.raw(SQL_TYPES[kind])}`;

/** Entries `entry_` of rows that were there until a reorg took them away. */
const takenAway = (past: Past): Sql => sql`(
  SELECT entry_.before FROM (
    SELECT DISTINCT taken_.row_key FROM ${past.journal} taken_ WHERE ${takenSince(past)}
  ) gone_ CROSS JOIN LATERAL (${oldestSince(past, sql`gone_.row_key`)}) entry_
  WHERE entry_.before IS NOT NULL) entry_`;

const imageOf = ({ present }: Past, alias: string): Sql =>
  sql`CROSS JOIN LATERAL jsonb_populate_record(NULL::${present}, entry_.before) ${sql.id(alias)}`;

const nameOf = (table: AnyTable): Sql => sql.lit(table.name as string);

/** A row's key as the journal has it. */
export const keyArray = (values: readonly Sql[]): Sql =>
  sql`ARRAY[${sql.join(values.map((value) => sql`(${value})::text COLLATE "C"`))}]`;
