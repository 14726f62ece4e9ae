import { partOf } from '@abland/domain';
import { type RawBuilder, type Selectable, sql } from 'kysely';
import type { ReadModel, ReadModelDatabase } from '../read-model/database.js';
import { pools } from '../pools/tables.js';
import { chainLogId } from '../read-model/chain-log-id.js';
import type { Page, PageRequest } from '../read-model/page.js';
import { placeOrder, readPlacePage } from '../read-model/place-page.js';
import { readAt } from '../read-model/at.js';
import type { At } from '../read-model/past-state.js';
import type { Tables } from '../read-model/tables.js';
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

type PositionRow = Selectable<ReadModelDatabase['liquidity_positions']> &
  Pick<
    Selectable<ReadModelDatabase['pools']>,
    'token_a' | 'token_b' | 'reserve_a' | 'reserve_b' | 'total_liquidity'
  >;

const POSITION_COLUMNS = sql`
  position.*, pool.token_a, pool.token_b, pool.reserve_a, pool.reserve_b, pool.total_liquidity`;

const poolOfPosition = (tables: Tables): RawBuilder<unknown> =>
  tables.row(pools, 'pool', { chain_id: sql`position.chain_id`, pool_id: sql`position.pool_id` });

/** Null where the address never had liquidity in the pool. */
export async function positionOf(
  db: ReadModel,
  input: { chainId: number; poolId: string; owner: string; at?: At | null | undefined },
): Promise<PositionView | null> {
  const { at, chainId, owner, poolId } = input;
  const key = {
    chain_id: sql`${chainId}::bigint`,
    pool_id: sql`${poolId}::text`,
    owner: sql`${owner}::text`,
  };
  const [row] = await readAt<PositionRow>(
    db,
    BY_POOL.reads,
    at,
    (tables) => sql`
      SELECT ${POSITION_COLUMNS} FROM ${tables.row(liquidityPositions, 'position', key)}
      JOIN ${poolOfPosition(tables)} ON true`,
  );
  return row === undefined ? null : positionView(row);
}

/** Open positions of an owner or of a pool, by pool and owner. */
export async function listPositions(
  db: ReadModel,
  input: {
    chainId: number;
    filter: { owner?: string; poolId?: string };
    page: PageRequest;
    at?: At | null | undefined;
  },
): Promise<Page<PositionView>> {
  const { at, chainId, filter, page } = input;
  const scope = (row: RawBuilder<unknown>): RawBuilder<unknown> => {
    const conditions = [sql`${row}.chain_id = ${chainId}::bigint`];
    if (filter.owner !== undefined) conditions.push(sql`${row}.owner = ${filter.owner}`);
    if (filter.poolId !== undefined) conditions.push(sql`${row}.pool_id = ${filter.poolId}`);
    return sql.join(conditions, sql` AND `);
  };
  return readStatePage<PositionRow, PositionView>(db, BY_POOL, {
    at,
    chainId,
    page,
    query: ({ tables, after, limit }) => {
      const further =
        after === null ? sql`true` : sql`(position.pool_id, position.owner) > (${after[0]}, ${after[1]})`;
      const where = sql`position.liquidity > 0 AND ${further}`;
      const lastingOrder = (row: RawBuilder<unknown>) => sql`${row}.pool_id, ${row}.owner`;
      const order = lastingOrder(sql`position`);
      return sql`
        SELECT ${POSITION_COLUMNS}
        FROM ${tables.page(liquidityPositions, 'position', { where, scope, order, lastingOrder, limit })}
        JOIN ${poolOfPosition(tables)} ON true
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
    id: chainLogId(row),
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
