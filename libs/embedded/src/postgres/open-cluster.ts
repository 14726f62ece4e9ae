import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Account } from './account.js';
import type { PostgresBinaries } from './binaries.js';
import { PostgresError } from './errors.js';

const run = promisify(execFile);

/** Whose the cluster is, and who we are in it. */
export const USER = 'abland';

export interface ClusterPlace {
  /** Its folder, which is there. */
  readonly cluster: string;
  /** Holds its password, and a mark while it is made. */
  readonly dataDir: string;
  readonly onProgress?: (message: string) => void;
  /** Ends the making of it, which the next start begins anew. */
  readonly signal?: AbortSignal;
}

export const passwordPathIn = (dataDir: string): string => join(dataDir, 'postgres.password');

/**
 * The password of a cluster, which is made where there is none yet. What a start that was cut off left of making one is made anew;
 * whatever else is in its folder stays there.
 * @throws PostgresError DATA_DAMAGED where it lacks what it cannot be used without, DATA_VERSION_NEWER, POSTGRES_START_FAILED
 */
export async function openCluster(
  { cluster, dataDir, onProgress, signal }: ClusterPlace,
  binaries: PostgresBinaries,
  account: Account,
): Promise<string> {
  const [passwordPath, making] = [passwordPathIn(dataDir), join(dataDir, 'postgres.making')];
  const password = (await textOf(passwordPath))?.trim() ?? null;
  const version = await textOf(join(cluster, 'PG_VERSION'));
  if (version !== null && password !== null && password !== '') {
    await rm(making, { force: true });
    await checkVersion(version.trim(), binaries, account);
    return password;
  }
  if ((await textOf(making)) === null) {
    await requireEmpty(cluster, version === null ? join(cluster, 'PG_VERSION') : passwordPath);
    await writeFile(making, '', { flush: true });
  }
  onProgress?.('creating the database cluster');
  // Its password is stored once it is whole, and nothing is stored in it before.
  await run('find', [cluster, '-mindepth', '1', '-delete']);
  const made = randomBytes(18).toString('base64url');
  await runInitdb(cluster, made, { binaries, account, signal });
  await writeFile(`${passwordPath}.tmp`, `${made}\n`, { mode: 0o600, flush: true });
  await rename(`${passwordPath}.tmp`, passwordPath);
  await rm(making);
  return made;
}

/** Null where it is not there; what cannot be read is no reason to take it for that. @throws PostgresError DATA_DAMAGED */
async function textOf(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new PostgresError('DATA_DAMAGED', `${path} cannot be read: ${(error as Error).message}`, error);
  }
}

/** @throws PostgresError DATA_DAMAGED */
async function requireEmpty(cluster: string, missing: string): Promise<void> {
  if ((await readdir(cluster)).length === 0) return;
  throw new PostgresError(
    'DATA_DAMAGED',
    `${cluster} holds a database, and ${missing} is missing or empty: bring it back from a backup, or remove both folder and password to begin anew`,
  );
}

interface Making {
  readonly binaries: PostgresBinaries;
  readonly account: Account;
  readonly signal: AbortSignal | undefined;
}

/** @throws PostgresError POSTGRES_START_FAILED; the signal's reason, once it has ended */
async function runInitdb(cluster: string, password: string, making: Making): Promise<void> {
  const { account, signal } = making;
  signal?.throwIfAborted();
  const folder = await mkdtemp(join(tmpdir(), 'abland-initdb-'));
  try {
    const passwordFile = join(folder, 'password');
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
    for (const path of account.uid === undefined ? [] : [passwordFile, folder]) {
      await chown(path, account.uid ?? 0, account.gid ?? 0);
    }
    await initdb(cluster, passwordFile, making);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @throws as `runInitdb` */
async function initdb(
  cluster: string,
  passwordFile: string,
  { account, binaries, signal }: Making,
): Promise<void> {
  signal?.throwIfAborted();
  const identity = [`--username=${USER}`, '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  const format = ['--encoding=UTF8', '--locale=C', '--data-checksums'];
  const making = run(binaries.initdb, [`--pgdata=${cluster}`, ...identity, ...format], {
    ...account,
    cwd: '/',
  });
  const end = (): void => void making.child.kill();
  signal?.addEventListener('abort', end, { once: true });
  try {
    await making;
  } catch (cause) {
    signal?.throwIfAborted();
    throw new PostgresError('POSTGRES_START_FAILED', `initdb failed: ${problemOf(cause)}`);
  } finally {
    signal?.removeEventListener('abort', end);
  }
}

/** Of a program of PostgreSQL's, in one line: what it says itself is wrong, beside much else. */
function problemOf(failure: unknown): string {
  const { message, stderr = '' } = failure as Error & { readonly stderr?: string };
  const problem = stderr.split('\n').find((line) => /\b(FATAL|PANIC|ERROR|error):/.test(line));
  return (problem ?? message.split('\n')[0] ?? '').trim();
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
