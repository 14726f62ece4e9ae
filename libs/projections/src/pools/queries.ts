import { type RawBuilder, type Selectable, sql } from 'kysely';
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
  input: { chainId: number; id: string },
): Promise<PoolView | null> {
  return (await poolsByIds(db, { chainId: input.chainId, ids: [input.id] }))[0] ?? null;
}

/** In no particular order; ids without a pool are left out. */
export async function poolsByIds(
  db: ReadModel,
  input: { chainId: number; ids: readonly string[] },
): Promise<readonly PoolView[]> {
  const rows = await db
    .selectFrom('pools')
    .selectAll()
    .where('chain_id', '=', String(input.chainId))
    .where('pool_id', '=', sql<string>`ANY(${input.ids})`)
    .execute();
  return rows.map(poolView);
}

export async function listPools(
  db: ReadModel,
  input: { chainId: number; filter?: PoolFilter; sort?: PoolSort; page: PageRequest },
): Promise<Page<PoolView>> {
  const { chainId, filter = {}, sort = 'NEWEST', page } = input;
  const list: StateList = {
    name: `pools-${sort}-${filter.token ?? ''}`,
    parts: ['numeric', 'int8', 'int8'],
    reads: { pools: [pools] },
  };
  const score = poolScore(sort, filter.token);
  const place = sql`p.block_number DESC, p.log_index DESC`;
  const order = sort === 'NEWEST' ? place : sql`${score} DESC, ${place}`;
  return readStatePage<PoolRow & { score: string }, PoolView>(db, list, {
    chainId,
    page,
    query: ({ tables, after, limit }) => {
      const conditions = [sql`p.chain_id = ${chainId}::bigint`];
      if (filter.token !== undefined) {
        conditions.push(sql`(p.token_a = ${filter.token} OR p.token_b = ${filter.token})`);
      }
      if (filter.creator !== undefined) conditions.push(sql`p.creator = ${filter.creator}`);
      if (after !== null) conditions.push(poolsAfter(sort, score, after));
      const where = sql.join(conditions, sql` AND `);
      return sql`
        SELECT p.*, (${score})::text AS score FROM ${tables.page(pools, 'p', { where, order, limit })} ORDER BY ${order}`;
    },
    keyOf: (row) => [row.score, row.block_number, row.log_index],
    nodeOf: poolView,
  });
}

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
    creator: row.creator ?? ZERO_ADDRESS,
    swapCount: Number(row.swap_count),
    txHash: row.tx_hash,
    blockNumber: Number(row.block_number),
    blockTime: Number(row.block_time),
    updatedBlock: Number(row.updated_block),
    commandId: row.command_id,
  };
}

/** A pool without a deposit has no creator that the facts name; the contract does not make one. */
const ZERO_ADDRESS = '0x0000000000000000000000000000000000000000';
