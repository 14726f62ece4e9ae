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
  SUPPLY_OF_TOKEN,
  TOKEN_COLUMNS,
  type TokenRow,
  type TokenStatus,
  type TokenView,
  tokenView,
} from './queries.js';

/**
 * NEWEST: by place on the chain. HOLDERS: by their number. MARKET_CAP, LIQUIDITY and VOLUME (24 hours before `now`): by worth
 * at the spot price of the token's reference pool, in whole tokens of that pool's other side; tokens without a pool, or with one whose other side tells no decimals, come last.
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
  /** Seconds since the epoch: the end of the window of VOLUME. */
  readonly now: number;
  readonly page: PageRequest;
}

export async function listTokens(db: ReadModel, input: ListTokensInput): Promise<Page<TokenView>> {
  const sort = input.sort ?? 'NEWEST';
  return sort === 'NEWEST' ? newestTokens(db, input) : rankedTokens(db, input, sort);
}

const NEWEST: SortOrder = { name: 'tokens-NEWEST', parts: ['int8', 'int8'] };

async function newestTokens(db: ReadModel, input: ListTokensInput): Promise<Page<TokenView>> {
  const { page } = input;
  const after = decodeCursor(NEWEST, page.after);
  const older =
    after === null
      ? sql`true`
      : sql`(t.block_number, t.log_index) < (${after[0]}::bigint, ${after[1]}::bigint)`;
  const { rows } = await sql<TokenRow>`
    SELECT ${TOKEN_COLUMNS} FROM read_model.tokens t ${SUPPLY_OF_TOKEN}
    WHERE ${conditions(input)} AND ${older}
    ORDER BY t.block_number DESC, t.log_index DESC LIMIT ${rowsToSelect(page)}
  `.execute(db);
  return toPage(rows, page, NEWEST, (row) => [row.block_number, row.log_index], tokenView);
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
  const { page } = input;
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
    WITH ranked AS (${scores(sort, input)})
    SELECT ${TOKEN_COLUMNS}, ranked.score
    FROM ranked JOIN read_model.tokens t USING (address) ${SUPPLY_OF_TOKEN}
    WHERE ${conditions(input)} AND ${further}
    ORDER BY ranked.score DESC, ranked.address DESC LIMIT ${rowsToSelect(page)}
  `.execute(db);
  return toPage(rows, page, order, (row) => [row.score, row.address], tokenView);
}

/** Worth is in 10^-18 of a whole quote token, so that ranks of small amounts are told apart without fractions. */
function scores(sort: Ranking, { chainId, now }: ListTokensInput): RawBuilder<unknown> {
  const ofChain = sql`chain_id = ${chainId}::bigint`;
  if (sort === 'HOLDERS') {
    return sql`
      SELECT token AS address, holders AS score FROM read_model.token_supplies WHERE ${ofChain}`;
  }
  const worth = (units: RawBuilder<unknown>): RawBuilder<unknown> => sql`
    CASE WHEN coalesce(p.own_reserve, 0) = 0 OR o.decimals IS NULL THEN 0
      ELSE div(${units} * p.other_reserve * 10::numeric ^ 18, p.own_reserve * 10::numeric ^ o.decimals) END`;
  const amounts = {
    MARKET_CAP: sql`t.total_supply`,
    LIQUIDITY: sql`p.in_pools`,
    VOLUME: sql`coalesce(v.volume, 0)`,
  };
  const inWindow = sql`${ofChain}
    AND block_time > ${now - DAY_SECONDS}::bigint AND block_time <= ${now}::bigint`;
  const volumes =
    sort !== 'VOLUME'
      ? sql``
      : sql`LEFT JOIN (
          SELECT token, sum(amount) AS volume FROM (
            SELECT token_in AS token, amount_in AS amount FROM read_model.swaps WHERE ${inWindow}
            UNION ALL
            SELECT token_out, amount_out FROM read_model.swaps WHERE ${inWindow}
          ) traded GROUP BY token) v ON v.token = t.address`;
  return sql`
    SELECT t.address, ${worth(amounts[sort])} AS score
    FROM read_model.tokens t
    LEFT JOIN (
      SELECT DISTINCT ON (token) token, other, own_reserve, other_reserve, sum(own_reserve) OVER (PARTITION BY token) AS in_pools
      FROM (
        SELECT token_a AS token, token_b AS other, pool_id, reserve_a AS own_reserve, reserve_b AS other_reserve
        FROM read_model.pools WHERE ${ofChain}
        UNION ALL
        SELECT token_b, token_a, pool_id, reserve_b, reserve_a FROM read_model.pools WHERE ${ofChain}
      ) sides ORDER BY token, own_reserve DESC, pool_id
    ) p ON p.token = t.address
    LEFT JOIN read_model.tokens o ON o.chain_id = t.chain_id AND o.address = p.other
    ${volumes}
    WHERE t.chain_id = ${chainId}::bigint`;
}

const DAY_SECONDS = 86_400;

function conditions({ chainId, filter = {} }: ListTokensInput): RawBuilder<unknown> {
  const all = [sql`t.chain_id = ${chainId}::bigint`];
  if (filter.creator !== undefined) all.push(sql`t.creator = ${filter.creator}`);
  if (filter.statuses !== undefined) all.push(sql`t.status = ANY(${filter.statuses})`);
  if (filter.search !== undefined && filter.search !== '') {
    const pattern = likePattern(filter.search);
    all.push(
      // Found before they are ordered (OFFSET 0): walking the tokens by time until a page is full would read most of them.
      sql`t.address IN (
        SELECT m.address FROM read_model.tokens m
        WHERE m.chain_id = ${chainId}::bigint
          AND (m.name ILIKE ${`%${pattern}%`} OR m.symbol ILIKE ${`%${pattern}%`}
            OR lower(m.address) LIKE ${`${pattern.toLowerCase()}%`}) OFFSET 0)`,
    );
  }
  return sql.join(all, sql` AND `);
}

/** What people type is text, not a pattern. NUL cannot be in any row. */
function likePattern(search: string): string {
  return search.replace(/[\\%_]/g, (special) => `\\${special}`).replaceAll('\0', '\u{fffd}');
}
