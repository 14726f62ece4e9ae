import { systemTiming } from '@abland/kernel';
import type pg from 'pg';
import { type PostgresClient, socketOf } from './postgres-client.js';

export interface Watch {
  /** Milliseconds between two looks. */
  readonly everyMs: number;
  /** After so many looks in a row that say so, the connection is held to be lost. */
  readonly looks: number;
}

const WATCH: Watch = { everyMs: 5_000, looks: 2 };

/**
 * Looks after a connection whose statements may take hours, so that no limit on them tells when it is lost without a word. Through
 * the pool the database is asked what it does there: where that backend is gone, where it has been idle while answers are waited
 * for, and where nobody answers, the socket is closed, and what waits fails as by a lost connection. A database that tells of no
 * backend what it does (`track_activities` is off) is asked all the same, and whether it is idle stays unknown. To be called
 * outside of a transaction, not behind a pooler.
 * @param over aborts when there is nothing to look after any more
 */
export async function watchConnection(
  client: PostgresClient,
  pool: pg.Pool,
  over: AbortSignal,
  watch = WATCH,
): Promise<void> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  void closeOnceLost(client, () => look(pool, rows[0]?.pid), over, watch);
}

/** What a backend does, and since when, null where it is not told (`track_activities` is off); undefined: there is none. */
type Seen = { readonly state: string | null; readonly since: string | null } | undefined;

/** Never throws. */
async function closeOnceLost(
  client: PostgresClient,
  see: () => Promise<Seen | null>,
  over: AbortSignal,
  { everyMs, looks }: Watch,
): Promise<void> {
  let before: Seen | null = null;
  for (let inVain = 0; inVain < looks;) {
    await systemTiming.pause(everyMs, over);
    const seen = await see();
    if (over.aborted) return;
    if (seen === undefined) break;
    inVain = seen === null || isOverheard(client, seen, before) ? inVain + 1 : 0;
    before = seen;
  }
  socketOf(client)?.destroy();
}

/** The backend has had nothing to do since the look before, and we have been waiting for its answer. */
const isOverheard = (client: PostgresClient, seen: NonNullable<Seen>, before: Seen | null): boolean =>
  client.inHand > 0 && seen.since !== null && seen.state !== 'active' && seen.since === before?.since;

async function look(pool: pg.Pool, pid: number | undefined): Promise<Seen | null> {
  try {
    const { rows } = await pool.query<NonNullable<Seen>>(
      'SELECT state, state_change::text AS since FROM pg_stat_activity WHERE pid = $1',
      [pid],
    );
    return rows[0];
  } catch {
    return null;
  }
}
