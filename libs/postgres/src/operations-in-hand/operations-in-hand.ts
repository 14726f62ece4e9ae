import type pg from 'pg';

/** What came of an operator's act; to be told in the log. */
export type OperationOutcome =
  | { readonly kind: 'DONE'; readonly figures: readonly { readonly name: string; readonly value: string }[] }
  | { readonly kind: 'FAILED'; readonly code: string; readonly reason: string };

/** An operator's act that somebody does, until the log tells what came of it. */
export interface OperationInHand {
  readonly operationId: string;
  /** Grows while whoever does it lives. */
  readonly beats: bigint;
  /** Null: it is being done, or whoever did it ended before anything came of it. */
  readonly outcome: OperationOutcome | null;
}

/** A pool, or the transaction of the act itself. */
type Asked = Pick<pg.ClientBase, 'query'> | Pick<pg.Pool, 'query'>;

interface Held {
  readonly operationId: string;
  /** Who does it: one call of a program. */
  readonly holder: string;
}

/** From now on it is this holder who does it; what another still does for it comes to nothing. */
export async function takeInHand(db: Asked, { holder, operationId }: Held): Promise<void> {
  await db.query(
    `INSERT INTO leases.operations_in_hand AS o (operation_id, holder) VALUES ($1, $2)
     ON CONFLICT (operation_id) DO UPDATE SET holder = excluded.holder, beats = o.beats + 1`,
    [operationId, holder],
  );
}

/** Where nobody does it; whether it is this holder who does it from now on. */
export async function takeFreeInHand(db: Asked, { holder, operationId }: Held): Promise<boolean> {
  const { rowCount } = await db.query(
    `INSERT INTO leases.operations_in_hand (operation_id, holder) VALUES ($1, $2) ON CONFLICT DO NOTHING`,
    [operationId, holder],
  );
  return rowCount === 1;
}

/** Tells that its holder lives; false where it is not theirs any more, or was given up. */
export async function beatInHand(db: Asked, { holder, operationId }: Held): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE leases.operations_in_hand SET beats = beats + 1
     WHERE operation_id = $1 AND holder = $2 AND outcome->>'kind' IS DISTINCT FROM 'FAILED'`,
    [operationId, holder],
  );
  return rowCount === 1;
}

/**
 * Notes what came of it, in the transaction of the act where that has one. What was noted before stays, but that figures are told
 * anew of what was done.
 * @returns what is noted now; null where it is not this holder's any more
 */
export async function noteOutcome(
  db: Asked,
  { holder, operationId }: Held,
  outcome: OperationOutcome,
): Promise<OperationOutcome | null> {
  const { rows } = await db.query<{ outcome: OperationOutcome }>(
    `UPDATE leases.operations_in_hand SET outcome =
       CASE WHEN outcome IS NULL OR (outcome->>'kind' = 'DONE' AND $3::jsonb->>'kind' = 'DONE') THEN $3 ELSE outcome END
     WHERE operation_id = $1 AND holder = $2 RETURNING outcome`,
    [operationId, holder, JSON.stringify(outcome)],
  );
  return rows[0]?.outcome ?? null;
}

/** It needs nobody's care any more, as far as this holder knows; false where it was not theirs. */
export async function letOutOfHand(db: Asked, { holder, operationId }: Held): Promise<boolean> {
  const { rowCount } = await db.query(
    'DELETE FROM leases.operations_in_hand WHERE operation_id = $1 AND holder = $2',
    [operationId, holder],
  );
  return rowCount === 1;
}

const READ_MAX = 100;

/** Some of those that the log does not tell the end of yet; or the one. */
export async function operationsInHand(db: Asked, operationId?: string): Promise<readonly OperationInHand[]> {
  const { rows } = await db.query<{
    operation_id: string;
    beats: string;
    outcome: OperationOutcome | null;
  }>(
    `SELECT operation_id, beats, outcome FROM leases.operations_in_hand
     WHERE operation_id = coalesce($1, operation_id) ORDER BY operation_id LIMIT ${READ_MAX}`,
    [operationId ?? null],
  );
  return rows.map(({ beats, operation_id: id, outcome }) => ({
    operationId: id,
    beats: BigInt(beats),
    outcome,
  }));
}

/** Of what nothing was heard of since, and came to nothing: that it failed. Whoever still does it does nothing by it any more. */
export async function giveUpInHand(
  db: Asked,
  { beats, operationId }: OperationInHand,
  failure: { readonly code: string; readonly reason: string },
): Promise<OperationOutcome | null> {
  const { rows } = await db.query<{ outcome: OperationOutcome }>(
    `UPDATE leases.operations_in_hand SET outcome = coalesce(outcome, $3)
     WHERE operation_id = $1 AND beats = $2 RETURNING outcome`,
    [
      operationId,
      beats.toString(),
      JSON.stringify({ kind: 'FAILED', ...failure } satisfies OperationOutcome),
    ],
  );
  return rows[0]?.outcome ?? null;
}

/** The log tells what came of it; where it was not taken in hand anew meanwhile. */
export async function forgetInHand(db: Asked, { beats, operationId }: OperationInHand): Promise<void> {
  await db.query('DELETE FROM leases.operations_in_hand WHERE operation_id = $1 AND beats = $2', [
    operationId,
    beats.toString(),
  ]);
}
