import { int4, json, nullable, text } from '../engine/columns.js';
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
    /** AWAITING_APPROVAL, REQUESTED, DECLINED, COMPLETED or FAILED. */
    status: text,
    /** A list of `{ name, value }`; null until it is completed. */
    result: nullable(json),
    failure_code: nullable(text),
    failure_reason: nullable(text),
    /** The number of the build that it was proposed for; null where it was not, or is of none. */
    build: nullable(int4),
    /** Who approved or declined it, why and when; null where that was not needed, or is not told yet. */
    decided_by: nullable(text),
    decision_reason: nullable(text),
    decided_at: nullable(text),
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
