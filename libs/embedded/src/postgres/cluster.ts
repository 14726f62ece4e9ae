import { mkdir, realpath, rm } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { unlessAborted } from '@abland/kernel';
import { LONG_LIMITS, PostgresClient } from '@abland/postgres';
import { freePort } from './free-port.js';
import { type Account, postgresAccount } from './account.js';
import { locateBinaries, type PostgresBinaries } from './binaries.js';
import { PostgresError } from './errors.js';
import { isLeft, stopLeftOver } from './left-over.js';
import { openCluster, passwordPathIn, USER } from './open-cluster.js';
import { placeBinaries, placeCluster } from './placement.js';
import { endOfLog, type ServerProcess, spawnServer } from './server-process.js';

export interface PostgresOptions {
  /** Holds the cluster, its password and its log. */
  readonly dataDir: string;
  /** Database made where it is missing. */
  readonly database: string;
  /** Server settings beyond ours, `name=value`. */
  readonly settings?: readonly string[];
  /** Default: a free one. */
  readonly port?: number;
  readonly onProgress?: (message: string) => void;
  /** Gives the start up: what it began is ended, and made by the next one. */
  readonly signal?: AbortSignal;
}

export interface RunningPostgres {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** The cluster's folder where the data folder is out of the server's reach; null where it is in the data folder. */
  readonly dataElsewhere: string | null;
  /** Rejects where the server ends without having been stopped. */
  readonly ended: Promise<never>;
  /** Lets it go on where somebody stopped it (SIGSTOP): to be called before those who need it to end in order. */
  goOn(): void;
  /** Fast shutdown: connections are closed, everything committed is on disk. One that does not end is ended by force. */
  stop(): Promise<void>;
}

const READY_WITHIN_MS = 60_000;
/** SQLSTATE invalid_password. */
const WRONG_PASSWORD = '28P01';
const SETTINGS = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'max_connections=100',
  // Holds the indexes of the log's newest part until it is full. Taken from the machine as it is used.
  'shared_buffers=256MB',
  'log_min_messages=warning',
  'timezone=UTC',
];

/**
 * Runs a cluster of our own. A server left over by a killed process is stopped first; without a port given it takes a free one.
 * @throws PostgresError POSTGRES_START_FAILED with the end of the server's log; and as `openCluster`; the signal's reason
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const [binaries, account] = await serverOf();
  await mkdir(options.dataDir, { recursive: true });
  const cluster = await placeCluster(join(options.dataDir, 'postgres'), account);
  const password = await openCluster({ ...options, cluster }, binaries, account);
  await stopLeftOver(cluster, binaries, account);
  const port = options.port ?? (await freePort());
  const logPath = join(options.dataDir, 'postgres.log');
  const settings = [...SETTINGS, `port=${port}`, ...(options.settings ?? [])];
  const args = ['-D', cluster, ...settings.flatMap((setting) => ['-c', setting])];
  options.signal?.throwIfAborted();
  const server = await spawnServer(binaries.postgres, args, logPath, account);
  const url = (database: string): string => `postgres://${USER}:${password}@127.0.0.1:${port}/${database}`;
  try {
    const passwordPath = passwordPathIn(options.dataDir);
    const ready = untilReady(server, url('postgres'), { logPath, passwordPath });
    await unlessAborted(
      ready.then(() => ensureDatabase(url('postgres'), options.database)),
      options.signal,
    );
  } catch (error) {
    await server.stop();
    throw error;
  }
  const [place, dataDir] = [await realpath(cluster), await realpath(options.dataDir)];
  const dataElsewhere = place.startsWith(dataDir + sep) ? null : place;
  return { ...server, url: url(options.database), port, dataElsewhere };
}

/** What runs a cluster, and as whom. */
async function serverOf(): Promise<readonly [PostgresBinaries, Account]> {
  const account = await postgresAccount();
  return [await placeBinaries(await locateBinaries(), account), account];
}

/** @throws PostgresError POSTGRES_START_FAILED; DATA_DAMAGED where the password is not the server's: no waiting makes it so */
async function untilReady(
  server: ServerProcess,
  url: string,
  { logPath, passwordPath }: { readonly logPath: string; readonly passwordPath: string },
): Promise<void> {
  let ended = false;
  void server.exited.then(() => (ended = true));
  for (const deadline = performance.now() + READY_WITHIN_MS; performance.now() < deadline && !ended;) {
    const client = new PostgresClient({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if ((error as { readonly code?: unknown }).code === WRONG_PASSWORD) throw notOfIt(passwordPath, error);
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  }
  throw new PostgresError('POSTGRES_START_FAILED', `PostgreSQL did not start: ${await endOfLog(logPath)}`);
}

const notOfIt = (passwordPath: string, cause: unknown): PostgresError =>
  new PostgresError(
    'DATA_DAMAGED',
    `${passwordPath} is not the password of the database beside it: bring it back from a backup`,
    cause,
  );

async function ensureDatabase(url: string, database: string): Promise<void> {
  const client = new PostgresClient({ connectionString: url, limits: LONG_LIMITS });
  await client.connect();
  try {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(database)}`);
  } finally {
    await client.end();
  }
}

/** Removes a cluster and all that belongs to it; a server that a killed process left behind is stopped first. */
export async function removePostgresData(dataDir: string): Promise<void> {
  const cluster = await realpath(join(dataDir, 'postgres')).catch(() => null);
  if (cluster !== null) {
    if (await isLeft(cluster)) await stopLeftOver(cluster, ...(await serverOf()));
    await rm(cluster, { recursive: true, force: true });
  }
  await rm(dataDir, { recursive: true, force: true });
}
