import type { Column, ColumnKind, Columns } from './columns.js';
import { AmountBelowZeroError, BadEventError } from './errors.js';
import type { AnyTable } from './table.js';
import { type AnyRow, storable, storableJson } from './values.js';

/**
 * What the engine does with each row of a table, several times an event: functions compiled of its definition, with the names of its
 * columns written out. One function for all tables would look each column up by a name that it learns as it runs.
 */
export interface TableCode {
  /**
   * PostgreSQL must be able to store whatever passes here: a value that it refuses would stop every event behind it.
   * @param before a row of the same key that passed: what is the same in it passes again
   * @throws BadEventError
   */
  readonly check: (row: AnyRow, before: AnyRow | null) => void;
  /** A row with other values in some of its columns. */
  readonly patched: (row: AnyRow, changes: AnyRow) => AnyRow;
  /** A row as `COPY … FROM STDIN` takes it in its text format, with all columns in the order of the definition. */
  readonly copyLine: (row: AnyRow) => string;
  /** A row as JSON that `fromSelected` reads back. */
  readonly image: (row: AnyRow) => string;
  /** Identifies a row within its table. */
  readonly keyText: (row: AnyRow) => string;
  readonly key: KeyCode;
}

/** What is done with the columns of a key. */
export interface KeyCode {
  /** Its columns' values, by their order. */
  readonly parts: readonly ((row: AnyRow) => unknown)[];
  readonly isSame: (one: AnyRow, other: AnyRow) => boolean;
  /** Whether they differ in the last column alone, if at all. */
  readonly isBeside: (one: AnyRow, other: AnyRow) => boolean;
}

const CODE = new WeakMap<AnyTable, TableCode>();

export function codeOf(table: AnyTable): TableCode {
  const known = CODE.get(table);
  if (known !== undefined) return known;
  const columns = Object.entries(table.columns as Columns);
  const key = table.key as readonly string[];
  const code: TableCode = {
    check: compiled(checkSource(columns, key), refusalsOf(table)),
    patched: compiled(patchedSource(columns)),
    copyLine: compiled(copyLineSource(columns)),
    image: compiled(imageSource(columns)),
    keyText: compiled(`(row) => ${key.map((name) => `String(${of('row', name)})`).join(` + '\\0' + `)}`),
    key: keyCodeOf(key),
  };
  CODE.set(table, code);
  return code;
}

/** Identifies a row within its table. */
export const keyText = (table: AnyTable, row: AnyRow): string => codeOf(table).keyText(row);

export function keyCodeOf(key: readonly string[]): KeyCode {
  const same = (names: readonly string[]): string =>
    names.map((name) => `${of('one', name)} === ${of('other', name)}`).join(' && ') || 'true';
  return {
    parts: key.map((name) => compiled<(row: AnyRow) => unknown>(`(row) => ${of('row', name)}`)),
    isSame: compiled(`(one, other) => ${same(key)}`),
    isBeside: compiled(`(one, other) => ${same(key.slice(0, -1))}`),
  };
}

type NamedColumn = readonly [name: string, column: Column];

/** A column of a row. */
const of = (row: string, name: string): string => `${row}[${JSON.stringify(name)}]`;

const KEY_TEXT_LENGTH_MAX = 200;

const FITS: Readonly<Record<ColumnKind, string>> = {
  text: `typeof value === 'string' && storable(value)`,
  amount: `typeof value === 'bigint' && value >= 0n && value < ${10n ** 78n}n`,
  int8: 'Number.isSafeInteger(value)',
  int4: `typeof value === 'number' && (value | 0) === value && value !== ${-(2 ** 31)}`,
  boolean: `typeof value === 'boolean'`,
  json: 'value !== undefined && storableJson(value)',
};

