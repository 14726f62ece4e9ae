import { type Logger, within } from '@abland/kernel';
import { connectionConfigOf, endAfterAbort, endClient, holdLease, type Lease } from '@abland/postgres';
import pg from 'pg';

/** One connection of the engine: many statements go out at once and are answered in order. */
export interface Session {
  query<Row extends pg.QueryResultRow>(query: string | pg.QueryConfig): Promise<pg.QueryResult<Row>>;
}

export interface SessionOptions {
  /** Its settings alone are used. */
  readonly pool: pg.Pool;
  readonly applicationName: string;
  /** After it, what is in hand has a while to come to its end. */
  readonly signal: AbortSignal;
  readonly logger: Logger;
}

const CONNECT_MS_MAX = 10_000;
const GRACE_MS = 5_000;

/** Works on a connection of its own with the settings of a pool. */
export async function withSession<Result>(
  options: SessionOptions,
  work: (session: pg.Client) => Promise<Result>,
): Promise<Result> {
  const { applicationName, logger, pool, signal } = options;
  const config = { application_name: applicationName, keepAlive: true, pipeline: true };
  const client = new pg.Client({ ...connectionConfigOf(pool), ...config });
  // A lost connection fails the query in hand, or the next one; without a listener it would end the process.
  client.on('error', () => undefined);
  const callOff = endAfterAbort(client, signal, GRACE_MS, logger);
  try {
    await within(CONNECT_MS_MAX, 'connecting to PostgreSQL', client.connect());
    return await work(client);
  } finally {
    callOff();
    await endClient(client);
  }
}

/**
 * Begins a transaction of the leader: all is sent at once, for the answers of what follows to come with it. As rows and
 * checkpoint are lost together or not at all, its commit need not wait for the disk.
 * @throws LeaseLostError
 */
export async function beginLed(session: Session, lease: Lease): Promise<void> {
  await Promise.all([
    session.query('BEGIN'),
    session.query('SET LOCAL synchronous_commit = off'),
    holdLease(session, lease),
  ]);
}
