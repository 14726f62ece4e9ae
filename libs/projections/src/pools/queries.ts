import type { Execution } from '@abland/domain';
import { type RawBuilder, type Selectable, sql } from 'kysely';
import type { ReadModel, ReadModelDatabase } from '../read-model/database.js';
import {
  decodeCursor,
  type Page,
  type PageRequest,
  rowsToSelect,
  type SortOrder,
  toPage,
} from '../read-model/page.js';

export interface PoolView {
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

export type PoolRequestStatus = 'PENDING' | 'DEPLOYING' | 'DEPLOYED' | 'FAILED';

export interface PoolRequestView {
  readonly id: string;
  readonly poolId: string;
  readonly creator: string;
  readonly tokenA: string;
  readonly tokenB: string;
  readonly amountA: string;
  readonly amountB: string;
  readonly execution: Execution;
  readonly status: PoolRequestStatus;
  readonly txHash: string | null;
  readonly failureCode: string | null;
  readonly failureReason: string | null;
  readonly requestedAt: string;
  readonly deadline: string;
}

/** LIQUIDITY: by depth of one side; only fair among pools of one `token`, which is then the side compared. */
export type PoolSort = 'NEWEST' | 'LIQUIDITY' | 'SWAPS';

export interface PoolFilter {
  /** Either side. */
  readonly token?: string;
  readonly creator?: string;
}

export async function poolById(db: ReadModel, id: string): Promise<PoolView | null> {
  return (await poolsByIds(db, [id]))[0] ?? null;
}

/** In no particular order; ids without a pool are left out. */
export async function poolsByIds(db: ReadModel, ids: readonly string[]): Promise<readonly PoolView[]> {
  const rows = await db
    .selectFrom('pools')
    .selectAll()
    .where('pool_id', '=', sql<string>`ANY(${ids})`)
    .execute();
  return rows.map(poolView);
}

/** The pool of two tokens, in either order. */
export async function poolOfTokens(
  db: ReadModel,
  tokens: readonly [string, string],
): Promise<PoolView | null> {
  const row = await db
    .selectFrom('pools')
    .selectAll()
    .where((eb) =>
      eb.or([
        eb.and([eb('token_a', '=', tokens[0]), eb('token_b', '=', tokens[1])]),
        eb.and([eb('token_a', '=', tokens[1]), eb('token_b', '=', tokens[0])]),
      ]),
    )
    .executeTakeFirst();
  return row === undefined ? null : poolView(row);
}

export async function listPools(
  db: ReadModel,
  input: { filter?: PoolFilter; sort?: PoolSort; page: PageRequest },
): Promise<Page<PoolView>> {
  const { filter = {}, sort = 'NEWEST', page } = input;
  const order: SortOrder = {
    name: `pools-${sort}-${filter.token ?? ''}`,
    parts: ['numeric', 'int8', 'int8'],
  };
  const after = decodeCursor(order, page.after);
  const score = poolScore(sort, filter.token);
  const key = sql`(${score}, block_number, log_index)`;
  const rows = await db
    .selectFrom('pools')
    .selectAll()
    .select(sql<string>`(${score})::text`.as('score'))
    .$if(filter.token !== undefined, (q) =>
      q.where((eb) =>
        eb.or([eb('token_a', '=', filter.token ?? ''), eb('token_b', '=', filter.token ?? '')]),
      ),
    )
    .$if(filter.creator !== undefined, (q) => q.where('creator', '=', filter.creator ?? ''))
    .$if(after !== null, (q) =>
      q.where(
        sort === 'NEWEST'
          ? sql<boolean>`(block_number, log_index) < (${after?.[1]}::bigint, ${after?.[2]}::bigint)`
          : sql<boolean>`${key} < (${after?.[0]}::numeric, ${after?.[1]}::bigint, ${after?.[2]}::bigint)`,
      ),
    )
    .$if(sort !== 'NEWEST', (q) => q.orderBy(score, 'desc'))
    .orderBy('block_number', 'desc')
    .orderBy('log_index', 'desc')
    .limit(rowsToSelect(page))
    .execute();
  return toPage(rows, page, order, (row) => [row.score, row.block_number, row.log_index], poolView);
}

export async function poolRequestById(db: ReadModel, id: string): Promise<PoolRequestView | null> {
  const row = await db
    .selectFrom('pool_requests')
    .selectAll()
    .where('request_id', '=', id)
    .executeTakeFirst();
  if (row === undefined) return null;
  return {
    id: row.request_id,
    poolId: row.pool_id,
    creator: row.creator,
    tokenA: row.token_a,
    tokenB: row.token_b,
    amountA: row.amount_a,
    amountB: row.amount_b,
    execution: row.execution as Execution,
    status: row.status as PoolRequestStatus,
    txHash: row.tx_hash,
    failureCode: row.failure_code,
    failureReason: row.failure_reason,
    requestedAt: row.requested_at,
    deadline: row.deadline,
  };
}

function poolScore(sort: PoolSort, token: string | undefined): RawBuilder<unknown> {
  switch (sort) {
    case 'NEWEST':
      return sql`0::numeric`;
    case 'SWAPS':
      return sql`swap_count::numeric`;
    case 'LIQUIDITY':
      return token === undefined
        ? sql`total_liquidity`
        : sql`CASE WHEN token_a = ${token} THEN reserve_a ELSE reserve_b END`;
    default:
      return sort satisfies never;
  }
}

function poolView(row: Selectable<ReadModelDatabase['pools']>): PoolView {
  return {
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
