import type pg from 'pg';

/** Asks that a chain's new branch is accepted; false where that was decided and is not carried out yet. */
export async function acceptReorg(pool: pg.Pool, chainId: number, operationId: string): Promise<boolean> {
  const { rowCount } = await pool.query(
    `INSERT INTO leases.accepted_reorgs (chain_id, operation_id, decided_at) VALUES ($1, $2, clock_timestamp())
     ON CONFLICT (chain_id) DO NOTHING`,
    [chainId, operationId],
  );
  return rowCount === 1;
}

/** The operation by which a chain's new branch was accepted; null where none was, or it is carried out. */
export async function acceptedReorgOf(pool: pg.Pool, chainId: number): Promise<string | null> {
  const { rows } = await pool.query<{ operation_id: string }>(
    'SELECT operation_id FROM leases.accepted_reorgs WHERE chain_id = $1',
    [chainId],
  );
  return rows[0]?.operation_id ?? null;
}

/** It is carried out: the next reorg is decided anew. */
export async function reorgTaken(pool: pg.Pool, chainId: number, operationId: string): Promise<void> {
  await pool.query('DELETE FROM leases.accepted_reorgs WHERE chain_id = $1 AND operation_id = $2', [
    chainId,
    operationId,
  ]);
}

/** Of a chain, where it is not carried out yet: the operation that accepted; null where there is none. */
export async function withdrawAcceptance(pool: pg.Pool, chainId: number): Promise<string | null> {
  const { rows } = await pool.query<{ operation_id: string }>(
    'DELETE FROM leases.accepted_reorgs WHERE chain_id = $1 RETURNING operation_id',
    [chainId],
  );
  return rows[0]?.operation_id ?? null;
}
