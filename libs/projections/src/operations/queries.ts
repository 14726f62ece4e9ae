import type { OperationFigure, OperationKind, OperationStatus } from '@abland/domain';
import { type Selectable, sql } from 'kysely';
import type { ReadModel, ReadModelDatabase } from '../read-model/database.js';
import type { Page, PageRequest } from '../read-model/page.js';
import { readStatePage, type StateList } from '../read-model/state-page.js';
import { operations } from './tables.js';

export interface OperationView {
  readonly id: string;
  readonly kind: OperationKind;
  /** What it is done to: a projection's name, a person's address. */
  readonly subject: string;
  /** An operator's address, or `operator:<name>`. */
  readonly requestedBy: string;
  readonly reason: string;
  readonly status: OperationStatus;
  /** What came of it; null until it is completed. */
  readonly result: readonly OperationFigure[] | null;
  readonly failureCode: string | null;
  readonly failureReason: string | null;
  readonly requestedAt: string;
  readonly endedAt: string | null;
}

const NEWEST: StateList = {
  name: 'operations',
  parts: ['text', 'text'],
  reads: { operations: [operations] },
};

export async function operationById(db: ReadModel, id: string): Promise<OperationView | null> {
  const row = await db.selectFrom('operations').selectAll().where('operation_id', '=', id).executeTakeFirst();
  return row === undefined ? null : operationView(row);
}

/** Newest first. */
export async function listOperations(
  db: ReadModel,
  input: { readonly page: PageRequest },
): Promise<Page<OperationView>> {
  return readStatePage<OperationRow, OperationView>(db, NEWEST, {
    chainId: null,
    page: input.page,
    query: ({ tables, after, limit }) => {
      const where =
        after === null ? sql`true` : sql`(o.requested_at, o.operation_id) < (${after[0]}, ${after[1]})`;
      const order = sql`o.requested_at DESC, o.operation_id DESC`;
      return sql`SELECT o.* FROM ${tables.page(operations, 'o', { where, order, limit })} ORDER BY ${order}`;
    },
    keyOf: (row) => [row.requested_at, row.operation_id],
    nodeOf: operationView,
  });
}

type OperationRow = Selectable<ReadModelDatabase['operations']>;

/** Written by the projection alone, in the shapes that the domain's events have. */
function operationView(row: OperationRow): OperationView {
  return {
    id: row.operation_id,
    kind: row.kind as OperationKind,
    subject: row.subject,
    requestedBy: row.requested_by,
    reason: row.reason,
    status: row.status as OperationView['status'],
    result: row.result as readonly OperationFigure[] | null,
    failureCode: row.failure_code,
    failureReason: row.failure_reason,
    requestedAt: row.requested_at,
    endedAt: row.ended_at,
  };
}