function checkSource(columns: readonly NamedColumn[], key: readonly string[]): string {
  const checks = columns.map(([name, { kind, nullable }]) => {
    const fits = nullable ? `value === null || ${FITS[kind]}` : FITS[kind];
    return `value = ${of('row', name)};
      if ((before === null || value !== ${of('before', name)}) && !(${fits})) refuse(${JSON.stringify(name)}, value);`;
  });
  const isText = new Set(columns.filter(([, { kind }]) => kind === 'text').map(([name]) => name));
  const keys = key
    .filter((name) => isText.has(name))
    .map(
      (name) => `if (${of('row', name)}.length > ${KEY_TEXT_LENGTH_MAX}) refuseKey(${JSON.stringify(name)});`,
    );
  return `(row, before) => {
    let value;
    ${checks.join('\n')}
    if (before !== null) return;
    ${keys.join('\n')}
  }`;
}

function patchedSource(columns: readonly NamedColumn[]): string {
  const values = columns.map(
    ([name]) =>
      `${JSON.stringify(name)}: ${of('changes', name)} === undefined ? ${of('row', name)} : ${of('changes', name)}`,
  );
  return `(row, changes) => ({ ${values.join(', ')} })`;
}

/** What COPY's text format gives a meaning to. */
const SPECIAL = /[\\\t\n\r]/;
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

const escaped = (text: string): string =>
  SPECIAL.test(text) ? text.replace(/[\\\t\n\r]/g, (character) => ESCAPES[character] ?? character) : text;

const COPIED: Readonly<Record<ColumnKind, string>> = {
  text: 'escaped(value)',
  amount: 'value',
  int8: 'value',
  int4: 'value',
  boolean: `(value ? 't' : 'f')`,
  json: 'escaped(JSON.stringify(value))',
};

function copyLineSource(columns: readonly NamedColumn[]): string {
  const parts = columns.map(([name, { kind, nullable }], index) => {
    const value = nullable ? `value == null ? '\\\\N' : ${COPIED[kind]}` : COPIED[kind];
    return `value = ${of('row', name)};
      line += ${index === 0 ? '' : `'\\t' + `}(${value});`;
  });
  return `(row) => { let value; let line = ''; ${parts.join('\n')} return line + '\\n'; }`;
}

/** Text that stands in JSON as it is: hexadecimal, numbers, names. */
const PLAIN = /^[0-9A-Za-z_ .:+-]*$/;
const textImage = (value: string): string => (PLAIN.test(value) ? `"${value}"` : JSON.stringify(value));

const IMAGED: Readonly<Record<ColumnKind, string>> = {
  text: 'textImage(value)',
  amount: `'"' + value + '"'`,
  int8: 'value',
  int4: 'value',
  boolean: 'value',
  json: 'JSON.stringify(value)',
};

function imageSource(columns: readonly NamedColumn[]): string {
  const parts = columns.map(([name, { kind }], index) => {
    const label = JSON.stringify(`${index === 0 ? '{' : ','}${JSON.stringify(name)}:`);
    return `value = ${of('row', name)};
      image += ${label} + (value == null ? 'null' : ${IMAGED[kind]});`;
  });
  return `(row) => { let value; let image = ''; ${parts.join('\n')} return image + '}'; }`;
}

/** What compiled functions call. */
interface Refusals {
  readonly refuse: (column: string, value: unknown) => never;
  readonly refuseKey: (column: string) => never;
}

function refusalsOf(table: AnyTable): Refusals {
  const { name } = table;
  return {
    refuse: (column, value) => {
      const details = { table: name, column };
      if (typeof value === 'bigint' && value < 0n)
        throw new AmountBelowZeroError('An amount below zero', details);
      throw new BadEventError('A value that its column cannot hold', details);
    },
    refuseKey: (column) => {
      throw new BadEventError('A key too long for an index', { table: name, column });
    },
  };
}

const NO_REFUSALS: Refusals = {
  refuse: (column) => {
    throw new BadEventError('A value that its column cannot hold', { column });
  },
  refuseKey: (column) => {
    throw new BadEventError('A key too long for an index', { column });
  },
};

/** @param source a function's, made of a table's definition, which is this program's own, and of nothing that comes from outside */
function compiled<Compiled>(source: string, { refuse, refuseKey }: Refusals = NO_REFUSALS): Compiled {
  const make = new Function(
    'storable',
    'storableJson',
    'escaped',
    'textImage',
    'refuse',
    'refuseKey',
    `return ${source}`,
  );
  return make(storable, storableJson, escaped, textImage, refuse, refuseKey) as Compiled;
}
