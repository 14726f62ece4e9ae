import { expect } from '@jest/globals';
import type { RecordedEvent } from '@abland/kernel';
import { BadEventError } from '../engine/errors.js';
import type { Projection } from '../engine/projection.js';
import type { AnyTable, RowOf } from '../engine/table.js';
import { MemoryTables } from './memory-tables.js';

export interface Outcome {
  /** The table has these rows and no others, in the order of their keys; columns not named are not looked at. */
  then<T extends AnyTable>(table: T, ...rows: readonly Partial<RowOf<T>>[]): Outcome;
  /** Every table is as it was given. */
  thenNothing(): Outcome;
  /** The event is left out, and what it says is not in the tables. */
  thenRefused(reason: string): void;
}

/**
 * A projection told by example: given what happened, when something more happens, then its tables have these rows.
 * @param readLate tables whose rows a handler finds only by another row, so that it cannot say beforehand that it reads them
 */
export function specify(projection: Projection, readLate: readonly string[] = []) {
  const tablesAfter = (events: readonly RecordedEvent[]): MemoryTables => {
    const tables = new MemoryTables(projection).tell(events);
    expect([...tables.readLate].filter((name) => !readLate.includes(name))).toEqual([]);
    return tables;
  };
  const allRows = (tables: MemoryTables) => projection.tables.map((table) => tables.rowsOf(table));

  const when =
    (history: readonly RecordedEvent[]) =>
    (...events: readonly RecordedEvent[]): Outcome => {
      const after = () => tablesAfter([...history, ...events]);
      const outcome: Outcome = {
        then(table, ...rows) {
          expect(after().rowsOf(table)).toEqual(rows.map((row) => expect.objectContaining(row)));
          return outcome;
        },
        thenNothing() {
          expect(allRows(after())).toEqual(allRows(tablesAfter(history)));
          return outcome;
        },
        thenRefused(reason) {
          expect(after).toThrow(BadEventError);
          expect(after).toThrow(reason);
        },
      };
      return outcome;
    };
  return { given: (...history: readonly RecordedEvent[]) => ({ when: when(history) }) };
}
