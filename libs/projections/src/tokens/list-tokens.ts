import { type RawBuilder, sql } from 'kysely';
import type { At } from '../read-model/at.js';
import type { ReadModel } from '../read-model/database.js';
import { tokenSupplies } from '../holdings/tables.js';
import { pools } from '../pools/tables.js';
import { InvalidCursorError } from '../read-model/errors.js';
import type { Page, PageRequest } from '../read-model/page.js';
import { readStatePage, type StateList, type StateQuery } from '../read-model/state-page.js';
import type { Tables } from '../read-model/tables.js';
import { swaps } from '../swaps/tables.js';
import {
  supplyOfToken,
  TOKEN_COLUMNS,
  TOKEN_READS,
  type TokenRow,
  type TokenStatus,
  type TokenView,
  tokenView,
} from './queries.js';
import { tokens } from './tables.js';

/**
 * NEWEST: by place on the chain. HOLDERS: by their number. MARKET_CAP, LIQUIDITY and VOLUME (24 hours before `now`): by worth
 * at the spot price of the pool that holds most of the token, in whole tokens of that pool's other side. Only pools between
 * tokens of the factory count, and what lies or was traded in them: with a token of their own making anyone would be first.
 * Tokens without such a pool come last.
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
  readonly chainId: number;
  readonly filter?: TokenFilter;
  readonly sort?: TokenSort;
  /** Seconds since the epoch: the end of the window of VOLUME; further pages keep that of the first. */
  readonly now: number;
  readonly page: PageRequest;
  readonly at?: At | null | undefined;
}

export async function listTokens(db: ReadModel, input: ListTokensInput): Promise<Page<TokenView>> {
  switch (input.sort ?? 'NEWEST') {
    case 'NEWEST':
      return newestTokens(db, input);
    case 'HOLDERS':
      return tokensByHolders(db, input);
    case 'MARKET_CAP':
      return tokensByWorth(db, input, 'MARKET_CAP');
    case 'LIQUIDITY':
      return tokensByWorth(db, input, 'LIQUIDITY');
    case 'VOLUME':
      return tokensByWorth(db, input, 'VOLUME');
  }
}

const NEWEST: StateList = { name: 'tokens-NEWEST', parts: ['int8', 'int8'], reads: TOKEN_READS };

function newestTokens(db: ReadModel, input: ListTokensInput): Promise<Page<TokenView>> {
  const { at, chainId, page } = input;
  return readStatePage<TokenRow, TokenView>(db, NEWEST, {
    at,
    chainId,
    page,
    query: ({ tables, after, limit }) => {
      const older =
        after === null
          ? sql`true`
          : sql`(t.block_number, t.log_index) < (${after[0]}::bigint, ${after[1]}::bigint)`;
      const where = sql`${conditions(input)} AND ${older}`;
      const lastingOrder = (row: RawBuilder<unknown>) => sql`${row}.block_number DESC, ${row}.log_index DESC`;
      const order = lastingOrder(sql`t`);
      const scope = ofChain(chainId);
      return sql`
        SELECT ${TOKEN_COLUMNS} FROM ${tables.page(tokens, 't', { where, scope, order, lastingOrder, limit })}
        LEFT JOIN ${supplyOfToken(tables)} ON true ORDER BY ${order}`;
    },
    keyOf: (row) => [row.block_number, row.log_index],
    nodeOf: tokenView,
  });
}

const BY_HOLDERS: StateList = { name: 'tokens-HOLDERS', parts: ['int8', 'text'], reads: TOKEN_READS };

