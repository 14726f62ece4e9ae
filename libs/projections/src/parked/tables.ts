import { int4, int8, json, text } from '../engine/columns.js';
import { defineTable, type SelectedRowOf } from '../engine/table.js';

/** Logs that became no fact, until an operator has decided on them. */
export const parkedLogs = defineTable({
  name: 'parked_logs',
  origin: 'chain',
  columns: {
    chain_id: int8,
    /** Of the LogParked. */
    event_id: text,
    /** Of the event in the chain's stream. */
    revision: int8,
    block_number: int8,
    block_time: int8,
    tx_hash: text,
    log_index: int4,
    code: text,
    reason: text,
    /** Address, topics and data. */
    log: json,
    /** When it was recorded, ISO 8601. */
    parked_at: text,
  },
  key: ['chain_id', 'event_id'],
  indexes: [{ name: 'parked_logs_by_time', on: '(parked_at, event_id)' }],
});

/** Messages of a log stream that could not be taken. They stay for good: nothing is to be done about them any more but to know. */
export const parkedMessages = defineTable({
  name: 'parked_messages',
  origin: 'log',
  columns: {
    chain_id: int8,
    /** Of the MessageParked. */
    event_id: text,
    topic: text,
    code: text,
    reason: text,
    /** When it was recorded, ISO 8601. */
    parked_at: text,
  },
  key: ['chain_id', 'event_id'],
  indexes: [{ name: 'parked_messages_by_time', on: '(parked_at, event_id)' }],
});

declare module '../read-model/database.js' {
  interface ReadModelDatabase {
    parked_logs: SelectedRowOf<typeof parkedLogs>;
    parked_messages: SelectedRowOf<typeof parkedMessages>;
  }
}
