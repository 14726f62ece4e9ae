import { type RawBuilder, sql } from 'kysely';
import type { ReadModel } from '../read-model/database.js';
import {
  decodeCursor,
  type Page,
  type PageRequest,
  rowsToSelect,
  type SortOrder,
  toPage,
} from '../read-model/page.js';
import {
  CHAIN_TOKEN_COLUMNS,
  CHAIN_TOKENS,
  NOT_ON_CHAIN,
  REQUEST_COLUMNS,
  type TokenRow,
  type TokenStatus,
  type TokenView,
  tokenView,
} from './token-view.js';

/**
 * NEWEST: by block time, requests not on the chain by the time of the request. The others rank tokens on the chain alone:
 * HOLDERS by their number; MARKET_CAP, LIQUIDITY and VOLUME (24 hours before `now`) by their worth at the spot price of the
 * token's reference pool, in whole tokens of that pool's other side. Tokens without a pool come last.
 */
export type TokenSort = 'NEWEST' | 'HOLDERS' | 'MARKET_CAP' | 'LIQUIDITY' | 'VOLUME';

export interface TokenFilter {
  /** Part of the name or symbol in any case, or the beginning of the address. */
  readonly search?: string;
  readonly creator?: string;
  /** Absent: all. */
  readonly statuses?: readonly TokenStatus[];
}

export interface ListTokensInput {
  readonly filter?: TokenFilter;
  readonly sort?: TokenSort;
  /** Seconds since the epoch: the end of the window of VOLUME. */
  readonly now: number;
  readonly page: PageRequest;
}

export async function listTokens(db: ReadModel, input: ListTokensInput): Promise<Page<TokenView>> {
  const sort = input.sort ?? 'NEWEST';
  return sort === 'NEWEST' ? newestTokens(db, input) : rankedTokens(db, input, sort);
}

const NEWEST: SortOrder = { name: 'tokens-NEWEST', parts: ['int8', 'text'] };

async function newestTokens(db: ReadModel, input: ListTokensInput): Promise<Page<TokenView>> {
  const { filter = {}, page } = input;
  const after = decodeCursor(NEWEST, page.after);
  const limit = rowsToSelect(page);
  const older = (time: RawBuilder<unknown>, id: RawBuilder<unknown>): RawBuilder<unknown> =>
    after === null ? sql`true` : sql`(${time}, ${id}) < (${after[0]}::bigint, ${after[1]})`;
  const onChain = sql`
    SELECT ${CHAIN_TOKEN_COLUMNS} FROM ${CHAIN_TOKENS}
    WHERE ${chainConditions(filter)} AND ${older(sql`c.created_at_ms`, sql`c.address`)}
    ORDER BY c.created_at_ms DESC, c.address DESC LIMIT ${limit}`;
  const waiting = sql`
    SELECT ${REQUEST_COLUMNS} FROM read_model.token_requests r
    WHERE r.status <> 'DEPLOYED' AND ${requestConditions(filter)} AND ${NOT_ON_CHAIN}
      AND ${older(sql`r.requested_at_ms`, sql`r.token_id`)}
    ORDER BY r.requested_at_ms DESC, r.token_id DESC LIMIT ${limit}`;
  const { rows } = await sql<TokenRow>`
    SELECT * FROM ((${onChain}) UNION ALL (${waiting})) listed
    ORDER BY created_at_ms DESC, sort_id DESC LIMIT ${limit}
  `.execute(db);
  return toPage(rows, page, NEWEST, (row) => [row.created_at_ms, row.sort_id], tokenView);
}

type Ranking = Exclude<TokenSort, 'NEWEST'>;

/** Types of the scores, so that the ones with an index use it. */
const SCORE_TYPES: Readonly<Record<Ranking, string>> = {
  HOLDERS: 'bigint',
  MARKET_CAP: 'numeric',
  LIQUIDITY: 'numeric',
  VOLUME: 'numeric',
};

async function rankedTokens(db: ReadModel, input: ListTokensInput, sort: Ranking): Promise<Page<TokenView>> {
  const { filter = {}, page } = input;
  const order: SortOrder = {
    name: `tokens-${sort}`,
    parts: [SCORE_TYPES[sort] === 'bigint' ? 'int8' : 'numeric', 'text'],
  };
  const after = decodeCursor(order, page.after);
  const further =
    after === null
      ? sql`true`
      : sql`(ranked.score, ranked.address) < (${after[0]}::${sql.raw(SCORE_TYPES[sort])}, ${after[1]})`;
  const { rows } = await sql<TokenRow & { score: string }>`
    WITH ranked AS (${scores(sort, input.now)}),
    listed AS (
      SELECT ranked.score, ranked.address FROM ranked JOIN read_model.chain_tokens c USING (address)
      WHERE ${chainConditions(filter)} AND ${further}
      ORDER BY ranked.score DESC, ranked.address DESC LIMIT ${rowsToSelect(page)}
    )
    SELECT ${CHAIN_TOKEN_COLUMNS}, listed.score FROM listed, ${CHAIN_TOKENS}
    WHERE c.address = listed.address ORDER BY listed.score DESC, listed.address DESC
  `.execute(db);
  return toPage(rows, page, order, (row) => [row.score, row.sort_id], tokenView);
}

