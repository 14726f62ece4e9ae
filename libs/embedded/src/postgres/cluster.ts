import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chown, mkdir, mkdtemp, open, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { promisify } from 'node:util';
import { LONG_LIMITS, PostgresClient } from '@abland/postgres';
import { type Account, postgresAccount } from './account.js';
import { locateBinaries, type PostgresBinaries } from './binaries.js';
import { PostgresError } from './errors.js';
import { placeBinaries, placeCluster } from './placement.js';

const run = promisify(execFile);

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
}

export interface RunningPostgres {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** The cluster's folder where the data folder is out of the server's reach; null where it is in the data folder. */
  readonly dataElsewhere: string | null;
  /** Rejects where the server ends without having been stopped. */
  readonly ended: Promise<never>;
  /** Fast shutdown: connections are closed, everything committed is on disk. */
  stop(): Promise<void>;
}

const USER = 'abland';
const READY_WITHIN_MS = 60_000;
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
 * @throws PostgresError POSTGRES_START_FAILED with the end of the server's log.
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const account = await postgresAccount();
  const binaries = await placeBinaries(await locateBinaries(), account);
  await mkdir(options.dataDir, { recursive: true });
  const cluster = await placeCluster(join(options.dataDir, 'postgres'), account);
  const password = await initialise(cluster, options, binaries, account);
  await stopLeftOver(cluster, binaries, account);
  const port = options.port ?? (await freePort());
  const logPath = join(options.dataDir, 'postgres.log');
  const child = await spawnServer(cluster, port, logPath, options, binaries, account);
  const url = (database: string): string => `postgres://${USER}:${password}@127.0.0.1:${port}/${database}`;
  await untilReady(child, url('postgres'), logPath);
  await ensureDatabase(url('postgres'), options.database);
  const running = supervise(child, url(options.database), port, logPath);
  const [place, dataDir] = [await realpath(cluster), await realpath(options.dataDir)];
  return { ...running, dataElsewhere: place.startsWith(dataDir + sep) ? null : place };
}

async function initialise(
  cluster: string,
  options: PostgresOptions,
  binaries: PostgresBinaries,
  account: Account,
): Promise<string> {
  const passwordPath = join(options.dataDir, 'postgres.password');
  const version = await readFile(join(cluster, 'PG_VERSION'), 'utf8').catch(() => null);
  const complete = await readFile(passwordPath, 'utf8').catch(() => null);
  if (version !== null && complete !== null) {
    await checkVersion(version.trim(), binaries, account);
    return complete.trim();
  }
  // A first start that was cut off left a cluster without its password: nothing was ever stored in it.
  options.onProgress?.('creating the database cluster');
  await run('find', [cluster, '-mindepth', '1', '-delete']);
  const password = randomBytes(18).toString('base64url');
  await runInitdb(cluster, password, binaries, account);
  await writeFile(passwordPath, `${password}\n`, { mode: 0o600 });
  return password;
}

