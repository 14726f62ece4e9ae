import { sql } from 'kysely';
import type { ReadModel } from '../read-model/database.js';
import {
  CHAIN_TOKEN_COLUMNS,
  CHAIN_TOKENS,
  NOT_ON_CHAIN,
  REQUEST_COLUMNS,
  type TokenRow,
  type TokenView,
  tokenView,
} from './token-view.js';

/** By request id or, for any token on the chain, by address. */
export async function tokenById(db: ReadModel, id: string): Promise<TokenView | null> {
  if (id.startsWith('0x')) return tokenByAddress(db, id);
  const { rows } = await sql<TokenRow>`
    SELECT ${CHAIN_TOKEN_COLUMNS} FROM ${CHAIN_TOKENS}
    WHERE r.token_id = ${id}
      AND (c.command_id = ${id} OR c.address = (SELECT token_address FROM read_model.token_requests WHERE token_id = ${id}))
    UNION ALL
    SELECT ${REQUEST_COLUMNS} FROM read_model.token_requests r WHERE r.token_id = ${id} AND ${NOT_ON_CHAIN}
    LIMIT 1
  `.execute(db);
  return rows[0] === undefined ? null : tokenView(rows[0]);
}

export async function tokenByAddress(db: ReadModel, address: string): Promise<TokenView | null> {
  return (await tokensByAddresses(db, [address]))[0] ?? null;
}

/** In no particular order; addresses without a token are left out. */
export async function tokensByAddresses(
  db: ReadModel,
  addresses: readonly string[],
): Promise<readonly TokenView[]> {
  const { rows } = await sql<TokenRow>`
    SELECT ${CHAIN_TOKEN_COLUMNS} FROM ${CHAIN_TOKENS} WHERE c.address = ANY(${addresses})
  `.execute(db);
  return rows.map(tokenView);
}
