import type { Execution } from '@abland/domain';
import type pg from 'pg';
import type { LedgerKeys } from './ledger-keys.js';
import type { RequestKind, RequestStatus, TrackedRequest } from './tracked-request.js';

type Queryable = Pick<pg.ClientBase, 'query'>;

interface RequestRow {
  command_id: string;
  kind: RequestKind;
  entity_id: string;
  account: string;
  execution: Execution;
  terms: Record<string, unknown>;
  correlation_id: string;
  requested_at: Date;
  deadline: Date;
  tx_hash: string | null;
  status: RequestStatus;
  outcome_block_number: string | null;
  outcome_block_hash: string | null;
  expiry_due_at: Date;
  token_address: string | null;
}

export async function loadRequests(db: Queryable, keys: LedgerKeys): Promise<readonly TrackedRequest[]> {
  const found = await db.query<RequestRow>(
    `SELECT * FROM processes.requests WHERE command_id = ANY($1::uuid[]) OR entity_id = ANY($2::uuid[])
     UNION
     SELECT * FROM processes.requests WHERE tx_hash = ANY($3::text[])
     UNION
     SELECT * FROM processes.requests WHERE kind = 'TOKEN_CREATION' AND token_address = ANY($4::text[])
     UNION
     SELECT * FROM processes.requests
      WHERE status IN ('CONFIRMED', 'REVERTED') AND outcome_block_hash = ANY($5::text[])
     UNION
     SELECT * FROM processes.requests WHERE status = 'CONFIRMED' AND outcome_block_number <= $6::bigint`,
    [keys.commandIds, keys.entityIds, keys.txHashes, keys.tokenAddresses, keys.blockHashes, keys.finalizedTo],
  );
  return found.rows.map(fromRow);
}

/** Times in milliseconds since the epoch. */
export interface ExpiryQuery {
  readonly now: number;
  readonly unsubmittedGraceMs: number;
  /** Block time up to which the chain was ingested; null where it is not known. */
  readonly headTime: number | null;
  readonly limit: number;
}

/**
 * Open requests whose time is over: the chain passed the deadline, after which the contract refuses the transaction, or
 * no transaction was ever told and the deadline passed by our own clock.
 */
export async function loadExpired(db: Queryable, query: ExpiryQuery): Promise<readonly TrackedRequest[]> {
  const { now, unsubmittedGraceMs, headTime, limit } = query;
  const found = await db.query<RequestRow>(
    `SELECT * FROM processes.requests
      WHERE status = 'OPEN' AND expiry_due_at <= greatest($1::timestamptz, $3::timestamptz)
        AND (deadline < $3::timestamptz OR (tx_hash IS NULL AND deadline < $2::timestamptz))
      ORDER BY expiry_due_at LIMIT $4`,
    [new Date(now), new Date(now - unsubmittedGraceMs), headTime === null ? null : new Date(headTime), limit],
  );
  return found.rows.map(fromRow);
}

export async function postponeExpiry(
  db: Queryable,
  commandIds: readonly string[],
  until: number,
): Promise<void> {
  await db.query('UPDATE processes.requests SET expiry_due_at = $2 WHERE command_id = ANY($1::uuid[])', [
    commandIds,
    new Date(until),
  ]);
}

export async function saveRequests(db: Queryable, requests: readonly TrackedRequest[]): Promise<void> {
  if (requests.length === 0) return;
  await db.query(
    `INSERT INTO processes.requests
     SELECT * FROM jsonb_populate_recordset(NULL::processes.requests, $1::jsonb)
     ON CONFLICT (command_id) DO UPDATE SET
       tx_hash = EXCLUDED.tx_hash, status = EXCLUDED.status, expiry_due_at = EXCLUDED.expiry_due_at,
       outcome_block_number = EXCLUDED.outcome_block_number,
       outcome_block_hash = EXCLUDED.outcome_block_hash, token_address = EXCLUDED.token_address`,
    [JSON.stringify(requests.map(toRow))],
  );
}

function fromRow(row: RequestRow): TrackedRequest {
  return {
    commandId: row.command_id,
    kind: row.kind,
    entityId: row.entity_id,
    account: row.account,
    execution: row.execution,
    terms: row.terms,
    correlationId: row.correlation_id,
    requestedAt: row.requested_at.getTime(),
    deadline: row.deadline.getTime(),
    txHash: row.tx_hash,
    status: row.status,
    outcomeBlockNumber: row.outcome_block_number === null ? null : Number(row.outcome_block_number),
    outcomeBlockHash: row.outcome_block_hash,
    expiryDueAt: row.expiry_due_at.getTime(),
    tokenAddress: row.token_address,
  };
}

function toRow(request: TrackedRequest): Record<keyof RequestRow, unknown> {
  return {
    command_id: request.commandId,
    kind: request.kind,
    entity_id: request.entityId,
    account: request.account,
    execution: request.execution,
    terms: request.terms,
    correlation_id: request.correlationId,
    requested_at: new Date(request.requestedAt),
    deadline: new Date(request.deadline),
    tx_hash: request.txHash,
    status: request.status,
    outcome_block_number: request.outcomeBlockNumber,
    outcome_block_hash: request.outcomeBlockHash,
    expiry_due_at: new Date(request.expiryDueAt),
    token_address: request.tokenAddress,
  };
}
