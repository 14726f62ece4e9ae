import { partOf } from '@abland/domain';
import { type Selectable, sql } from 'kysely';
import type { ReadModel, ReadModelDatabase } from '../read-model/database.js';
import { pools } from '../pools/tables.js';
import { logId } from '../read-model/log-id.js';
import type { Page, PageRequest } from '../read-model/page.js';
import { placeOrder, readPlacePage } from '../read-model/place-page.js';
import { readStatePage, type StateList } from '../read-model/state-page.js';
import { liquidityPositions } from './tables.js';

export interface PositionView {
  readonly chainId: number;
  readonly poolId: string;
  readonly owner: string;
  readonly liquidity: string;
  /** Sums over the position's whole history, base units. */
  readonly addedA: string;
  readonly addedB: string;
  readonly removedA: string;
  readonly removedB: string;
  /** What removing all of it would pay now, cut down to base units. */
  readonly worthA: string;
  readonly worthB: string;
  readonly tokenA: string;
  readonly tokenB: string;
  /** The pool's whole liquidity, so that the share is liquidity / totalLiquidity. */
  readonly totalLiquidity: string;
  readonly openedBlock: number;
  readonly openedTime: number;
  /** The newest block that changed it. */
  readonly blockNumber: number;
}

export interface LiquidityChangeView {
  /** `<chain>-<block>-<log>`. */
  readonly id: string;
  readonly chainId: number;
  readonly kind: 'ADD' | 'REMOVE';
  readonly poolId: string;
  readonly user: string;
  readonly amountA: string;
  readonly amountB: string;
  readonly liquidity: string;
  readonly txHash: string;
  readonly blockNumber: number;
  readonly logIndex: number;
  readonly blockTime: number;
  readonly commandId: string | null;
}

const BY_POOL: StateList = {
  name: 'positions',
  parts: ['text', 'text'],
  reads: { positions: [liquidityPositions], pools: [pools] },
};
const NEWEST = placeOrder('liquidity-changes');

const positionRows = (db: ReadModel, chainId: number) =>
  db
    .selectFrom('liquidity_positions as position')
    .innerJoin('pools as pool', (join) =>
      join.onRef('pool.chain_id', '=', 'position.chain_id').onRef('pool.pool_id', '=', 'position.pool_id'),
    )
    .where('position.chain_id', '=', String(chainId))
    .selectAll('position')
    .select(['pool.token_a', 'pool.token_b', 'pool.reserve_a', 'pool.reserve_b', 'pool.total_liquidity']);

type PositionRow = Awaited<ReturnType<ReturnType<typeof positionRows>['execute']>>[number];

/** Null where the address never had liquidity in the pool. */
export async function positionOf(
  db: ReadModel,
  input: { chainId: number; poolId: string; owner: string },
): Promise<PositionView | null> {
  const row = await positionRows(db, input.chainId)
    .where('position.pool_id', '=', input.poolId)
    .where('position.owner', '=', input.owner)
    .executeTakeFirst();
  return row === undefined ? null : positionView(row);
}

/** Open positions of an owner or of a pool, by pool and owner. */
export async function listPositions(
  db: ReadModel,
  input: { chainId: number; filter: { owner?: string; poolId?: string }; page: PageRequest },
): Promise<Page<PositionView>> {
  const { chainId, filter, page } = input;
  return readStatePage<PositionRow, PositionView>(db, BY_POOL, {
    chainId,
    page,
    query: ({ tables, after, limit }) => {
      const conditions = [sql`position.chain_id = ${chainId}::bigint`, sql`position.liquidity > 0`];
      if (filter.owner !== undefined) conditions.push(sql`position.owner = ${filter.owner}`);
      if (filter.poolId !== undefined) conditions.push(sql`position.pool_id = ${filter.poolId}`);
      if (after !== null) {
        conditions.push(sql`(position.pool_id, position.owner) > (${after[0]}, ${after[1]})`);
      }
      const where = sql.join(conditions, sql` AND `);
      const order = sql`position.pool_id, position.owner`;
      const poolKey = { chain_id: sql`position.chain_id`, pool_id: sql`position.pool_id` };
      return sql`
        SELECT position.*, pool.token_a, pool.token_b, pool.reserve_a, pool.reserve_b, pool.total_liquidity
        FROM ${tables.page(liquidityPositions, 'position', { where, order, limit })}
        JOIN ${tables.row(pools, 'pool', poolKey)} ON true
        ORDER BY ${order}`;
    },
    keyOf: (row) => [row.pool_id, row.owner],
    nodeOf: positionView,
  });
}

/** Deposits and withdrawals, newest first; the locked minimum (of address zero) among them. */
export async function listLiquidityChanges(
  db: ReadModel,
  input: { chainId: number; filter: { user?: string; poolId?: string }; page: PageRequest },
): Promise<Page<LiquidityChangeView>> {
  const { chainId, filter, page } = input;
  return readPlacePage<Selectable<ReadModelDatabase['liquidity_changes']>, LiquidityChangeView>(db, NEWEST, {
    chainId,
    page,
    query: ({ older, limit }) => {
      const conditions = [sql`chain_id = ${chainId}::bigint`, older];
      if (filter.user !== undefined) conditions.push(sql`user_address = ${filter.user}`);
      if (filter.poolId !== undefined) conditions.push(sql`pool_id = ${filter.poolId}`);
      return sql`
        SELECT * FROM read_model.liquidity_changes WHERE ${sql.join(conditions, sql` AND `)}
        ORDER BY block_number DESC, log_index DESC LIMIT ${limit}::int`;
    },
    nodeOf: changeView,
  });
}

function positionView(row: PositionRow): PositionView {
  const pool = {
    reserveA: BigInt(row.reserve_a),
    reserveB: BigInt(row.reserve_b),
    totalLiquidity: BigInt(row.total_liquidity),
  };
  const worth = partOf(pool, BigInt(row.liquidity));
  return {
    chainId: Number(row.chain_id),
    poolId: row.pool_id,
    owner: row.owner,
    liquidity: row.liquidity,
    addedA: row.added_a,
    addedB: row.added_b,
    removedA: row.removed_a,
    removedB: row.removed_b,
    worthA: worth.amountA.toString(),
    worthB: worth.amountB.toString(),
    tokenA: row.token_a,
    tokenB: row.token_b,
    totalLiquidity: row.total_liquidity,
    openedBlock: Number(row.opened_block),
    openedTime: Number(row.opened_time),
    blockNumber: Number(row.updated_block),
  };
}

function changeView(row: Selectable<ReadModelDatabase['liquidity_changes']>): LiquidityChangeView {
  return {
    id: logId(row),
    chainId: Number(row.chain_id),
    kind: row.kind as 'ADD' | 'REMOVE',
    poolId: row.pool_id,
    user: row.user_address,
    amountA: row.amount_a,
    amountB: row.amount_b,
    liquidity: row.liquidity,
    txHash: row.tx_hash,
    blockNumber: Number(row.block_number),
    logIndex: row.log_index,
    blockTime: Number(row.block_time),
    commandId: row.command_id,
  };
}
