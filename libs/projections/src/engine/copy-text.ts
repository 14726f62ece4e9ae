import type { AnyTable } from './table.js';
import { codeOf } from './table-code.js';
import type { AnyRow } from './values.js';

/** Rows as `COPY … FROM STDIN` takes them in its text format, with all columns in the order of the table's definition. */
export function copyText(table: AnyTable, rows: readonly AnyRow[]): Buffer {
  const { copyLine } = codeOf(table);
  let text = '';
  for (const row of rows) text += copyLine(row);
  return Buffer.from(text);
}
