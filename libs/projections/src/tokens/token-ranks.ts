import { sql } from 'kysely';
import { marketClocks, marketTrades, tokenMarkets } from '../markets/tables.js';
import { WINDOW_SECONDS } from '../markets/volume-window.js';
import { worthSql } from '../markets/worth.js';
import type { Sql, Tables } from '../read-model/tables.js';

export type Worth = 'MARKET_CAP' | 'LIQUIDITY' | 'VOLUME';

export const MARKET_READS = { markets: [tokenMarkets, marketTrades, marketClocks] };

export interface Ranking {
  readonly chainId: number;
  readonly sort: Worth;
  /** Seconds since the epoch: the end of the window of VOLUME. */
  readonly now: number;
  /** What a row `m` of `token_markets` must be. */
  readonly where: Sql;
  /** What else it must be, of other tables. */
  readonly late: Sql;
  /** Score and address of the last one seen; null from the first on. */
  readonly after: readonly [score: string, token: string] | null;
  readonly limit: number;
}

const COLUMNS = { MARKET_CAP: 'market_cap', LIQUIDITY: 'liquidity_worth', VOLUME: 'volume_worth' } as const;

/**
 * Rows of `token_markets` with their `score`, the highest first: 10^-18 of a whole quote token. An index has them in this order.
 * Volumes are those of the newest block's window, so tokens of which trades have left the window since, while no block came, are
 * reckoned by themselves.
 */
export function rankedTokens(tables: Tables, ranking: Ranking): Sql {
  const { chainId, late, limit, sort, where } = ranking;
  const column = sql`m.${sql.id(COLUMNS[sort])}`;
  const page = (also: Sql): Sql =>
    tables.page(tokenMarkets, 'm', {
      where: sql`${where} AND ${further(ranking, column)} AND ${also}`,
      late,
      scope: (row) => sql`${row}.chain_id = ${chainId}::bigint`,
      order: sql`${column} DESC, m.token DESC`,
      limit,
    });
  const order = sql`score DESC, token DESC`;
  if (sort !== 'VOLUME') return sql`SELECT m.*, ${column} AS score FROM ${page(sql`true`)} ORDER BY ${order}`;
  const corrected = worthSql(sql`(m.volume - gone.amount)`, sql`m`);
  const token = tables.row(tokenMarkets, 'm', { chain_id: sql`${chainId}::bigint`, token: sql`gone.token` });
  return sql`
    WITH gone AS MATERIALIZED (${goneSince(tables, ranking)})
    SELECT * FROM (
      SELECT m.*, m.volume_worth AS score FROM ${page(sql`m.token NOT IN (SELECT token FROM gone)`)}
      UNION ALL
      SELECT m.*, ${corrected} FROM gone JOIN ${token} ON true WHERE ${where} AND ${late} AND ${further(ranking, corrected)}
    ) m ORDER BY ${order} LIMIT ${limit}::int`;
}

const further = ({ after }: Ranking, score: Sql): Sql =>
  after === null ? sql`true` : sql`(${score}, m.token) < (${after[0]}::numeric, ${after[1]})`;

/**
 * What the window of now does not have of each token any more, and that of the newest block did: the trades that have left, or, where
 * the newest has, all that was traded, which no trade is read for.
 */
function goneSince(tables: Tables, { chainId, now }: Ranking): Sql {
  const chain = sql`${chainId}::bigint`;
  const from = sql`${now - WINDOW_SECONDS}::bigint`;
  const clock = sql`
    ${tables.row(marketClocks, 'c', { chain_id: chain })}
    JOIN ${tables.row(marketTrades, 'n', { chain_id: chain, number: sql`c.next - 1` })} ON c.oldest < c.next`;
  const left = tables.rows(
    marketTrades,
    'x',
    sql`x.number >= c.oldest`,
    (row) =>
      sql`${row}.chain_id = ${chain} AND ${row}.block_time BETWEEN c.oldest_time AND ${from} AND n.block_time > ${from}`,
  );
  const traded = tables.rows(
    tokenMarkets,
    'a',
    sql`a.volume > 0`,
    (row) => sql`${row}.chain_id = ${chain} AND n.block_time <= ${from}`,
  );
  return sql`
    SELECT side.token, sum(side.amount) AS amount FROM ${clock} CROSS JOIN ${left}
    CROSS JOIN LATERAL (VALUES (x.token_in, x.amount_in), (x.token_out, x.amount_out)) side(token, amount)
    GROUP BY side.token
    UNION ALL
    SELECT a.token, a.volume FROM ${clock} CROSS JOIN ${traded}`;
}
