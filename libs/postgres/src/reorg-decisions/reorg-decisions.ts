import type pg from 'pg';

/** What came of an accepted branch; to be told in the log, where whoever decided finds it. */
export type ReorgOutcome =
  | {
      readonly kind: 'TAKEN';
      /** Hash of the newest block that was left once all was taken back; null where that is not known. */
      readonly reached: string | null;
      /** How many blocks were taken back, and the newest that was left; null where a run that ended took them back. */
      readonly taken: { readonly blocks: number; readonly ancestor: number } | null;
    }
  | { readonly kind: 'FAILED'; readonly code: string; readonly reason: string };

/** That an operator accepted a chain's new branch in the place of final blocks, until what came of it is told. */
export interface AcceptedBranch {
  readonly operationId: string;
  /** Milliseconds since it was decided. */
  readonly decidedAgeMs: number;
  /** Hash of the newest block that was published when the indexer began to carry it out; null before that. */
  readonly begunAtTip: string | null;
  /** Its number; null also of what an indexer of an earlier version began. */
  readonly begunAtNumber: number | null;
  readonly outcome: ReorgOutcome | null;
}

/** An indexer of an earlier version told no block. */
const readOutcome = (stored: ReorgOutcome | null): ReorgOutcome | null =>
  stored?.kind === 'TAKEN' ? { ...stored, reached: stored.reached ?? null } : stored;

/** Null where none is accepted, or all is told of it. */
export async function acceptedBranch(pool: pg.Pool, chainId: number): Promise<AcceptedBranch | null> {
  const { rows } = await pool.query<{
    operation_id: string;
    decided_age: number;
    begun_at: string | null;
    begun_at_number: string | null;
    outcome: ReorgOutcome | null;
  }>(
    `SELECT operation_id, (extract(epoch FROM clock_timestamp() - decided_at) * 1000)::float8 AS decided_age, begun_at,
       begun_at_number, outcome
     FROM leases.accepted_reorgs WHERE chain_id = $1`,
    [chainId],
  );
  const [row] = rows;
  if (row === undefined) return null;
  const { begun_at: begunAtTip, decided_age: decidedAgeMs, operation_id: operationId } = row;
  const begunAtNumber = row.begun_at_number === null ? null : Number(row.begun_at_number);
  return { operationId, decidedAgeMs, begunAtTip, begunAtNumber, outcome: readOutcome(row.outcome) };
}

/** Asks that a chain's new branch is accepted, once for one operation; false where another asked, and all is not told of that yet. */
export async function acceptReorg(
  db: pg.Pool | pg.ClientBase,
  chainId: number,
  operationId: string,
): Promise<boolean> {
  const { rows } = await db.query<{ operation_id: string }>(
    `INSERT INTO leases.accepted_reorgs AS a (chain_id, operation_id, decided_at) VALUES ($1, $2, clock_timestamp())
     ON CONFLICT (chain_id) DO UPDATE SET operation_id = a.operation_id RETURNING operation_id`,
    [chainId, operationId],
  );
  return rows[0]?.operation_id === operationId;
}

/**
 * The operation that is carried out from now on, and can be withdrawn no more; null where there is none.
 * @param tip the newest block that is published; it stays that of the first time
 */
export async function beginReorg(
  pool: pg.Pool,
  chainId: number,
  tip: { readonly hash: string; readonly number: number | null },
): Promise<string | null> {
  const { rows } = await pool.query<{ operation_id: string }>(
    `UPDATE leases.accepted_reorgs SET begun_at = coalesce(begun_at, $2),
       begun_at_number = CASE WHEN begun_at IS NULL THEN $3 ELSE begun_at_number END
     WHERE chain_id = $1 AND outcome IS NULL RETURNING operation_id`,
    [chainId, tip.hash, tip.number],
  );
  return rows[0]?.operation_id ?? null;
}

/** Tells what came of the operation, where nothing else was told. */
export async function endReorg(pool: pg.Pool, operationId: string, outcome: ReorgOutcome): Promise<void> {
  await pool.query(
    'UPDATE leases.accepted_reorgs SET outcome = $2 WHERE operation_id = $1 AND outcome IS NULL',
    [operationId, JSON.stringify(outcome)],
  );
}

/** Of a chain, what is not begun yet: the operation that accepted, which failed with this; null where there is none. */
export async function withdrawAcceptance(
  db: pg.Pool | pg.ClientBase,
  chainId: number,
  failure: { readonly code: string; readonly reason: string },
): Promise<string | null> {
  const { rows } = await db.query<{ operation_id: string }>(
    `UPDATE leases.accepted_reorgs SET outcome = $2
     WHERE chain_id = $1 AND begun_at IS NULL AND outcome IS NULL RETURNING operation_id`,
    [chainId, JSON.stringify({ kind: 'FAILED', ...failure } satisfies ReorgOutcome)],
  );
  return rows[0]?.operation_id ?? null;
}

/** All is told of it: the next reorg is decided anew. */
export async function forgetReorg(pool: pg.Pool, operationId: string): Promise<void> {
  await pool.query('DELETE FROM leases.accepted_reorgs WHERE operation_id = $1', [operationId]);
}