async function runInitdb(
  cluster: string,
  password: string,
  binaries: PostgresBinaries,
  account: Account,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'abland-initdb-'));
  const passwordFile = join(folder, 'password');
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  for (const path of account.uid === undefined ? [] : [passwordFile, folder]) {
    await chown(path, account.uid ?? 0, account.gid ?? 0);
  }
  const identity = [`--username=${USER}`, '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  const format = ['--encoding=UTF8', '--locale=C', '--data-checksums'];
  try {
    await run(binaries.initdb, [`--pgdata=${cluster}`, ...identity, ...format], { ...account, cwd: '/' });
  } catch (cause) {
    throw new PostgresError('POSTGRES_START_FAILED', `initdb failed: ${(cause as Error).message}`, cause);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function checkVersion(version: string, binaries: PostgresBinaries, account: Account): Promise<void> {
  const { stdout } = await run(binaries.postgres, ['--version'], { ...account, cwd: '/' });
  const ours = /(\d+)/.exec(stdout)?.[1] ?? '';
  if (version === ours) return;
  throw new PostgresError(
    'DATA_VERSION_NEWER',
    `The data folder holds a PostgreSQL ${version} cluster; this program brings PostgreSQL ${ours}`,
  );
}

/** A server that a killed start left behind. It may end by itself between two looks at it, which is as good. */
async function stopLeftOver(cluster: string, binaries: PostgresBinaries, account: Account): Promise<void> {
  const control = (...args: string[]): Promise<unknown> =>
    run(binaries.pg_ctl, [...args, '-D', cluster], { ...account, cwd: '/' });
  const isRunning = (): Promise<boolean> =>
    control('status').then(
      () => true,
      () => false, // pg_ctl says by its exit code that no server runs
    );
  if (!(await isRunning())) return;
  try {
    await control('stop', '-m', 'fast', '-w', '-t', '60');
  } catch (cause) {
    if (!(await isRunning())) return;
    const said = (cause as { readonly stderr?: unknown }).stderr;
    throw new PostgresError(
      'POSTGRES_START_FAILED',
      `The PostgreSQL that an earlier start left running does not stop: ${String(said ?? cause).trim()}`,
      cause,
    );
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string')
    throw new PostgresError('POSTGRES_START_FAILED', 'No free port');
  return address.port;
}

async function spawnServer(
  cluster: string,
  port: number,
  logPath: string,
  options: PostgresOptions,
  binaries: PostgresBinaries,
  account: Account,
): Promise<ChildProcess> {
  const log = await open(logPath, 'w');
  const settings = [...SETTINGS, `port=${port}`, ...(options.settings ?? [])].flatMap((setting) => [
    '-c',
    setting,
  ]);
  // In a process group of its own, so that Ctrl-C reaches it only through us, after everything that uses it.
  const child = spawn(binaries.postgres, ['-D', cluster, ...settings], {
    ...account,
    cwd: '/',
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  });
  await log.close();
  return child;
}

async function untilReady(child: ChildProcess, url: string, logPath: string): Promise<void> {
  let ended = false;
  child.once('exit', () => (ended = true));
  child.once('error', () => (ended = true));
  for (const deadline = Date.now() + READY_WITHIN_MS; Date.now() < deadline && !ended;) {
    const client = new PostgresClient({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  }
  child.kill('SIGQUIT');
  throw new PostgresError('POSTGRES_START_FAILED', `PostgreSQL did not start: ${await tail(logPath)}`);
}

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

function supervise(
  child: ChildProcess,
  url: string,
  port: number,
  logPath: string,
): Omit<RunningPostgres, 'dataElsewhere'> {
  let stopping = false;
  // A process that ends without stopping us first still takes the server along; it shuts down by itself then.
  const takeAlong = (): void => void child.kill('SIGINT');
  process.once('exit', takeAlong);
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  void exited.then(() => process.off('exit', takeAlong));
  const ended = exited.then(async () => {
    if (stopping) return new Promise<never>(() => undefined);
    throw new PostgresError('POSTGRES_START_FAILED', `PostgreSQL ended by itself: ${await tail(logPath)}`);
  });
  ended.catch(() => undefined); // whoever runs us awaits it; until then it is not unhandled
  return {
    url,
    port,
    pid: child.pid ?? 0,
    ended,
    async stop() {
      stopping = true;
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGINT');
      await exited;
    },
  };
}

async function tail(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.trim().split('\n').slice(-5).join(' | ') || 'its log is empty';
}

/** Removes a cluster and all that belongs to it; it must have been stopped. */
export async function removePostgresData(dataDir: string): Promise<void> {
  const cluster = await realpath(join(dataDir, 'postgres')).catch(() => null);
  if (cluster !== null) await rm(cluster, { recursive: true, force: true });
  await rm(dataDir, { recursive: true, force: true });
}
