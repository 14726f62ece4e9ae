import { ZERO_ADDRESS } from '@abland/domain';
import { type RawBuilder, type Selectable, sql } from 'kysely';
import { readAt } from '../read-model/at.js';
import type { At } from '../read-model/past-state.js';
import type { ReadModel, ReadModelDatabase } from '../read-model/database.js';
import type { Page, PageRequest } from '../read-model/page.js';
import { readStatePage, type StateList } from '../read-model/state-page.js';
import { pools } from './tables.js';

export interface PoolView {
  readonly chainId: number;
  /** keccak256(tokenA, tokenB). */
  readonly id: string;
  readonly tokenA: string;
  readonly tokenB: string;
  /** Base units. */
  readonly reserveA: string;
  readonly reserveB: string;
  readonly totalLiquidity: string;
  readonly creator: string;
  readonly swapCount: number;
  readonly txHash: string;
  /** Block of the creation. */
  readonly blockNumber: number;
  readonly blockTime: number;
  /** The newest block that changed it: the finality of its reserves. */
  readonly updatedBlock: number;
  readonly commandId: string | null;
}

/** LIQUIDITY: by depth of one side; only fair among pools of one `token`, which is then the side compared. */
export type PoolSort = 'NEWEST' | 'LIQUIDITY' | 'SWAPS';

export interface PoolFilter {
  /** Either side. */
  readonly token?: string;
  readonly creator?: string;
}

export async function poolById(
  db: ReadModel,
  input: { chainId: number; id: string; at?: At | null | undefined },
): Promise<PoolView | null> {
  const { at, chainId, id } = input;
  return (await poolsByIds(db, { chainId, ids: [id], at }))[0] ?? null;
}

/** In no particular order; ids without a pool are left out. */
export async function poolsByIds(
  db: ReadModel,
  input: { chainId: number; ids: readonly string[]; at?: At | null | undefined },
): Promise<readonly PoolView[]> {
  const key = { chain_id: sql`${input.chainId}::bigint`, pool_id: sql`asked.pool_id` };
  const rows = await readAt<PoolRow>(
    db,
    { pools: [pools] },
    input.at,
    (tables) => sql`
      SELECT p.* FROM (SELECT DISTINCT pool_id FROM unnest(${input.ids}::text[]) AS u(pool_id)) asked
      JOIN ${tables.row(pools, 'p', key)} ON true`,
  );
  return rows.map(poolView);
}

export async function listPools(
  db: ReadModel,
  input: {
    chainId: number;
    filter?: PoolFilter;
    sort?: PoolSort;
    page: PageRequest;
    at?: At | null | undefined;
  },
): Promise<Page<PoolView>> {
  const { at, chainId, filter = {}, sort = 'NEWEST', page } = input;
  const list: StateList = {
    name: `pools-${sort}-${filter.token ?? ''}`,
    parts: ['numeric', 'int8', 'int8'],
    reads: { pools: [pools] },
  };
  const score = poolScore(sort, filter.token);
  const place = (row: RawBuilder<unknown>) => sql`${row}.block_number DESC, ${row}.log_index DESC`;
  const order = sort === 'NEWEST' ? place(sql`p`) : sql`${score} DESC, ${place(sql`p`)}`;
  const scope = poolScope(chainId, filter);
  return readStatePage<PoolRow & { score: string }, PoolView>(db, list, {
    at,
    chainId,
    page,
    query: ({ tables, after, limit }) => {
      // Who made the first deposit is told after the pool.
      const ofCreator = filter.creator === undefined ? sql`true` : sql`p.creator = ${filter.creator}`;
      const where = after === null ? ofCreator : sql`${ofCreator} AND ${poolsAfter(sort, score, after)}`;
      const lasting = sort === 'NEWEST' ? { lastingOrder: place } : {};
      const listed = tables.page(pools, 'p', { where, scope, order, ...lasting, limit });
      return sql`SELECT p.*, (${score})::text AS score FROM ${listed} ORDER BY ${order}`;
    },
    keyOf: (row) => [row.score, row.block_number, row.log_index],
    nodeOf: poolView,
  });
}

const poolScope =
  (chainId: number, { token }: PoolFilter) =>
  (row: RawBuilder<unknown>): RawBuilder<unknown> =>
    token === undefined
      ? sql`${row}.chain_id = ${chainId}::bigint`
      : sql`${row}.chain_id = ${chainId}::bigint AND (${row}.token_a = ${token} OR ${row}.token_b = ${token})`;

const poolsAfter = (
  sort: PoolSort,
  score: RawBuilder<unknown>,
  after: readonly string[],
): RawBuilder<unknown> =>
  sort === 'NEWEST'
    ? sql`(p.block_number, p.log_index) < (${after[1]}::bigint, ${after[2]}::bigint)`
    : sql`(${score}, p.block_number, p.log_index) < (${after[0]}::numeric, ${after[1]}::bigint, ${after[2]}::bigint)`;

function poolScore(sort: PoolSort, token: string | undefined): RawBuilder<unknown> {
  switch (sort) {
    case 'NEWEST':
      return sql`0::numeric`;
    case 'SWAPS':
      return sql`p.swap_count::numeric`;
    case 'LIQUIDITY':
      return token === undefined
        ? sql`p.total_liquidity`
        : sql`CASE WHEN p.token_a = ${token} THEN p.reserve_a ELSE p.reserve_b END`;
    default:
      return sort satisfies never;
  }
}

type PoolRow = Selectable<ReadModelDatabase['pools']>;

function poolView(row: PoolRow): PoolView {
  return {
    chainId: Number(row.chain_id),
    id: row.pool_id,
    tokenA: row.token_a,
    tokenB: row.token_b,
    reserveA: row.reserve_a,
    reserveB: row.reserve_b,
    totalLiquidity: row.total_liquidity,
    // A pool without a deposit has no creator that the facts name; the contract does not make one.
    creator: row.creator ?? ZERO_ADDRESS,
    swapCount: Number(row.swap_count),
    txHash: row.tx_hash,
    blockNumber: Number(row.block_number),
    blockTime: Number(row.block_time),
    updatedBlock: Number(row.updated_block),
    commandId: row.command_id,
  };
}
