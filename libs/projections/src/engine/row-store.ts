import type { Slices } from '@abland/kernel';
import { copyIn, copyMessages } from '@abland/postgres';
import { escapeIdentifier } from 'pg';
import { arrayLiteral } from './array-literal.js';
import { PARAMETER_TYPES } from './columns.js';
import { copyText } from './copy-text.js';
import { addKeySql, qualified } from './ddl.js';
import type { RowReference } from './projection.js';
import type { RowSet } from './row-set.js';
import type { Session } from './session.js';
import { sliced } from './slice.js';
import type { AnyTable } from './table.js';
import { keyText } from './table-code.js';
import type { TableChanges } from './table-rows.js';
import { type AnyRow, columnsOf, fromSelected, keyColumnsOf, type Parameter, toParameter } from './values.js';

/** Rows a statement: text is made of them in a few milliseconds, for which all else that the program does has to wait. */
const CHUNK = 1_000;
/** Of fewer rows a statement that is prepared already costs less than a COPY. */
const COPY_FROM = 50;

/** Where a build's rows lie. */
export interface RowPlace {
  readonly schema: string;
  readonly rows: RowSet;
  /** Tables that have no primary key yet: nothing can be looked up or overwritten in them. */
  readonly unkeyed: Set<AnyTable>;
}

/** Fetches rows that are not in memory yet: one statement a table, all at once. */
export async function loadRows(
  session: Session,
  place: RowPlace,
  references: Iterable<RowReference>,
): Promise<void> {
  const { rows, schema } = place;
  const missing = new Map<AnyTable, Map<string, RowReference>>();
  for (const reference of references) {
    if (rows.isLoaded(reference)) continue;
    const ofTable = missing.get(reference.table) ?? new Map<string, RowReference>();
    ofTable.set(keyText(reference.table, reference.key), reference);
    missing.set(reference.table, ofTable);
  }
  await Promise.all(
    [...missing].map(async ([table, wanted]) => {
      const keyed = place.unkeyed.has(table) ? [addKey(session, place, table)] : [];
      const select = session.query<AnyRow>(selectByKeys(schema, table, [...wanted.values()]));
      const [result] = await Promise.all([select, ...keyed]);
      for (const { key } of wanted.values()) rows.load(table, key, null);
      for (const selected of result.rows) {
        const row = fromSelected(table, selected);
        rows.load(table, row, row);
      }
    }),
  );
}

/** Rows as they are stored, by the text of their keys. */
export async function storedRows(
  session: Session,
  schema: string,
  references: readonly RowReference[],
): Promise<ReadonlyMap<AnyTable, ReadonlyMap<string, AnyRow>>> {
  const wanted = Map.groupBy(references, ({ table }) => table);
  const found = [...wanted].map(async ([table, ofTable]) => {
    const { rows } = await session.query<AnyRow>(selectByKeys(schema, table, ofTable));
    const stored = rows.map((selected) => fromSelected(table, selected));
    return [table, new Map(stored.map((row) => [keyText(table, row), row]))] as const;
  });
  return new Map(await Promise.all(found));
}

/** Takes note of what was sent: whoever does waits for its answer. */
export type Send = (answer: Promise<unknown>) => void;

/** Sends what changed, one or two statements a table or more where that is much. Returns the names of the tables. */
export async function writeRows(
  session: Session,
  place: RowPlace,
  send: Send,
  slices: Slices = sliced(),
): Promise<readonly string[]> {
  const tables = new Set<string>();
  for (const changes of place.rows.eachChanges(CHUNK)) {
    tables.add(changes.table.name as string);
    for (const write of writesOf(session, place, changes)) {
      if (slices.over) await slices.next();
      send(write());
    }
  }
  return [...tables];
}

type Write = () => Promise<unknown>;

function* writesOf(session: Session, place: RowPlace, changes: TableChanges): Generator<Write> {
  const { deletions, inserts, places, table, upserts } = changes;
  const { schema, unkeyed } = place;
  const overwrites = upserts.length + deletions.length > 0;
  if (unkeyed.has(table) && overwrites) yield () => addKey(session, place, table);
  const copy = (rows: readonly AnyRow[]) => copyRows(session, schema, table, rows);
  const put = (rows: readonly AnyRow[]) => session.query(upsert(schema, table, rows));
  const isUnkeyed = unkeyed.has(table);
  if (inserts.length > 0) yield () => (isUnkeyed || inserts.length >= COPY_FROM ? copy : put)(inserts);
  // The log may tell a place twice: then the newer row is put in the place of the older.
  if (places.length > 0) yield () => (isUnkeyed ? copy : put)(places);
  if (upserts.length > 0) yield () => put(upserts);
  if (deletions.length > 0) yield () => session.query(deleteByKeys(schema, table, deletions));
}

