import type { Logger } from '@abland/kernel';
import {
  answerMsOf,
  connectionConfigOf,
  endAfterAbort,
  holdLeases,
  type Lease,
  type Limits,
  LONG_LIMITS,
  PostgresClient,
  watchConnection,
} from '@abland/postgres';
import type pg from 'pg';

/** One connection of the engine: many statements go out at once and are answered in order. */
export interface Session {
  query<Row extends pg.QueryResultRow>(query: string | pg.QueryConfig): Promise<pg.QueryResult<Row>>;
  query<Query extends pg.Submittable>(query: Query): Query;
}

export interface SessionOptions {
  /** Its settings alone are used. */
  readonly pool: pg.Pool;
  readonly applicationName: string;
  readonly limits: Limits;
  /** After it, what is in hand has a while to come to its end. */
  readonly signal: AbortSignal;
  readonly logger: Logger;
}

const GRACE_MS = 5_000;

/** Works on a connection of its own with the settings of a pool. */
export async function withSession<Result>(
  options: SessionOptions,
  work: (session: PostgresClient) => Promise<Result>,
): Promise<Result> {
  const { applicationName, limits, logger, pool, signal } = options;
  const config = { application_name: applicationName, limits, pipeline: true };
  const client = new PostgresClient({ ...connectionConfigOf(pool), ...config });
  const callOff = endAfterAbort(client, signal, GRACE_MS, logger);
  const over = new AbortController();
  try {
    await client.connect();
    if (limits === LONG_LIMITS) await watchConnection(client, pool, over.signal);
    return await work(client);
  } finally {
    over.abort();
    callOff();
    await client.end();
  }
}

/** Has a statement done. */
export type Execute = (statement: string) => Promise<unknown>;

/** Outside of a transaction: each statement of the work may take so many milliseconds, which is longer than the session's limit. */
export async function withStatementLimit(
  session: Session,
  ms: number,
  work: (execute: Execute) => Promise<void>,
): Promise<void> {
  const limit = { query_timeout: answerMsOf(ms) }; // node-postgres heeds it, its types do not know it
  await session.query(`SET statement_timeout = ${ms}`);
  await work((text) => session.query({ text, ...limit }));
  await session.query('RESET statement_timeout');
}

/**
 * Begins a transaction of the leader: all is sent at once, for the answers of what follows to come with it. As rows and
 * checkpoint are lost together or not at all, its commit need not wait for the disk.
 * @throws LeaseLostError
 */
export async function beginLed(session: Session, leases: readonly Lease[]): Promise<void> {
  await Promise.all([
    session.query('BEGIN'),
    session.query('SET LOCAL synchronous_commit = off'),
    holdLeases(session, leases),
  ]);
}
