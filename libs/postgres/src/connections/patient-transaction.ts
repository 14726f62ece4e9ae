import { retrying } from '@abland/kernel';
import type pg from 'pg';
import { inTransaction } from './checked-out-client.js';
import { isLockConflict } from './failure-classes.js';

const ATTEMPTS_MAX = 20;
const PAUSE_MS = { min: 200, max: 200 };
/** Below PostgreSQL's deadlock_timeout of a second, so that it is never somebody else who is chosen as the victim. */
const LOCK_TIMEOUT_MS = 500;

export interface Patience {
  /** Tries in all, most of a second each. */
  readonly attemptsMax?: number | undefined;
  /** Done before each try, outside of its transaction. */
  readonly before?: () => Promise<void>;
}

/**
 * A transaction that locks what others hold for longer than a statement may wait: after half a second it gives way, so that those behind
 * it have their turn, and is tried again from its start, for a quarter of a minute in all.
 * @throws the last failure where the locks were not to be had by then
 */
export async function inPatientTransaction<Result>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<Result>,
  { attemptsMax = ATTEMPTS_MAX, before }: Patience = {},
): Promise<Result> {
  const attempt = async (): Promise<Result> => {
    await before?.();
    return inTransaction(pool, async (client) => {
      await client.query(`SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`);
      return work(client);
    });
  };
  const classify = (error: unknown) => (isLockConflict(error) ? 'LATER' : 'OURS');
  return retrying(attempt, { attemptsMax, pauseMs: PAUSE_MS, classify });
}
