import { InvariantViolation } from '@abland/kernel';
import { type RawBuilder, sql } from 'kysely';
import { journalViewOf } from '../builds/views.js';
import type { AnyTable } from '../engine/table.js';
import { keyColumnsOf } from '../engine/values.js';
import type { Moment, Reads } from './moment.js';
import type { At } from './past-state.js';
import { keyArray, ofRow, type Past, pastRow, pastRows } from './past-rows.js';

/** SQL whose columns are known to whoever writes it. */
export type Sql = RawBuilder<unknown>;

export interface Listed {
  readonly where: Sql;
  /** What of `where` goes by columns that no handler changes: at a moment long ago it finds the rows that come into question. */
  readonly scope?: Scope;
  /** What follows ORDER BY. */
  readonly order: Sql;
  /** The same where it goes by columns that no handler changes. */
  readonly lastingOrder?: Scope;
  readonly limit: number;
  /** What else must be so, and takes long to see: at a moment long ago looked at in order, until the page is full. */
  readonly late?: Sql;
}

/** Of the row that the alias or expression names. */
export type Scope = (row: Sql) => Sql;

/**
 * The tables of `read_model` as they are, or as they were at a moment: of a row that was changed since, what the journal's
 * oldest later entry has of it. Each method gives an item of FROM, named by its alias, whose conditions may name what stands
 * before it. A present table is read as if it stood there alone.
 */
export class Tables {
  private readonly keepers: ReadonlyMap<AnyTable, string>;

  /** @param moment null: as they are; `longAgo`: the state that it is of, where much may have happened since */
  constructor(
    reads: Reads,
    private readonly moment: Moment | null,
    private readonly longAgo: At | null = null,
  ) {
    this.keepers = new Map(
      Object.entries(reads).flatMap(([projection, tables]) => tables.map((table) => [table, projection])),
    );
  }

  /** All rows that match. */
  rows(table: AnyTable, alias: string, where: Sql, scope: Scope = ANY): Sql {
    const past = this.past(table);
    if (past !== null) return sql`LATERAL (${pastRows(past, { alias, scope, where })}) ${sql.id(alias)}`;
    const { a, standing } = this.parts(table, alias, sql`${scope(sql.id(alias))} AND ${where}`);
    if (this.moment === null) return sql`LATERAL (${standing}) ${a}`;
    return sql`LATERAL (${standing} UNION ALL ${this.changed(table, alias, sql`${scope(a)} AND ${where}`)}) ${a}`;
  }

  /** The first rows that match, in order: the reader orders them again. Few entries leave the table's index in use. */
  page(table: AnyTable, alias: string, listed: Listed): Sql {
    const { late = sql`true`, limit, order, scope = ANY } = listed;
    const past = this.past(table);
    if (past !== null) return this.pastPage(past, alias, listed);
    const first = sql`ORDER BY ${order} LIMIT ${limit}::int`;
    const where = sql`${scope(sql.id(alias))} AND ${listed.where} AND ${late}`;
    const { a, standing } = this.parts(table, alias, where);
    if (this.moment === null) return sql`LATERAL (${standing} ${first}) ${a}`;
    return sql`LATERAL (
      SELECT ${a}.* FROM (
        (${standing} ${first}) UNION ALL (${this.changed(table, alias, where)} ${first})
      ) ${a} ${first}) ${a}`;
  }

  /** Of rows that are ordered by what changes, only what orders them is read of all, and the rest of the first. */
  private pastPage(past: Past, alias: string, listed: Listed): Sql {
    const { lastingOrder, late = sql`true`, limit, order, scope = ANY, where } = listed;
    const a = sql.id(alias);
    if (lastingOrder !== undefined) {
      const first = { order: lastingOrder, limit };
      const found = pastRows(past, { alias, scope, where: sql`${where} AND ${late}`, first });
      return sql`LATERAL (SELECT ${a}.* FROM (${found}) ${a} ORDER BY ${order} LIMIT ${limit}::int) ${a}`;
    }
    const key = keyColumnsOf(past.table);
    const ranked = sql`SELECT ${a}.* FROM (${pastRows(past, { alias, scope, where })}) ${a} ORDER BY ${order} OFFSET 0`;
    const keys = sql.join(key.map((column) => sql`${a}.${sql.id(column)}`));
    const row = pastRow(
      past,
      alias,
      key.map((column) => sql`top_.${sql.id(column)}`),
    );
    return sql`LATERAL (
      SELECT ${a}.* FROM (SELECT ${keys} FROM (${ranked}) ${a} WHERE ${late} LIMIT ${limit}::int) top_
      JOIN LATERAL (${row}) ${a} ON true ORDER BY ${order}) ${a}`;
  }

