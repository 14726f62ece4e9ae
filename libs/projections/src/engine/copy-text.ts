import type { ColumnKind } from './columns.js';
import type { AnyTable } from './table.js';
import { type AnyRow, columnsOf } from './values.js';

/** What COPY's text format gives a meaning to. */
const SPECIAL = /[\\\t\n\r]/;
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

const escaped = (text: string): string =>
  SPECIAL.test(text) ? text.replace(/[\\\t\n\r]/g, (character) => ESCAPES[character] ?? character) : text;

const TEXT_OF: Readonly<Record<ColumnKind, (value: unknown) => string>> = {
  text: (value) => escaped(value as string),
  amount: String,
  int8: String,
  int4: String,
  boolean: (value) => (value === true ? 't' : 'f'),
  json: (value) => escaped(JSON.stringify(value)),
};

/** Rows as `COPY … FROM STDIN` takes them in its text format, with all columns in the order of the table's definition. */
export function copyText(table: AnyTable, rows: readonly AnyRow[]): Buffer {
  const columns = columnsOf(table).map(([name, { kind }]) => ({ name, textOf: TEXT_OF[kind] }));
  let text = '';
  for (const row of rows) {
    let separator = '';
    for (const { name, textOf } of columns) {
      const value = row[name];
      text += separator + (value === null || value === undefined ? '\\N' : textOf(value));
      separator = '\t';
    }
    text += '\n';
  }
  return Buffer.from(text);
}
