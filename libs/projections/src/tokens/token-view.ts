import type { Execution } from '@abland/domain';
import { sql } from 'kysely';

export type TokenStatus = 'PENDING' | 'DEPLOYING' | 'DEPLOYED' | 'FAILED' | 'DEACTIVATED';

/** A token on the chain with the request that made it, where there was one, or a request whose token is not on the chain. */
export interface TokenView {
  /** The request's id; the address of a token that was created at the contract directly. */
  readonly id: string;
  readonly requestId: string | null;
  /** Null until it is on the chain. */
  readonly address: string | null;
  readonly status: TokenStatus;
  readonly creator: string;
  readonly name: string;
  readonly symbol: string;
  readonly decimals: number;
  /** Base units. */
  readonly totalSupply: string;
  /** Null where no request of ours made it. */
  readonly description: string | null;
  readonly metadataUri: string;
  readonly execution: Execution | null;
  readonly txHash: string | null;
  readonly blockNumber: number | null;
  /** Seconds since the epoch. */
  readonly blockTime: number | null;
  /** The newest block that changed it (a deactivation, say). */
  readonly updatedBlock: number | null;
  /** Addresses with a balance above zero. */
  readonly holders: number;
  readonly failureCode: string | null;
  readonly failureReason: string | null;
  readonly requestedAt: string | null;
  readonly deadline: string | null;
  /** Milliseconds: of the block, or of the request while it is not on the chain. */
  readonly createdAtMs: number;
}

export interface TokenRow {
  token_id: string | null;
  address: string | null;
  status: string;
  creator: string;
  name: string;
  symbol: string;
  decimals: number | null;
  total_supply: string;
  description: string | null;
  metadata_uri: string | null;
  execution: string | null;
  tx_hash: string | null;
  block_number: string | null;
  block_time: string | null;
  updated_block: string | null;
  holders: string;
  failure_code: string | null;
  failure_reason: string | null;
  requested_at: string | null;
  deadline: string | null;
  created_at_ms: string;
  sort_id: string;
}

/**
 * Tokens of the chain as `c` with their request as `r`. The address that the aggregate confirmed decides; until then the id
 * in the transaction counts only where creator and terms agree, as anyone can write an id there.
 */
export const CHAIN_TOKENS = sql`
  read_model.chain_tokens c
  LEFT JOIN LATERAL (
    SELECT * FROM read_model.token_requests q
    WHERE q.token_address = c.address
       OR (q.token_id = c.command_id AND q.token_address IS NULL AND q.creator = c.creator
           AND q.symbol = c.symbol AND q.name = c.name AND q.total_supply = c.total_supply)
    ORDER BY q.token_address NULLS LAST LIMIT 1
  ) r ON true
  LEFT JOIN read_model.token_supplies s ON s.token = c.address`;

export const CHAIN_TOKEN_COLUMNS = sql`
  r.token_id, c.address, CASE WHEN c.deactivated THEN 'DEACTIVATED' ELSE 'DEPLOYED' END AS status,
  c.creator, c.name, c.symbol, coalesce(c.decimals, r.decimals) AS decimals, c.total_supply, r.description,
  coalesce(c.metadata_uri, r.metadata_uri) AS metadata_uri, r.execution, c.tx_hash, c.block_number, c.block_time,
  c.updated_block, coalesce(s.holders, 0) AS holders, NULL::text AS failure_code, NULL::text AS failure_reason,
  r.requested_at, r.deadline, c.created_at_ms, c.address AS sort_id`;

/** Requests as `r` whose token is not on the chain (any more). */
export const REQUEST_COLUMNS = sql`
  r.token_id, NULL::text AS address, CASE WHEN r.status = 'DEPLOYED' THEN 'DEPLOYING' ELSE r.status END AS status,
  r.creator, r.name, r.symbol, r.decimals, r.total_supply, r.description, r.metadata_uri, r.execution, r.tx_hash,
  NULL::bigint AS block_number, NULL::bigint AS block_time, NULL::bigint AS updated_block, 0::bigint AS holders,
  r.failure_code, r.failure_reason, r.requested_at, r.deadline, r.requested_at_ms AS created_at_ms, r.token_id AS sort_id`;

export const NOT_ON_CHAIN = sql`
  NOT EXISTS (
    SELECT 1 FROM read_model.chain_tokens c
    WHERE c.address = r.token_address
       OR (c.command_id = r.token_id AND r.token_address IS NULL AND c.creator = r.creator
           AND c.symbol = r.symbol AND c.name = r.name AND c.total_supply = r.total_supply))`;

export function tokenView(row: TokenRow): TokenView {
  const number = (value: string | null): number | null => (value === null ? null : Number(value));
  return {
    id: row.token_id ?? row.sort_id,
    requestId: row.token_id,
    address: row.address,
    status: row.status as TokenStatus,
    creator: row.creator,
    name: row.name,
    symbol: row.symbol,
    decimals: row.decimals ?? 0,
    totalSupply: row.total_supply,
    description: row.description,
    metadataUri: row.metadata_uri ?? '',
    execution: row.execution as Execution | null,
    txHash: row.tx_hash,
    blockNumber: number(row.block_number),
    blockTime: number(row.block_time),
    updatedBlock: number(row.updated_block),
    holders: Number(row.holders),
    failureCode: row.failure_code,
    failureReason: row.failure_reason,
    requestedAt: row.requested_at,
    deadline: row.deadline,
    createdAtMs: Number(row.created_at_ms),
  };
}
