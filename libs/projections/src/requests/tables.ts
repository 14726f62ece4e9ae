import { int8, json, nullable, text } from '../engine/columns.js';
import { defineTable, type SelectedRowOf } from '../engine/table.js';

/** Everything that people asked of a chain, followed to its end, and the commands that were rejected. */
export const requests = defineTable({
  name: 'requests',
  origin: 'log',
  columns: {
    command_id: text,
    /** Null for a rejected command that concerns no chain. */
    chain_id: nullable(int8),
    /** The request's kind (RequestKindName); a rejected command's mutation. */
    kind: text,
    requester: text,
    /** ACCEPTED, SUBMITTED, CONFIRMED, FINALIZED, FAILED, EXPIRED, REVERTED or REJECTED. */
    status: text,
    /** As are the terms and the deadline, null for a rejected command: nothing of it was kept. */
    execution: nullable(text),
    /** What the chain is held to, amounts as decimal text; each kind has its own. */
    terms: nullable(json),
    deadline: nullable(text),
    /** What the chain says came of it (RequestOutcome); null before it is confirmed. */
    outcome: nullable(json),
    /** The token that was created, or is to be deactivated. */
    token: nullable(text),
    pool_id: nullable(text),
    /** Told or mined last. */
    tx_hash: nullable(text),
    /** Where it was confirmed or reverted. */
    block_number: nullable(int8),
    block_hash: nullable(text),
    /** REQUESTED, AUTHORIZED, RETRYING or SIGNED; null where our sender has no part in it. */
    relay_status: nullable(text),
    /** Why our sender's last attempt failed, while it is RETRYING. */
    relay_failure: nullable(text),
    failure_code: nullable(text),
    failure_reason: nullable(text),
    /** The input at fault, of a rejected command. */
    failure_field: nullable(text),
    input_hash: text,
    correlation_id: text,
    requested_at: text,
  },
  key: ['command_id'],
  indexes: [
    { name: 'requests_by_time', on: '(requested_at, command_id)' },
    { name: 'requests_by_requester', on: '(requester, requested_at, command_id)' },
    { name: 'requests_by_pool', on: '(pool_id, requested_at, command_id) WHERE pool_id IS NOT NULL' },
    { name: 'requests_by_token', on: '(token, requested_at, command_id) WHERE token IS NOT NULL' },
    { name: 'requests_by_tx', on: '(tx_hash) WHERE tx_hash IS NOT NULL' },
    { name: 'requests_in_flight', on: "(requested_at, command_id) WHERE status = 'SUBMITTED'" },
  ],
});

declare module '../read-model/database.js' {
  interface ReadModelDatabase {
    requests: SelectedRowOf<typeof requests>;
  }
}
