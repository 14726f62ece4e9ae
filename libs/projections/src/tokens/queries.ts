import { type RawBuilder, sql } from 'kysely';
import { tokenSupplies } from '../holdings/tables.js';
import { readAt } from '../read-model/at.js';
import type { At } from '../read-model/past-state.js';
import type { ReadModel } from '../read-model/database.js';
import type { Tables } from '../read-model/tables.js';
import { tokens } from './tables.js';

export type TokenStatus = 'DEPLOYED' | 'DEACTIVATED';

/** A token on the chain. */
export interface TokenView {
  readonly chainId: number;
  readonly address: string;
  readonly status: TokenStatus;
  readonly creator: string;
  readonly name: string;
  readonly symbol: string;
  /** Null until the factory has told them. */
  readonly decimals: number | null;
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
export const supplyOfToken = (tables: Tables): RawBuilder<unknown> =>
  tables.row(tokenSupplies, 's', { chain_id: sql`t.chain_id`, token: sql`t.address` });

export const TOKEN_READS = { tokens: [tokens], holdings: [tokenSupplies] };

export async function tokenByAddress(
  db: ReadModel,
  input: { readonly chainId: number; readonly address: string; readonly at?: At | null | undefined },
): Promise<TokenView | null> {
  const { address, at, chainId } = input;
  return (await tokensByAddresses(db, { chainId, addresses: [address], at }))[0] ?? null;
}

/** In no particular order; addresses without a token are left out. */
export async function tokensByAddresses(
  db: ReadModel,
  input: {
    readonly chainId: number;
    readonly addresses: readonly string[];
    readonly at?: At | null | undefined;
  },
): Promise<readonly TokenView[]> {
  const key = { chain_id: sql`${input.chainId}::bigint`, address: sql`asked.address` };
  const rows = await readAt<TokenRow>(
    db,
    TOKEN_READS,
    input.at,
    (tables) => sql`
      SELECT ${TOKEN_COLUMNS} FROM (SELECT DISTINCT address FROM unnest(${input.addresses}::text[]) AS u(address)) asked
      JOIN ${tables.row(tokens, 't', key)} ON true LEFT JOIN ${supplyOfToken(tables)} ON true`,
  );
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
    decimals: row.decimals,
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