/** Worth is in 10^-18 of a whole quote token, so that ranks of small amounts are told apart without fractions. */
function scores(sort: Ranking, now: number): RawBuilder<unknown> {
  if (sort === 'HOLDERS') {
    return sql`
      SELECT token AS address, holders AS score FROM read_model.token_supplies`;
  }
  const worth = (units: RawBuilder<unknown>): RawBuilder<unknown> => sql`
    CASE WHEN coalesce(p.own_reserve, 0) = 0 THEN 0
      ELSE div(${units} * p.other_reserve * 10::numeric ^ 18, p.own_reserve * 10::numeric ^ coalesce(o.decimals, 0)) END`;
  const amounts = {
    MARKET_CAP: sql`t.total_supply`,
    LIQUIDITY: sql`p.in_pools`,
    VOLUME: sql`coalesce(v.volume, 0)`,
  };
  const volumes =
    sort !== 'VOLUME'
      ? sql``
      : sql`LEFT JOIN (
          SELECT token, sum(amount) AS volume FROM (
            SELECT token_in AS token, amount_in AS amount FROM read_model.swaps
            WHERE block_time > ${now - DAY_SECONDS}::bigint AND block_time <= ${now}::bigint
            UNION ALL
            SELECT token_out, amount_out FROM read_model.swaps
            WHERE block_time > ${now - DAY_SECONDS}::bigint AND block_time <= ${now}::bigint
          ) traded GROUP BY token) v ON v.token = t.address`;
  return sql`
    SELECT t.address, ${worth(amounts[sort])} AS score
    FROM read_model.chain_tokens t
    LEFT JOIN (
      SELECT DISTINCT ON (token) token, other, own_reserve, other_reserve, sum(own_reserve) OVER (PARTITION BY token) AS in_pools
      FROM (
        SELECT token_a AS token, token_b AS other, pool_id, reserve_a AS own_reserve, reserve_b AS other_reserve
        FROM read_model.pools
        UNION ALL
        SELECT token_b, token_a, pool_id, reserve_b, reserve_a FROM read_model.pools
      ) sides ORDER BY token, own_reserve DESC, pool_id
    ) p ON p.token = t.address
    LEFT JOIN read_model.chain_tokens o ON o.address = p.other
    ${volumes}`;
}

const DAY_SECONDS = 86_400;

function chainConditions(filter: TokenFilter): RawBuilder<unknown> {
  const conditions = [sql`true`];
  if (filter.creator !== undefined) conditions.push(sql`c.creator = ${filter.creator}`);
  if (filter.statuses !== undefined) {
    conditions.push(
      sql`(CASE WHEN c.deactivated THEN 'DEACTIVATED' ELSE 'DEPLOYED' END) = ANY(${filter.statuses})`,
    );
  }
  if (filter.search !== undefined && filter.search !== '') {
    const pattern = likePattern(filter.search);
    conditions.push(
      // Found before they are ordered (OFFSET 0): walking the tokens by time until a page is full would read most of them.
      sql`c.address IN (
        SELECT m.address FROM read_model.chain_tokens m
        WHERE m.name ILIKE ${`%${pattern}%`} OR m.symbol ILIKE ${`%${pattern}%`}
           OR lower(m.address) LIKE ${`${pattern.toLowerCase()}%`} OFFSET 0)`,
    );
  }
  return sql.join(conditions, sql` AND `);
}

function requestConditions(filter: TokenFilter): RawBuilder<unknown> {
  const conditions = [sql`true`];
  if (filter.creator !== undefined) conditions.push(sql`r.creator = ${filter.creator}`);
  if (filter.statuses !== undefined) conditions.push(sql`r.status = ANY(${filter.statuses})`);
  if (filter.search !== undefined && filter.search !== '') {
    const pattern = `%${likePattern(filter.search)}%`;
    conditions.push(sql`(r.name ILIKE ${pattern} OR r.symbol ILIKE ${pattern})`);
  }
  return sql.join(conditions, sql` AND `);
}

/** What people type is text, not a pattern. NUL cannot be in any row. */
function likePattern(search: string): string {
  return search.replace(/[\\%_]/g, (special) => `\\${special}`).replaceAll('\0', '\u{fffd}');
}
