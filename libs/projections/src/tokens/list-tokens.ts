import { type RawBuilder, sql } from 'kysely';
import type { At } from '../read-model/past-state.js';
import type { ReadModel } from '../read-model/database.js';
import { tokenSupplies } from '../holdings/tables.js';
import { tokenMarkets } from '../markets/tables.js';
import { InvalidCursorError } from '../read-model/errors.js';
import type { Page, PageRequest } from '../read-model/page.js';
import { readStatePage, type StateList, type StateQuery } from '../read-model/state-page.js';
import type { Tables } from '../read-model/tables.js';
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
import { MARKET_READS, rankedTokens, type Worth } from './token-ranks.js';

/**
 * NEWEST: by place on the chain. HOLDERS: by their number. MARKET_CAP, LIQUIDITY and VOLUME (24 hours before `now`): by worth
 * at the spot price of the pool that holds most of the token, in whole tokens of that pool's other side (docs/market-data.md). Only pools between
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
  /** Whole tokens of the one that the market cap is ranked in: those worth at least so much. */
  readonly minMarketCap?: bigint;
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
  return readStatePage<TokenRow, TokenView>(db, listOf(NEWEST, input.filter), {
    at,
    chainId,
    page,
    query: ({ tables, after, limit }) => {
      const older =
        after === null
          ? sql`true`
          : sql`(t.block_number, t.log_index) < (${after[0]}::bigint, ${after[1]}::bigint)`;
      const where = sql`${conditions(tables, input)} AND ${older}`;
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
  return readStatePage<TokenRow, TokenView>(db, listOf(BY_HOLDERS, filter), {
    at,
    chainId,
    page,
    query: ({ tables, after, limit }) => {
      const further =
        after === null ? sql`true` : sql`(s.holders, s.token) < (${after[0]}::bigint, ${after[1]})`;
      const token = tables.row(tokens, 't', { chain_id: sql`s.chain_id`, address: sql`s.token` });
      const where = sql`${further} AND ${found(tables, sql`s.token`, input)}`;
      const late = sql`
        ${worthAtLeast(tables, { chain_id: sql`s.chain_id`, token: sql`s.token` }, filter)}
        AND EXISTS (SELECT 1 FROM ${token} WHERE ${ownConditions(input)})`;
      const order = sql`s.holders DESC, s.token DESC`;
      return sql`
        SELECT ${TOKEN_COLUMNS} FROM ${tables.page(tokenSupplies, 's', { where, late, scope: ofChain(chainId), order, limit })}
        JOIN ${token} ON true ORDER BY ${order}`;
    },
    keyOf: (row) => [row.holders, row.address],
    nodeOf: tokenView,
  });
}

function tokensByWorth(db: ReadModel, input: ListTokensInput, sort: Worth): Promise<Page<TokenView>> {
  const list: StateList = {
    name: `tokens-${sort}`,
    parts: ['int8', 'numeric', 'text'],
    reads: { ...TOKEN_READS, ...MARKET_READS },
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

function worthQuery(
  { tables, after, limit }: StateQuery,
  input: ListTokensInput,
  sort: Worth,
): RawBuilder<unknown> {
  const { chainId, filter } = input;
  const now = after === null ? input.now : windowEnd(after[0], input.page);
  const token = tables.row(tokens, 't', { chain_id: sql`m.chain_id`, address: sql`m.token` });
  const where = sql`${found(tables, sql`m.token`, input)} AND ${capOf(sql`m`, filter)}`;
  const late = sql`EXISTS (SELECT 1 FROM ${token} WHERE ${ownConditions(input)})`;
  const ranked = rankedTokens(tables, {
    ...{ chainId, sort, now, where, late, limit },
    after: after === null ? null : [after[1] ?? '', after[2] ?? ''],
  });
  return sql`
    SELECT ${TOKEN_COLUMNS}, m.score, ${now}::bigint AS now
    FROM (${ranked}) m JOIN ${token} ON true LEFT JOIN ${supplyOfToken(tables)} ON true
    ORDER BY m.score DESC, m.token DESC`;
}

/** The end of the first page's window, as its cursors have it. @throws InvalidCursorError */
function windowEnd(given: string | undefined, { after }: PageRequest): number {
  const seconds = Number(given);
  if (!Number.isSafeInteger(seconds)) throw new InvalidCursorError(after ?? '');
  return seconds;
}

const ofChain =
  (chainId: number) =>
  (row: RawBuilder<unknown>): RawBuilder<unknown> =>
    sql`${row}.chain_id = ${chainId}::bigint`;

/** What a token `t` must be. */
const conditions = (tables: Tables, input: ListTokensInput): RawBuilder<unknown> => sql`
  ${ownConditions(input)} AND ${found(tables, sql`t.address`, input)}
  AND ${worthAtLeast(tables, { chain_id: sql`t.chain_id`, token: sql`t.address` }, input.filter)}`;

/** Whether the token of a key is worth as much as the filter asks for. */
function worthAtLeast(
  tables: Tables,
  key: Readonly<Record<'chain_id' | 'token', RawBuilder<unknown>>>,
  filter: TokenFilter = {},
): RawBuilder<unknown> {
  if (filter.minMarketCap === undefined) return sql`true`;
  return sql`EXISTS (SELECT 1 FROM ${tables.row(tokenMarkets, 'k', key)} WHERE ${capOf(sql`k`, filter)})`;
}

/** Whether a row of `token_markets` has the market cap that the filter asks for. */
const capOf = (row: RawBuilder<unknown>, { minMarketCap }: TokenFilter = {}): RawBuilder<unknown> =>
  minMarketCap === undefined
    ? sql`true`
    : sql`${row}.market_cap >= ${`${minMarketCap}${'0'.repeat(18)}`}::numeric`;

/** A list with the tables that its filter reads: a cursor of one is none of the other. */
const listOf = (list: StateList, filter: TokenFilter = {}): StateList =>
  filter.minMarketCap === undefined
    ? list
    : { ...list, name: `${list.name}-worth`, reads: { ...list.reads, ...MARKET_READS } };

function ownConditions({ chainId, filter = {} }: ListTokensInput): RawBuilder<unknown> {
  const all = [sql`t.chain_id = ${chainId}::bigint`];
  if (filter.creator !== undefined) all.push(sql`t.creator = ${filter.creator}`);
  if (filter.statuses !== undefined) all.push(sql`t.status = ANY(${filter.statuses})`);
  return sql.join(all, sql` AND `);
}

/**
 * Whether an address is of a token that the search finds. Found before they are ordered (OFFSET 0): walking the tokens by time
 * until a page is full would read most of them.
 */
function found(
  tables: Tables,
  address: RawBuilder<unknown>,
  { chainId, filter = {} }: ListTokensInput,
): RawBuilder<unknown> {
  if (filter.search === undefined || filter.search === '') return sql`true`;
  const pattern = likePattern(filter.search);
  const matches = (row: RawBuilder<unknown>): RawBuilder<unknown> => sql`
    ${row}.chain_id = ${chainId}::bigint AND (${row}.name ILIKE ${`%${pattern}%`} OR ${row}.symbol ILIKE ${`%${pattern}%`}
      OR lower(${row}.address) LIKE ${`${pattern.toLowerCase()}%`})`;
  return sql`${address} IN (SELECT m.address FROM ${tables.found(tokens, 'm', matches)} OFFSET 0)`;
}

/** What people type is text, not a pattern. NUL cannot be in any row. */
function likePattern(search: string): string {
  return search.replace(/[\\%_]/g, (special) => `\\${special}`).replaceAll('\0', '\u{fffd}');
}
