import { sql } from 'kysely';
import type { ReadModel } from '../read-model/database.js';

export type TokenStatus = 'DEPLOYED' | 'DEACTIVATED';

/** A token on the chain. */
export interface TokenView {
  readonly chainId: number;
  readonly address: string;
  readonly status: TokenStatus;
  readonly creator: string;
  readonly name: string;
  readonly symbol: string;
  readonly decimals: number;
  /** Base units. */
  readonly totalSupply: string;
  readonly metadataUri: string;
  /** Addresses with a balance above zero. */
  readonly holders: number;
  readonly txHash: string;
  /** Block of the creation. */
  readonly blockNumber: number;
  /** Seconds since the epoch. */
  readonly blockTime: number;
  /** The newest block that changed it (a deactivation, say). */
  readonly updatedBlock: number;
  /** Claimed by the transaction's sender: whether the token answers that request, the request says. */
  readonly commandId: string | null;
}

export interface TokenRow {
  chain_id: string;
  address: string;
  status: string;
  creator: string;
  name: string;
  symbol: string;
  decimals: number | null;
  total_supply: string;
  metadata_uri: string | null;
  holders: string;
  tx_hash: string;
  block_number: string;
  block_time: string;
  log_index: number;
  updated_block: string;
  command_id: string | null;
}

/** A token `t` with what its transfers add up to. */
export const TOKEN_COLUMNS = sql`
  t.chain_id, t.address, t.status, t.creator, t.name, t.symbol, t.decimals, t.total_supply, t.metadata_uri,
  coalesce(s.holders, 0) AS holders, t.tx_hash, t.block_number, t.block_time, t.log_index, t.updated_block, t.command_id`;
export const SUPPLY_OF_TOKEN = sql`
  LEFT JOIN read_model.token_supplies s ON s.chain_id = t.chain_id AND s.token = t.address`;

export async function tokenByAddress(
  db: ReadModel,
  input: { readonly chainId: number; readonly address: string },
): Promise<TokenView | null> {
  const { chainId, address } = input;
  return (await tokensByAddresses(db, { chainId, addresses: [address] }))[0] ?? null;
}

/** In no particular order; addresses without a token are left out. */
export async function tokensByAddresses(
  db: ReadModel,
  input: { readonly chainId: number; readonly addresses: readonly string[] },
): Promise<readonly TokenView[]> {
  const { rows } = await sql<TokenRow>`
    SELECT ${TOKEN_COLUMNS} FROM read_model.tokens t ${SUPPLY_OF_TOKEN}
    WHERE t.chain_id = ${input.chainId}::bigint AND t.address = ANY(${input.addresses})
  `.execute(db);
  return rows.map(tokenView);
}

export function tokenView(row: TokenRow): TokenView {
  return {
    chainId: Number(row.chain_id),
    address: row.address,
    status: row.status as TokenStatus,
    creator: row.creator,
    name: row.name,
    symbol: row.symbol,
    decimals: row.decimals ?? 0,
    totalSupply: row.total_supply,
    metadataUri: row.metadata_uri ?? '',
    holders: Number(row.holders),
    txHash: row.tx_hash,
    blockNumber: Number(row.block_number),
    blockTime: Number(row.block_time),
    updatedBlock: Number(row.updated_block),
    commandId: row.command_id,
  };
}