/** From here on its rows can be looked up. */
export function addKey(
  session: Session,
  { schema, unkeyed }: Pick<RowPlace, 'schema' | 'unkeyed'>,
  table: AnyTable,
): Promise<unknown> {
  unkeyed.delete(table);
  return session.query(addKeySql(schema, table));
}

function copyRows(session: Session, schema: string, table: AnyTable, rows: readonly AnyRow[]): Promise<void> {
  const columns = columnsOf(table).map(([name]) => escapeIdentifier(name));
  const statement = `COPY ${qualified(schema, table)} (${columns.join(', ')}) FROM STDIN`;
  return copyIn(session, statement, copyMessages(copyText(table, rows)));
}

function selectByKeys(schema: string, table: AnyTable, references: readonly RowReference[]) {
  const keys = keyColumnsOf(table);
  const columns = columnsOf(table).map(([name]) => `t.${escapeIdentifier(name)}`);
  const matches = keys.map(escapeIdentifier).map((name) => `row.${name} = k.${name}`);
  return {
    name: `load:${schema}.${table.name as string}`.slice(0, 63),
    // Key by key, whatever is thought of a table that was not analyzed yet.
    text: `SELECT ${columns.join(', ')} FROM ${unnestedKeys(table)}
      CROSS JOIN LATERAL (SELECT * FROM ${qualified(schema, table)} row WHERE ${matches.join(' AND ')} OFFSET 0) t`,
    values: keys.map((key) => arrayLiteral(references.map((reference) => reference.key[key] as Parameter))),
  };
}

function deleteByKeys(schema: string, table: AnyTable, keys: readonly string[]) {
  const names = keyColumnsOf(table);
  const matches = names.map((name) => `t.${escapeIdentifier(name)} = k.${escapeIdentifier(name)}`);
  const split = keys.map((key) => key.split('\0'));
  return {
    name: `delete:${schema}.${table.name as string}`.slice(0, 63),
    text: `DELETE FROM ${qualified(schema, table)} t USING ${unnestedKeys(table)} WHERE ${matches.join(' AND ')}`,
    values: names.map((_, index) => arrayLiteral(split.map((parts) => parts[index] ?? null))),
  };
}

function upsert(schema: string, table: AnyTable, rows: readonly AnyRow[]) {
  const columns = columnsOf(table);
  const keys = keyColumnsOf(table);
  const names = columns.map(([name]) => escapeIdentifier(name));
  const updates = columns
    .filter(([name]) => !keys.includes(name))
    .map(([name]) => `${escapeIdentifier(name)} = EXCLUDED.${escapeIdentifier(name)}`);
  const parameters = columns.map(([, column], index) => `$${index + 1}::${PARAMETER_TYPES[column.kind]}`);
  return {
    name: `upsert:${schema}.${table.name as string}`.slice(0, 63),
    text: `INSERT INTO ${qualified(schema, table)} (${names.join(', ')}) SELECT * FROM unnest(${parameters.join(', ')}) ON CONFLICT (${keys.map(escapeIdentifier).join(', ')}) DO UPDATE SET ${updates.join(', ')}`,
    values: columns.map(([name, { kind }]) => arrayLiteral(rows.map((row) => toParameter(kind, row[name])))),
  };
}

/** `unnest($1, $2) AS k(a, b)`: the keys of many rows as a table. */
function unnestedKeys(table: AnyTable): string {
  const keys = keyColumnsOf(table);
  const kinds = new Map(columnsOf(table).map(([name, column]) => [name, column.kind]));
  const parameters = keys.map((key, index) => `$${index + 1}::${PARAMETER_TYPES[kinds.get(key) ?? 'text']}`);
  return `unnest(${parameters.join(', ')}) AS k(${keys.map(escapeIdentifier).join(', ')})`;
}
