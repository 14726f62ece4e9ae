import { sql } from 'kysely';
import type { ReadModel } from '../read-model/database.js';
import { tokensByAddresses, type TokenView } from '../tokens/queries.js';
import { DAY_SECONDS } from './token-analytics.js';

export interface TrendingToken {
  readonly token: TokenView;
  /** Different addresses that swapped it in the window, and their swaps. */
  readonly traders24h: number;
  readonly swaps24h: number;
}

/**
 * Active tokens by how many different people traded them in the 24 hours up to `now` (seconds, by block time), then by
 * swaps: one person trading with themselves does not trend.
 */
export async function trendingTokens(
  db: ReadModel,
  input: { chainId: number; limit: number; now: number },
): Promise<readonly TrendingToken[]> {
  const { rows } = await sql<{ token: string; traders: string; swaps: string }>`
    SELECT t.token, count(DISTINCT t.user_address) AS traders, count(*) AS swaps
    FROM read_model.swaps w
    CROSS JOIN LATERAL (VALUES (w.token_in, w.user_address), (w.token_out, w.user_address)) AS t(token, user_address)
    JOIN read_model.tokens c ON c.chain_id = w.chain_id AND c.address = t.token AND c.status = 'DEPLOYED'
    WHERE w.chain_id = ${input.chainId}::bigint AND w.block_time > ${input.now - DAY_SECONDS}::bigint AND w.block_time <= ${input.now}::bigint
    GROUP BY t.token ORDER BY traders DESC, swaps DESC, t.token LIMIT ${input.limit}
  `.execute(db);
  const tokens = await tokensByAddresses(db, {
    chainId: input.chainId,
    addresses: rows.map((row) => row.token),
  });
  const byAddress = new Map(tokens.map((token) => [token.address, token]));
  return rows.flatMap((row) => {
    const token = byAddress.get(row.token);
    return token === undefined
      ? []
      : [{ token, traders24h: Number(row.traders), swaps24h: Number(row.swaps) }];
  });
}