function tokensByHolders(db: ReadModel, input: ListTokensInput): Promise<Page<TokenView>> {
  const { at, chainId, filter, page } = input;
  return readStatePage<TokenRow, TokenView>(db, BY_HOLDERS, {
    at,
    chainId,
    page,
    query: ({ tables, after, limit }) => {
      const further =
        after === null ? sql`true` : sql`(s.holders, s.token) < (${after[0]}::bigint, ${after[1]})`;
      const token = tables.row(tokens, 't', { chain_id: sql`s.chain_id`, address: sql`s.token` });
      const where = sql`
        ${further} AND ${found(sql`s.token`, chainId, filter)}
        AND EXISTS (SELECT 1 FROM ${token} WHERE ${ownConditions(input)})`;
      const order = sql`s.holders DESC, s.token DESC`;
      return sql`
        SELECT ${TOKEN_COLUMNS} FROM ${tables.page(tokenSupplies, 's', { where, scope: ofChain(chainId), order, limit })}
        JOIN ${token} ON true ORDER BY ${order}`;
    },
    keyOf: (row) => [row.holders, row.address],
    nodeOf: tokenView,
  });
}

type Worth = 'MARKET_CAP' | 'LIQUIDITY' | 'VOLUME';

function tokensByWorth(db: ReadModel, input: ListTokensInput, sort: Worth): Promise<Page<TokenView>> {
  const list: StateList = {
    name: `tokens-${sort}`,
    parts: ['int8', 'numeric', 'text'],
    reads: { ...TOKEN_READS, pools: [pools], ...(sort === 'VOLUME' ? { swaps: [swaps] } : {}) },
  };
  const { at, chainId, page } = input;
  return readStatePage<TokenRow & { score: string; now: string }, TokenView>(db, list, {
    at,
    chainId,
    page,
    query: (at) => worthQuery(at, input, sort),
    keyOf: (row) => [row.now, row.score, row.address],
    nodeOf: tokenView,
  });
}

/** Worth is in 10^-18 of a whole quote token, so that ranks of small amounts are told apart without fractions. */
function worthQuery(
  { tables, after, limit }: StateQuery,
  input: ListTokensInput,
  sort: Worth,
): RawBuilder<unknown> {
  const now = after === null ? input.now : windowEnd(after[0], input.page);
  const units = {
    MARKET_CAP: sql`t.total_supply`,
    LIQUIDITY: sql`p.in_pools`,
    VOLUME: sql`coalesce(v.volume, 0)`,
  }[sort];
  const ownPools = poolsOfFactory(tables, input.chainId);
  const volumes =
    sort === 'VOLUME'
      ? sql`LEFT JOIN ${volumesUntil(tables, input.chainId, now)} ON v.token = t.address`
      : sql``;
  const further =
    after === null ? sql`true` : sql`(t.score, t.address) < (${after[1]}::numeric, ${after[2]})`;
  const order = sql`t.score DESC, t.address DESC`;
  return sql`
    SELECT ${TOKEN_COLUMNS}, t.score, ${now}::bigint AS now
    FROM (
      SELECT t.* FROM (
        SELECT t.*, CASE WHEN coalesce(p.own_reserve, 0) = 0 OR o.decimals IS NULL THEN 0
          ELSE div(${units} * p.other_reserve * 10::numeric ^ 18, p.own_reserve * 10::numeric ^ o.decimals) END AS score
        FROM ${tables.rows(tokens, 't', conditions(input), ofChain(input.chainId))}
        LEFT JOIN (
          SELECT DISTINCT ON (token) token, other, own_reserve, other_reserve, sum(own_reserve) OVER (PARTITION BY token) AS in_pools
          FROM (
            SELECT q.token_a AS token, q.token_b AS other, q.pool_id, q.reserve_a AS own_reserve, q.reserve_b AS other_reserve
            FROM ${ownPools}
            UNION ALL
            SELECT q.token_b, q.token_a, q.pool_id, q.reserve_b, q.reserve_a FROM ${ownPools}
          ) sides ORDER BY token, own_reserve DESC, pool_id
        ) p ON p.token = t.address
        LEFT JOIN ${tables.row(tokens, 'o', { chain_id: sql`t.chain_id`, address: sql`p.other` })} ON true
        ${volumes}
      ) t WHERE ${further} ORDER BY ${order} LIMIT ${limit}::int
    ) t
    LEFT JOIN ${supplyOfToken(tables)} ON true ORDER BY ${order}`;
}

