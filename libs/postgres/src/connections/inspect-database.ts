import { randomUUID } from 'node:crypto';
import { AblandError, type FailureClass } from '@abland/kernel';
import { isPassingFailure } from './failure-classes.js';
import { PostgresClient } from './postgres-client.js';

/** What a program finds of the database that a variable of the environment names, told by the variable's name. */
export class DatabaseUnfitError extends AblandError {
  override readonly failureClass: FailureClass;

  constructor(
    readonly code:
      'DATABASE_BEHIND_POOLER' | 'DATABASE_CONNECTIONS_TOO_FEW' | 'DATABASE_REFUSED' | 'DATABASE_UNAVAILABLE',
    message: string,
    details: Readonly<Record<string, unknown>>,
    cause?: unknown,
  ) {
    super(message, details, cause);
    this.failureClass = code === 'DATABASE_UNAVAILABLE' ? 'LATER' : 'WRONG';
  }
}

export interface Inspection {
  /** A pooler stands between that gives a connection to each transaction: nothing that is a session's stays. */
  readonly pooled: boolean;
  /** Connections that this user may have to this database, those of others included. */
  readonly connectionsMax: number;
}

/** @throws DatabaseUnfitError DATABASE_UNAVAILABLE, which may pass; DATABASE_REFUSED: a wrong password, no such database */
export async function inspectDatabase(connectionString: string, variable: string): Promise<Inspection> {
  try {
    return await withTwo(connectionString, async (first, second) => ({
      pooled: (await isRelayed(first)) && (await losesItsSession(first, await second())),
      connectionsMax: await readConnectionsMax(first),
    }));
  } catch (error) {
    throw isPassingFailure(error)
      ? unfit('DATABASE_UNAVAILABLE', `The database of ${variable} cannot be reached`, variable, error)
      : unfit('DATABASE_REFUSED', `The database of ${variable} does not let us in`, variable, error);
  }
}

function unfit(
  code: DatabaseUnfitError['code'],
  message: string,
  variable: string,
  cause: unknown,
): DatabaseUnfitError {
  return new DatabaseUnfitError(code, message, { variable }, cause);
}

/**
 * For whoever writes or waits for notifications: prepared statements, listening and the settings of a session need a session.
 * @param needed connections, at most
 * @throws DatabaseUnfitError
 */
export async function requireSessions(
  connectionString: string,
  { variable, needed }: { readonly variable: string; readonly needed: number },
): Promise<Inspection> {
  const found = await inspectDatabase(connectionString, variable);
  if (found.pooled) {
    throw new DatabaseUnfitError(
      'DATABASE_BEHIND_POOLER',
      `${variable} leads to a pooler that gives a connection to each transaction (PgBouncer's pool_mode=transaction): name the server itself or a pooler of sessions; DATABASE_READ_URL alone may lead there`,
      { variable },
    );
  }
  const { connectionsMax } = found;
  if (connectionsMax < needed) {
    throw new DatabaseUnfitError(
      'DATABASE_CONNECTIONS_TOO_FEW',
      `The database of ${variable} offers ${connectionsMax} connections, and up to ${needed} are needed: raise max_connections or the role's CONNECTION LIMIT, or lower DATABASE_POOL_MAX`,
      { variable, needed, connectionsMax },
    );
  }
  return found;
}

async function withTwo<Result>(
  connectionString: string,
  work: (first: PostgresClient, second: () => Promise<PostgresClient>) => Promise<Result>,
): Promise<Result> {
  const opened: PostgresClient[] = [];
  const open = async (): Promise<PostgresClient> => {
    const client = new PostgresClient({
      connectionString,
      pooled: true,
      application_name: 'abland-inspection',
    });
    opened.push(client);
    await client.connect();
    return client;
  };
  try {
    return await work(await open(), open);
  } finally {
    await Promise.all(opened.map((client) => client.end()));
  }
}

/** Whether the process that answers is another than the one that was connected to: a pooler gives its own number. */
async function isRelayed(client: PostgresClient): Promise<boolean> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return rows[0]?.pid !== (client as unknown as { readonly processID: number | null }).processID;
}

/** Whether what one client leaves in its session is another's, or is gone while another has a transaction. */
async function losesItsSession(first: PostgresClient, second: PostgresClient): Promise<boolean> {
  const mark = randomUUID();
  await first.query(`SELECT set_config('abland.mark', $1, false)`, [mark]);
  await second.query('BEGIN');
  try {
    return (await markOf(second)) === mark || (await markOf(first)) !== mark;
  } finally {
    await second.query('ROLLBACK');
    await first.query(`SELECT set_config('abland.mark', '', false)`);
  }
}

async function markOf(client: PostgresClient): Promise<string | null> {
  const { rows } = await client.query<{ mark: string | null }>(
    `SELECT current_setting('abland.mark', true) AS mark`,
  );
  return rows[0]?.mark ?? null;
}

/** Limits of a role and of a database do not hold for superusers. */
async function readConnectionsMax(client: PostgresClient): Promise<number> {
  const { rows } = await client.query<{ most: number }>(
    `SELECT least(
       current_setting('max_connections')::integer
         - CASE WHEN rolsuper THEN 0 ELSE current_setting('superuser_reserved_connections')::integer
             + coalesce(current_setting('reserved_connections', true)::integer, 0) END,
       CASE WHEN rolconnlimit >= 0 AND NOT rolsuper THEN rolconnlimit END,
       CASE WHEN datconnlimit >= 0 AND NOT rolsuper THEN datconnlimit END) AS most
     FROM pg_roles, pg_database WHERE rolname = session_user AND datname = current_database()`,
  );
  return rows[0]?.most ?? 0;
}
