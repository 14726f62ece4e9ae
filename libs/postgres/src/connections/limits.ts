import type pg from 'pg';

/** How long anything on a connection may take, in milliseconds: nothing that waits for PostgreSQL waits for ever. */
export interface Limits {
  /** For a connection: of the pool where all are in use, of the server where none is open. */
  readonly connectMs: number;
  /** For a statement, after which PostgreSQL ends it. Its answer is waited for a little longer, in case PostgreSQL cannot. */
  readonly statementMs: number;
  /** For a lock, after which PostgreSQL ends the statement that waits for it. */
  readonly lockMs: number;
  /** For the next statement of an open transaction, after which PostgreSQL ends the connection. */
  readonly idleInTransactionMs: number;
}

/** For statements of which somebody waits for the answer: together they stay below the time of a request. */
export const USUAL_LIMITS: Limits = {
  connectMs: 5_000,
  statementMs: 8_000,
  lockMs: 2_000,
  idleInTransactionMs: 30_000,
};

/** For what takes as long as there is data: migrations, building indexes, rebuilding, copying, checksums. */
export const LONG_LIMITS: Limits = {
  connectMs: 10_000,
  statementMs: 6 * 3_600_000,
  lockMs: 60_000,
  idleInTransactionMs: 300_000,
};

/** A server that is stopped, or gone without a word, ends no statement itself. */
const ANSWER_MS_MORE = 2_000;

/** Milliseconds after which a statement is given up that its server should have ended. */
export const answerMsOf = (statementMs: number): number => statementMs + ANSWER_MS_MORE;

/** Without traffic for so long, TCP asks whether the server is still there. */
const KEEP_ALIVE_AFTER_MS = 10_000;

/** A connection's configuration with these limits. */
export function limitedBy(limits: Limits): pg.ClientConfig {
  return {
    connectionTimeoutMillis: limits.connectMs,
    statement_timeout: limits.statementMs,
    query_timeout: answerMsOf(limits.statementMs),
    lock_timeout: limits.lockMs,
    idle_in_transaction_session_timeout: limits.idleInTransactionMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
  };
}
