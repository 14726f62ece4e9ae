import { json, nullable, text } from '../engine/columns.js';
import { defineTable, type SelectedRowOf } from '../engine/table.js';

/** What operators did, or are doing. */
export const operations = defineTable({
  name: 'operations',
  origin: 'log',
  columns: {
    operation_id: text,
    kind: text,
    /** What it is done to: a projection's name, a person's address. */
    subject: text,
    /** An operator's address, or `operator:<name>`. */
    requested_by: text,
    reason: text,
    /** REQUESTED, COMPLETED or FAILED. */
    status: text,
    /** A list of `{ name, value }`; null until it is completed. */
    result: nullable(json),
    failure_code: nullable(text),
    failure_reason: nullable(text),
    requested_at: text,
    ended_at: nullable(text),
  },
  key: ['operation_id'],
  indexes: [{ name: 'operations_by_time', on: '(requested_at, operation_id)' }],
});

declare module '../read-model/database.js' {
  interface ReadModelDatabase {
    operations: SelectedRowOf<typeof operations>;
  }
}
