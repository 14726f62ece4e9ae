import type { Price } from '@abland/domain';
import { sql } from 'kysely';
import { WINDOW_SECONDS } from '../markets/volume-window.js';
import { poolReserves } from '../pools/tables.js';
import { readAt } from '../read-model/at.js';
import type { At } from '../read-model/past-state.js';
import type { ReadModel } from '../read-model/database.js';
import type { Sql, Tables } from '../read-model/tables.js';
import { swaps } from '../swaps/tables.js';
import { tokens } from '../tokens/tables.js';
import { MARKET_READS, rankedTokens } from '../tokens/token-ranks.js';
import { priceBy, type Reserves, reservesBefore, tradedOf } from './token-analytics.js';

/** Of so many tokens, those of which most was traded by worth, movers and trends are found. */
export const MOST_TRADED = 200;

export interface MostTradedInput {
  readonly chainId: number;
  /** Seconds since the epoch; the window is the 24 hours up to and including it, by block time. */
  readonly now: number;
  readonly at?: At | null | undefined;
}

/** An active token that was traded in the window, with its prices at the window's beginning and end. */
export interface TradedToken {
  readonly address: string;
  /** Of what was traded: 10^-18 of a whole quote token. */
  readonly volume: bigint;
  readonly then: Price;
  readonly now: Price;
  /** Whether only one address traded it. */
  readonly byOne: boolean;
}

const READS = { ...MARKET_READS, pools: [poolReserves], swaps: [swaps], tokens: [tokens] };

interface TradedRow {
  token: string;
  score: string;
  reserves_now: Reserves;
  reserves_before: Reserves | null;
  reserves_first: Reserves | null;
  by_one: boolean;
}

/** The MOST_TRADED tokens, in no particular order. Tokens without a price are none of them. */
export async function mostTraded(db: ReadModel, input: MostTradedInput): Promise<readonly TradedToken[]> {
  const rows = await readAt<TradedRow>(db, READS, input.at, (tables) => tradedOfAll(tables, input));
  return rows.flatMap((row) => {
    const now = priceBy(row.reserves_now);
    const then = priceBy(row.reserves_before ?? row.reserves_first ?? row.reserves_now);
    if (now === null || then === null) return [];
    return [{ address: row.token, volume: BigInt(row.score), then, now, byOne: row.by_one }];
  });
}

function tradedOfAll(tables: Tables, { chainId, now }: MostTradedInput): Sql {
  const from = now - WINDOW_SECONDS;
  const active = tables.row(tokens, 't', { chain_id: sql`m.chain_id`, address: sql`m.token` });
  const ranked = rankedTokens(tables, {
    ...{ chainId, now, sort: 'VOLUME', after: null, limit: MOST_TRADED },
    where: sql`true`,
    late: sql`EXISTS (SELECT 1 FROM ${active} WHERE t.status = 'DEPLOYED')`,
  });
  const traders = (side: 'token_in' | 'token_out'): Sql =>
    sql`SELECT w.user_address FROM ${tradedOf(tables, side, from, now)}`;
  const users = sql`(${traders('token_in')} UNION ALL ${traders('token_out')}) u`;
  return sql`
    SELECT p.token, p.score::text AS score,
      json_build_array(p.own_reserve::text, p.other_reserve::text) AS reserves_now,
      ${reservesBefore(tables, from, now)},
      NOT EXISTS (
        SELECT 1 FROM (SELECT u.user_address FROM ${users} LIMIT 1) one
        WHERE EXISTS (SELECT 1 FROM ${users} WHERE u.user_address <> one.user_address)) AS by_one
    FROM (${ranked}) p JOIN ${tables.row(tokens, 't', { chain_id: sql`p.chain_id`, address: sql`p.token` })} ON true
    WHERE p.score > 0 AND p.pool_id IS NOT NULL`;
}
