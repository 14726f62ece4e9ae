import { codeOf, mayPass } from '@abland/kernel';
import { concernsAll, postgresFailureClassOf } from '@abland/postgres';
import type pg from 'pg';

type Queryable = Pick<pg.ClientBase, 'query'>;

/** What failed for a reason that no repetition cures: a command, or an event that could not be understood. */
export interface Parked {
  readonly causeId: string;
  readonly stream: string;
  /** Type of the command or of the event. */
  readonly type: string;
  readonly code: string;
  readonly reason: string;
  /** Where our code was; null where what failed is no error. */
  readonly stack: string | null;
}

const STACK_LENGTH_MAX = 4_000;

export function toPark(causeId: string, stream: string, type: string, error: unknown): Parked {
  return {
    causeId,
    stream,
    type,
    code: codeOf(error),
    reason: error instanceof Error ? error.message : String(error),
    stack: error instanceof Error ? (error.stack?.slice(0, STACK_LENGTH_MAX) ?? null) : null,
  };
}

/** Whether a failure tells of what was being done: not where the same may work later, nor where it is met whatever is done. */
export const isAtFault = (error: unknown): boolean =>
  !mayPass(postgresFailureClassOf(error)) && !concernsAll(error);

/** Keeps for an operator what could not be done. */
export async function park(db: Queryable, process: string, failures: readonly Parked[]): Promise<void> {
  for (const { causeId, stream, type, code, reason, stack } of failures) {
    await db.query(
      `INSERT INTO processes.parked (process, cause_id, stream, type, code, reason, stack)
       VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
      [process, causeId, stream, type, code, reason, stack],
    );
  }
}

export async function countParked(db: Queryable, process: string): Promise<number> {
  const counted = await db.query<{ count: string }>(
    'SELECT count(*) FROM processes.parked WHERE process = $1',
    [process],
  );
  return Number(counted.rows[0]?.count ?? 0);
}
