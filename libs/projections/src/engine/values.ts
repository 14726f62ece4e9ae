import type { Json } from '@abland/kernel';
import type { Column, ColumnKind, Columns } from './columns.js';
import type { AnyTable } from './table.js';

/** A row of any table in memory. */
export type AnyRow = Readonly<Record<string, unknown>>;
/** A column's value as a query parameter. */
export type Parameter = string | number | boolean | null;

const COLUMNS = new WeakMap<AnyTable, readonly [string, Column][]>();

export function columnsOf(table: AnyTable): readonly [string, Column][] {
  const known = COLUMNS.get(table);
  if (known !== undefined) return known;
  const columns = Object.entries(table.columns as Columns);
  COLUMNS.set(table, columns);
  return columns;
}

export const keyColumnsOf = (table: AnyTable): readonly string[] => table.key as readonly string[];

/** The columns of a key from its text. */
export function keyFromText(table: AnyTable, text: string): AnyRow {
  const parts = text.split('\0');
  const kinds = new Map(columnsOf(table).map(([name, { kind }]) => [name, kind]));
  return Object.fromEntries(
    keyColumnsOf(table).map((name, index) => [
      name,
      KEY_PARTS[kinds.get(name) ?? 'text'](parts[index] ?? ''),
    ]),
  );
}

const KEY_PARTS: Readonly<Record<ColumnKind, (part: string) => unknown>> = {
  text: (part) => part,
  amount: BigInt,
  int8: Number,
  int4: Number,
  boolean: (part) => part === 'true',
  json: (part) => part,
};

/** Whether PostgreSQL can store a text. */
export const storable = (value: string): boolean => !value.includes('\0') && value.isWellFormed();

export function storableJson(value: Json): boolean {
  if (typeof value === 'string') return storable(value);
  if (typeof value === 'number') return Number.isFinite(value);
  if (value === null || typeof value !== 'object') return true;
  return Object.entries(value).every(([key, item]) => storable(key) && storableJson(item as Json));
}

/** Text of the chain's making as PostgreSQL can store it: NUL and broken surrogates become U+FFFD. */
export const storableText = (value: string): string => value.replaceAll('\0', '\u{fffd}').toWellFormed();

export function toParameter(kind: ColumnKind, value: unknown): Parameter {
  if (value === null || value === undefined) return null;
  if (kind === 'json') return JSON.stringify(value);
  return typeof value === 'bigint' ? value.toString() : (value as Parameter);
}

/** A row in memory from what node-postgres selected, or from an image that was kept as JSON. */
export function fromSelected(table: AnyTable, selected: AnyRow): AnyRow {
  return Object.fromEntries(
    columnsOf(table).map(([name, column]) => [name, toMemory(column.kind, selected[name])]),
  );
}

function toMemory(kind: ColumnKind, value: unknown): unknown {
  if (value === null) return null;
  if (kind === 'amount') return BigInt(value as string);
  if (kind === 'int8') return Number(value);
  return value;
}
