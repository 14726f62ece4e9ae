import type pg from 'pg';

/** First key of the two-key advisory locks of processes ("proc"), so that they meet no other lock. */
const LOCK_CLASS = 0x70726f63;

/** A connection that holds the lock of a process: while it lives, no other instance can lead. */
export interface Leadership {
  readonly client: pg.ClientBase;
  /** Aborts when the connection, and with it the lock, is lost. */
  readonly lost: AbortSignal;
  /** Closes the connection, which frees the lock. */
  release(): void;
}

/**
 * Null where another instance leads. State is written through the same connection, so that an instance whose lock is gone
 * cannot write any more.
 */
export async function tryLead(pool: pg.Pool, process: string): Promise<Leadership | null> {
  const client = await pool.connect();
  const lost = new AbortController();
  const onError = (error: Error): void => lost.abort(error);
  client.on('error', onError);
  try {
    const tried = await client.query<{ locked: boolean }>(
      'SELECT pg_try_advisory_lock($1, hashtext($2)) AS locked',
      [LOCK_CLASS, process],
    );
    if (tried.rows[0]?.locked !== true) {
      client.removeListener('error', onError);
      client.release();
      return null;
    }
  } catch (error) {
    client.release(true);
    throw error;
  }
  let released = false;
  return {
    client,
    lost: lost.signal,
    release() {
      if (released) return;
      released = true;
      client.release(true);
    },
  };
}
