import type { Json } from '@abland/kernel';
import type { Column, ColumnKind, Columns } from './columns.js';
import { AmountBelowZeroError, BadEventError } from './errors.js';
import type { AnyTable } from './table.js';

/** A row of any table in memory. */
export type AnyRow = Readonly<Record<string, unknown>>;
/** A column's value as a query parameter. */
export type Parameter = string | number | boolean | null;

const AMOUNT_END = 10n ** 78n;
const KEY_TEXT_LENGTH_MAX = 200;
const INT4_MAX = 2 ** 31 - 1;

const COLUMNS = new WeakMap<AnyTable, readonly [string, Column][]>();

export function columnsOf(table: AnyTable): readonly [string, Column][] {
  const known = COLUMNS.get(table);
  if (known !== undefined) return known;
  const columns = Object.entries(table.columns as Columns);
  COLUMNS.set(table, columns);
  return columns;
}

export const keyColumnsOf = (table: AnyTable): readonly string[] => table.key as readonly string[];

/** Identifies a row within its table. */
export function keyText(table: AnyTable, row: AnyRow): string {
  const [first = '', ...others] = keyColumnsOf(table);
  let text = String(row[first]);
  for (const name of others) text += `\0${String(row[name])}`;
  return text;
}

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

/**
 * PostgreSQL must be able to store whatever passes here: a value that it refuses would stop every event behind it.
 * @param before a row that passed: what is the same in it passes again
 * @throws BadEventError
 */
export function checkRow(table: AnyTable, row: AnyRow, before: AnyRow | null): void {
  const columns = checkedColumnsOf(table);
  for (let index = 0; index < columns.length; index += 1) {
    const { fits, name, nullable } = columns[index] as CheckedColumn;
    const value = row[name];
    if (before !== null && value === before[name]) continue;
    if (value === null ? nullable : fits(value)) continue;
    if (typeof value === 'bigint' && value < 0n)
      throw new AmountBelowZeroError('An amount below zero', { table: table.name, column: name });
    throw new BadEventError('A value that its column cannot hold', { table: table.name, column: name });
  }
  if (before !== null) return; // its key is the same
  for (const name of keyColumnsOf(table)) {
    const value = row[name];
    if (typeof value === 'string' && value.length > KEY_TEXT_LENGTH_MAX) {
      throw new BadEventError('A key too long for an index', { table: table.name, column: name });
    }
  }
}

interface CheckedColumn {
  readonly name: string;
  readonly nullable: boolean;
  readonly fits: (value: unknown) => boolean;
}

const CHECKED = new WeakMap<AnyTable, readonly CheckedColumn[]>();

/** This is asked for each row that an event changes. */
function checkedColumnsOf(table: AnyTable): readonly CheckedColumn[] {
  const known = CHECKED.get(table);
  if (known !== undefined) return known;
  const columns = columnsOf(table).map(([name, { kind, nullable }]) => ({
    name,
    nullable,
    fits: FITS[kind],
  }));
  CHECKED.set(table, columns);
  return columns;
}

const storable = (value: string): boolean => !value.includes('\0') && value.isWellFormed();

const FITS: Readonly<Record<ColumnKind, (value: unknown) => boolean>> = {
  text: (value) => typeof value === 'string' && storable(value),
  amount: (value) => typeof value === 'bigint' && value >= 0n && value < AMOUNT_END,
  int8: (value) => Number.isSafeInteger(value),
  int4: (value) => Number.isInteger(value) && Math.abs(value as number) <= INT4_MAX,
  boolean: (value) => typeof value === 'boolean',
  json: (value) => value !== undefined && storableJson(value as Json),
};

function storableJson(value: Json): boolean {
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

const IMAGED = new WeakMap<AnyTable, readonly ImagedColumn[]>();

interface ImagedColumn {
  readonly name: string;
  /** What stands before its value. */
  readonly label: string;
  readonly image: (value: unknown) => string;
}

/** A row as JSON that `fromSelected` reads back. */
export function toImage(table: AnyTable, row: AnyRow): string {
  let image = '{';
  for (const { name, label, image: imageOf } of imagedColumnsOf(table)) {
    const value = row[name];
    image += value === null || value === undefined ? `${label}null` : label + imageOf(value);
  }
  return `${image}}`;
}

function imagedColumnsOf(table: AnyTable): readonly ImagedColumn[] {
  const known = IMAGED.get(table);
  if (known !== undefined) return known;
  const columns = columnsOf(table).map(([name, { kind }], index) => {
    return { name, label: `${index === 0 ? '' : ','}${JSON.stringify(name)}:`, image: IMAGES[kind] };
  });
  IMAGED.set(table, columns);
  return columns;
}

/** Text that stands in JSON as it is: hexadecimal, numbers, names. */
const PLAIN = /^[0-9A-Za-z_ .:+-]*$/;
const textImage = (value: unknown): string =>
  PLAIN.test(value as string) ? `"${value as string}"` : JSON.stringify(value);

const IMAGES: Readonly<Record<ColumnKind, (value: unknown) => string>> = {
  text: textImage,
  amount: (value) => `"${value as bigint}"`,
  int8: String,
  int4: String,
  boolean: String,
  json: (value) => JSON.stringify(value),
};

function toMemory(kind: ColumnKind, value: unknown): unknown {
  if (value === null) return null;
  if (kind === 'amount') return BigInt(value as string);
  if (kind === 'int8') return Number(value);
  return value;
}
