import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { PostgresError } from './errors.js';

const run = promisify(execFile);

/** The operating-system account that PostgreSQL runs under; empty where it is our own. */
export interface Account {
  readonly uid?: number;
  readonly gid?: number;
}

const ACCOUNT_NAME = 'postgres';

async function lookUp(name: string): Promise<Account | null> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return null; // `id` fails where there is no such account: the caller makes one
  }
}

/** PostgreSQL refuses to run as root: there it gets an account of its own, made where it is missing. */
export async function postgresAccount(): Promise<Account> {
  if (process.getuid?.() !== 0) return {};
  const existing = await lookUp(ACCOUNT_NAME);
  if (existing !== null) return existing;
  try {
    await run('useradd', [
      '--system',
      '--user-group',
      '--no-create-home',
      '--shell',
      '/bin/false',
      ACCOUNT_NAME,
    ]);
  } catch (cause) {
    const concurrent = await lookUp(ACCOUNT_NAME);
    if (concurrent !== null) return concurrent;
    throw new PostgresError(
      'POSTGRES_USER_MISSING',
      `PostgreSQL does not run as root and the account "${ACCOUNT_NAME}" could not be created; start as another user`,
      cause,
    );
  }
  const created = await lookUp(ACCOUNT_NAME);
  if (created === null)
    throw new PostgresError('POSTGRES_USER_MISSING', `The account "${ACCOUNT_NAME}" is not there`);
  return created;
}

/** Whether the account can run a program at a path: folders on the way may be closed to it. */
export function canRun(program: string, account: Account): boolean {
  return spawnSync(program, ['--version'], { ...account, cwd: '/', stdio: 'ignore' }).status === 0;
}

/** Whether every folder on the way down to this one, and it itself, lets the account through. */
export function canEnterFolder(folder: string, account: Account): boolean {
  return (
    spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { ...account, cwd: '/', stdio: 'ignore' })
      .status === 0
  );
}
