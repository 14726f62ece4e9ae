import type { Execution, OrderResult, OrderTerms } from '@abland/domain';
import { type Selectable, sql } from 'kysely';
import type { ReadModel, ReadModelDatabase } from '../read-model/database.js';
import {
  decodeCursor,
  type Page,
  type PageRequest,
  rowsToSelect,
  type SortOrder,
  toPage,
} from '../read-model/page.js';

export type OrderStatus =
  'PENDING' | 'SUBMITTED' | 'CONFIRMED' | 'FINALIZED' | 'FAILED' | 'EXPIRED' | 'REVERTED';

export interface OrderView {
  readonly id: string;
  readonly user: string;
  readonly poolId: string;
  readonly kind: OrderTerms['kind'];
  readonly terms: OrderTerms;
  readonly execution: Execution;
  readonly status: OrderStatus;
  readonly txHash: string | null;
  readonly blockNumber: number | null;
  readonly blockHash: string | null;
  readonly result: OrderResult | null;
  readonly failureCode: string | null;
  readonly failureReason: string | null;
  readonly requestedAt: string;
  readonly deadline: string;
  readonly expiredAt: string | null;
}

export interface OrderFilter {
  readonly user?: string;
  readonly poolId?: string;
  readonly statuses?: readonly OrderStatus[];
  readonly kinds?: readonly OrderTerms['kind'][];
}

const NEWEST: SortOrder = { name: 'orders', parts: ['text', 'text'] };

export async function orderById(db: ReadModel, id: string): Promise<OrderView | null> {
  const row = await db.selectFrom('orders').selectAll().where('order_id', '=', id).executeTakeFirst();
  return row === undefined ? null : orderView(row);
}

/** Newest request first. */
export async function listOrders(
  db: ReadModel,
  input: { filter?: OrderFilter; page: PageRequest },
): Promise<Page<OrderView>> {
  const { filter = {}, page } = input;
  const after = decodeCursor(NEWEST, page.after);
  const rows = await db
    .selectFrom('orders')
    .selectAll()
    .$if(filter.user !== undefined, (q) => q.where('user_address', '=', filter.user ?? ''))
    .$if(filter.poolId !== undefined, (q) => q.where('pool_id', '=', filter.poolId ?? ''))
    .$if(filter.statuses !== undefined, (q) => q.where('status', '=', sql<string>`ANY(${filter.statuses})`))
    .$if(filter.kinds !== undefined, (q) => q.where('kind', '=', sql<string>`ANY(${filter.kinds})`))
    .$if(after !== null, (q) =>
      q.where(sql<boolean>`(requested_at, order_id) < (${after?.[0]}, ${after?.[1]})`),
    )
    .orderBy('requested_at', 'desc')
    .orderBy('order_id', 'desc')
    .limit(rowsToSelect(page))
    .execute();
  return toPage(rows, page, NEWEST, (row) => [row.requested_at, row.order_id], orderView);
}

function orderView(row: Selectable<ReadModelDatabase['orders']>): OrderView {
  return {
    id: row.order_id,
    user: row.user_address,
    poolId: row.pool_id,
    kind: row.kind as OrderTerms['kind'],
    terms: row.terms as unknown as OrderTerms,
    execution: row.execution as Execution,
    status: row.status as OrderStatus,
    txHash: row.tx_hash,
    blockNumber: row.block_number === null ? null : Number(row.block_number),
    blockHash: row.block_hash,
    result: row.result as unknown as OrderResult | null,
    failureCode: row.failure_code,
    failureReason: row.failure_reason,
    requestedAt: row.requested_at,
    deadline: row.deadline,
    expiredAt: row.expired_at,
  };
}
