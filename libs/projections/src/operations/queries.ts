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
  /** Of what waits, or waited, for a second operator: the build that it is done to; null where there is none. */
  readonly build: number | null;
  /** Who approved or declined it; null where that was not needed, or is not told yet. */
  readonly decision: { readonly by: string; readonly reason: string; readonly at: string } | null;
  readonly requestedAt: string;
  readonly endedAt: string | null;
}

const newestWith = (status: OperationStatus | null): StateList => ({
  name: status === null ? 'operations' : `operations-${status}`,
  parts: ['text', 'text'],
  reads: { operations: [operations] },
});

export async function operationById(db: ReadModel, id: string): Promise<OperationView | null> {
  const row = await db.selectFrom('operations').selectAll().where('operation_id', '=', id).executeTakeFirst();
  return row === undefined ? null : operationView(row);
}

/** Newest first. @param input `status`: only those that are so now; absent: all */
export async function listOperations(
  db: ReadModel,
  { page, status = null }: { readonly page: PageRequest; readonly status?: OperationStatus | null },
): Promise<Page<OperationView>> {
  const ofStatus = status === null ? sql`true` : sql`o.status = ${status}`;
  return readStatePage<OperationRow, OperationView>(db, newestWith(status), {
    chainId: null,
    page,
    query: ({ tables, after, limit }) => {
      const unseen =
        after === null ? sql`true` : sql`(o.requested_at, o.operation_id) < (${after[0]}, ${after[1]})`;
      const where = sql`${ofStatus} AND ${unseen}`;
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
    build: row.build,
    decision: decisionOf(row),
    requestedAt: row.requested_at,
    endedAt: row.ended_at,
  };
}

function decisionOf({ decided_at: at, decided_by: by, decision_reason: reason }: OperationRow) {
  return by === null || reason === null || at === null ? null : { by, reason, at };
}
