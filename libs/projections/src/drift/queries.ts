import type { Difference, ReconciledKind } from '@abland/domain';
import { isMissingTable } from '@abland/postgres';
import { ReadModelNotYetError } from '../engine/errors.js';
import { type Selectable, sql } from 'kysely';
import type { ReadModel, ReadModelDatabase } from '../read-model/database.js';
import type { Page, PageRequest } from '../read-model/page.js';
import { readStatePage, type StateList } from '../read-model/state-page.js';
import { drifts } from './tables.js';

export interface DriftView {
  readonly id: string;
  readonly chainId: number;
  readonly kind: ReconciledKind;
  /** Who was asked: a token, or a contract of ours. */
  readonly contract: string;
  /** Of a pool, and of a position in it. */
  readonly poolId: string | null;
  /** Of a position, and of a balance. */
  readonly account: string | null;
  readonly differences: readonly Difference[];
  /** The block of which both were asked. */
  readonly blockNumber: number;
  readonly blockHash: string;
  readonly firstBlock: number;
  /** Whether both agreed on the block before; else it may have begun earlier. */
  readonly firstBlockExact: boolean;
  readonly foundAt: string;
  /** Null while it lasts. */
  readonly endedBlock: number | null;
  readonly endedAt: string | null;
}

const NEWEST: StateList = { name: 'drift', parts: ['text', 'text'], reads: { drift: [drifts] } };

/** Newest first. @param input.open only what lasts, or only what has ended */
export async function listDrift(
  db: ReadModel,
  input: { readonly chainId: number; readonly open?: boolean; readonly page: PageRequest },
): Promise<Page<DriftView>> {
  const { chainId, open, page } = input;
  return readStatePage<Selectable<ReadModelDatabase['drifts']>, DriftView>(db, NEWEST, {
    chainId: null,
    page,
    query: ({ tables, after, limit }) => {
      const older = after === null ? sql`true` : sql`(d.found_at, d.drift_id) < (${after[0]}, ${after[1]})`;
      const lasting = open === undefined ? sql`true` : sql`(d.ended_at IS NULL) = ${open}`;
      const where = sql`d.chain_id = ${chainId}::bigint AND ${lasting} AND ${older}`;
      const order = sql`d.found_at DESC, d.drift_id DESC`;
      return sql`SELECT d.* FROM ${tables.page(drifts, 'd', { where, order, limit })} ORDER BY ${order}`;
    },
    keyOf: (row) => [row.found_at, row.drift_id],
    nodeOf: driftView,
  });
}

/** How much of a chain is known to differ at the moment; null where no projector of this version has the table. */
export async function openDriftCount(db: ReadModel, chainId: number): Promise<number | null> {
  try {
    const { count } = await db
      .selectFrom('drifts')
      .select(({ fn }) => fn.countAll<string>().as('count'))
      .where('chain_id', '=', String(chainId))
      .where('ended_at', 'is', null)
      .executeTakeFirstOrThrow();
    return Number(count);
  } catch (error) {
    if (isMissingTable(error) || error instanceof ReadModelNotYetError) return null;
    throw error;
  }
}

/** Written by the projection alone, in the shapes that the domain's events have. */
function driftView(row: Selectable<ReadModelDatabase['drifts']>): DriftView {
  return {
    id: row.drift_id,
    chainId: Number(row.chain_id),
    kind: row.kind as ReconciledKind,
    contract: row.contract,
    poolId: row.pool_id,
    account: row.account,
    differences: row.differences as readonly Difference[],
    blockNumber: Number(row.block_number),
    blockHash: row.block_hash,
    firstBlock: Number(row.first_block),
    firstBlockExact: row.first_block_exact,
    foundAt: row.found_at,
    endedBlock: row.ended_block === null ? null : Number(row.ended_block),
    endedAt: row.ended_at,
  };
}
