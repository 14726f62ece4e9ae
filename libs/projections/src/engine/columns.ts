import type { Json } from '@abland/kernel';

/** Value in memory, where rows are folded, of each kind of column. */
interface MemoryValues {
  text: string;
  /** Unsigned integer below 10^78, base units or the like; `numeric(78,0)` in PostgreSQL. */
  amount: bigint;
  /** Block numbers, seconds and counters: exact up to 2^53. */
  int8: number;
  int4: number;
  boolean: boolean;
  json: Json;
}

/** What node-postgres returns for each kind. */
interface SelectedValues {
  text: string;
  amount: string;
  int8: string;
  int4: number;
  boolean: boolean;
  json: Json;
}

export type ColumnKind = keyof MemoryValues;

export interface Column<Kind extends ColumnKind = ColumnKind, Nullable extends boolean = boolean> {
  readonly kind: Kind;
  readonly nullable: Nullable;
}

export type Columns = Readonly<Record<string, Column>>;

type WithNull<Value, Nullable> = Nullable extends true ? Value | null : Value;

/** A row as handlers see it. */
export type MemoryRow<C extends Columns> = {
  readonly [Name in keyof C]: WithNull<MemoryValues[C[Name]['kind']], C[Name]['nullable']>;
};

/** A row as a query selects it. */
export type SelectedRow<C extends Columns> = {
  [Name in keyof C]: WithNull<SelectedValues[C[Name]['kind']], C[Name]['nullable']>;
};

const column = <Kind extends ColumnKind>(kind: Kind): Column<Kind, false> => ({ kind, nullable: false });

export const text = column('text');
export const amount = column('amount');
export const int8 = column('int8');
export const int4 = column('int4');
export const boolean = column('boolean');
export const json = column('json');

export const nullable = <Kind extends ColumnKind>(of: Column<Kind, false>): Column<Kind, true> => ({
  kind: of.kind,
  nullable: true,
});

/**
 * PostgreSQL's type of each kind. Text compares by code point, so that the order of keys, cursors and checksums does not
 * depend on a server's locale.
 */
export const SQL_TYPES: Readonly<Record<ColumnKind, string>> = {
  text: 'text COLLATE "C"',
  amount: 'numeric(78,0)',
  int8: 'bigint',
  int4: 'integer',
  boolean: 'boolean',
  json: 'jsonb',
};

/** Array type of a parameter that carries many values of a kind. */
export const PARAMETER_TYPES: Readonly<Record<ColumnKind, string>> = {
  text: 'text[]',
  amount: 'numeric[]',
  int8: 'bigint[]',
  int4: 'integer[]',
  boolean: 'boolean[]',
  json: 'jsonb[]',
};