/** Pools `q` both of whose tokens the factory made. */
const poolsOfFactory = (tables: Tables, chainId: number): RawBuilder<unknown> => {
  const token = (alias: string, address: RawBuilder<unknown>): RawBuilder<unknown> =>
    tables.row(tokens, alias, { chain_id: sql`q.chain_id`, address });
  return sql`(
    SELECT q.* FROM ${tables.rows(pools, 'q', sql`true`, ofChain(chainId))}
    JOIN ${token('a', sql`q.token_a`)} ON true JOIN ${token('b', sql`q.token_b`)} ON true) q`;
};

/** What was traded of each token in the 24 hours up to `now`. */
const volumesUntil = (tables: Tables, chainId: number, now: number): RawBuilder<unknown> => {
  const traded = tables.rows(
    swaps,
    'w',
    sql`w.pool_id IN (SELECT q.pool_id FROM ${poolsOfFactory(tables, chainId)})`,
    (row) => sql`${row}.chain_id = ${chainId}::bigint
      AND ${row}.block_time > ${now - DAY_SECONDS}::bigint AND ${row}.block_time <= ${now}::bigint`,
  );
  return sql`(
    SELECT token, sum(amount) AS volume FROM (
      SELECT w.token_in AS token, w.amount_in AS amount FROM ${traded}
      UNION ALL
      SELECT w.token_out, w.amount_out FROM ${traded}
    ) sides GROUP BY token) v`;
};

/** The end of the first page's window, as its cursors have it. @throws InvalidCursorError */
function windowEnd(given: string | undefined, { after }: PageRequest): number {
  const seconds = Number(given);
  if (!Number.isSafeInteger(seconds)) throw new InvalidCursorError(after ?? '');
  return seconds;
}

const DAY_SECONDS = 86_400;

const ofChain =
  (chainId: number) =>
  (row: RawBuilder<unknown>): RawBuilder<unknown> =>
    sql`${row}.chain_id = ${chainId}::bigint`;

/** What a token `t` must be. */
const conditions = (input: ListTokensInput): RawBuilder<unknown> =>
  sql`${ownConditions(input)} AND ${found(sql`t.address`, input.chainId, input.filter)}`;

function ownConditions({ chainId, filter = {} }: ListTokensInput): RawBuilder<unknown> {
  const all = [sql`t.chain_id = ${chainId}::bigint`];
  if (filter.creator !== undefined) all.push(sql`t.creator = ${filter.creator}`);
  if (filter.statuses !== undefined) all.push(sql`t.status = ANY(${filter.statuses})`);
  return sql.join(all, sql` AND `);
}

/**
 * Whether an address is of a token that the search finds. Found before they are ordered (OFFSET 0): walking the tokens by time
 * until a page is full would read most of them. What is searched never changes, so the present rows tell it at any moment.
 */
function found(address: RawBuilder<unknown>, chainId: number, filter: TokenFilter = {}): RawBuilder<unknown> {
  if (filter.search === undefined || filter.search === '') return sql`true`;
  const pattern = likePattern(filter.search);
  return sql`${address} IN (
    SELECT m.address FROM read_model.tokens m
    WHERE m.chain_id = ${chainId}::bigint
      AND (m.name ILIKE ${`%${pattern}%`} OR m.symbol ILIKE ${`%${pattern}%`}
        OR lower(m.address) LIKE ${`${pattern.toLowerCase()}%`}) OFFSET 0)`;
}

/** What people type is text, not a pattern. NUL cannot be in any row. */
function likePattern(search: string): string {
  return search.replace(/[\\%_]/g, (special) => `\\${special}`).replaceAll('\0', '\u{fffd}');
}