  /**
   * Rows whose keys a query looks for in other tables of the same state, by columns that no handler changes. Rows that came after a
   * cursor's state may be among them; none is missing, since no reorg took back anything of it.
   */
  found(table: AnyTable, alias: string, scope: Scope): Sql {
    if (this.past(table) !== null) return this.rows(table, alias, sql`true`, scope);
    const a = sql.id(alias);
    return sql`LATERAL (SELECT ${a}.* FROM ${nameOf(table)} ${a} WHERE ${scope(a)}) ${a}`;
  }

  /** The row of a key, whose values are given by column, where it matches. */
  row(table: AnyTable, alias: string, key: Readonly<Record<string, Sql>>): Sql {
    const a = sql.id(alias);
    const columns = keyColumnsOf(table);
    const past = this.past(table);
    if (past !== null)
      return sql`LATERAL (${pastRow(
        past,
        alias,
        columns.map((column) => key[column] as Sql),
      )}) ${a}`;
    const same = columns.map((column) => sql`${a}.${sql.id(column)} = ${key[column]}`);
    const { standing } = this.parts(table, alias, sql.join(same, sql` AND `));
    if (this.moment === null) return sql`LATERAL (${standing}) ${a}`;
    const ofKey = this.later(table, keyArray(columns.map((column) => key[column] as Sql)));
    return sql`LATERAL (
      ${standing} UNION ALL
      SELECT ${a}.* FROM (
        SELECT j.before FROM ${this.journalOf(table)} j WHERE ${ofKey} ORDER BY j.position LIMIT 1
      ) e ${imageOf(table, alias)} WHERE e.before IS NOT NULL) ${a}`;
  }

  private past(table: AnyTable): Past | null {
    if (this.moment === null || this.longAgo === null) return null;
    const position = this.moment.get(this.keeperOf(table)) ?? '-1';
    const { until } = this.longAgo;
    return { table, present: nameOf(table), journal: this.journalOf(table), position, until };
  }

  /** The rows of the table itself that match and have not changed since. */
  private parts(table: AnyTable, alias: string, where: Sql): { a: Sql; standing: Sql } {
    const a = sql.id(alias);
    const rows = sql`SELECT ${a}.* FROM ${nameOf(table)} ${a} WHERE ${where}`;
    if (this.moment === null) return { a, standing: rows };
    const key = keyArray(keyColumnsOf(table).map((column) => sql`${a}.${sql.id(column)}`));
    // Looked up row by row (OFFSET 0 keeps it from being joined), and only where anything has changed: whatever the planner
    // believes of a journal that grows and shrinks, a page costs a look-up a row.
    const standing = sql`${rows} AND (
      NOT (SELECT EXISTS (SELECT 1 FROM ${this.journalOf(table)} j WHERE ${this.later(table)}))
      OR NOT EXISTS (SELECT 1 FROM ${this.journalOf(table)} j WHERE ${this.later(table, key)} OFFSET 0))`;
    return { a, standing };
  }

  /** The rows that have changed since, as they were before, where they match. */
  private changed(table: AnyTable, alias: string, where: Sql): Sql {
    return sql`
      SELECT ${sql.id(alias)}.* FROM (
        SELECT DISTINCT ON (j.row_key) j.before FROM ${this.journalOf(table)} j
        WHERE ${this.later(table)} ORDER BY j.row_key, j.position
      ) e ${imageOf(table, alias)} WHERE e.before IS NOT NULL AND ${where}`;
  }

  /**
   * Entries `j` of the table since the moment, of one row or of all: each by its own index. What a reorg took back since tells
   * the same of the moment as the table does.
   */
  private later(table: AnyTable, key?: Sql): Sql {
    const name = table.name as string;
    const position = sql`${this.moment?.get(this.keeperOf(table)) ?? null}::numeric`;
    return key === undefined
      ? sql`j.table_name = ${sql.lit(name)} AND j.position + 0 > ${position}`
      : sql`${ofRow(name, key)} AND j.position > ${position}`;
  }

  /** The live journal of the projection that keeps a table. */
  private journalOf(table: AnyTable): Sql {
    return sql.id('read_model', journalViewOf(this.keeperOf(table)));
  }

  private keeperOf(table: AnyTable): string {
    const projection = this.keepers.get(table);
    if (projection === undefined)
      throw new InvariantViolation('A list reads a table that it does not name', { table: table.name });
    return projection;
  }
}

const nameOf = (table: AnyTable): Sql => sql.id('read_model', table.name as string);

const imageOf = (table: AnyTable, alias: string): Sql =>
  sql`CROSS JOIN LATERAL jsonb_populate_record(NULL::${nameOf(table)}, e.before) ${sql.id(alias)}`;

const ANY: Scope = () => sql`true`;
