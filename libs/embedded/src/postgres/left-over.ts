import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { goOn } from '../processes/go-on.js';
import type { Account } from './account.js';
import type { PostgresBinaries } from './binaries.js';
import { PostgresError } from './errors.js';

const run = promisify(execFile);

/**
 * Stops a server that a killed start left behind. It may end by itself between two looks at it, which is as good.
 * @throws PostgresError POSTGRES_START_FAILED where it does not stop
 */
export async function stopLeftOver(
  cluster: string,
  binaries: PostgresBinaries,
  account: Account,
): Promise<void> {
  const control = (...args: string[]): Promise<unknown> =>
    run(binaries.pg_ctl, [...args, '-D', cluster], { ...account, cwd: '/' });
  const isRunning = (): Promise<boolean> =>
    control('status').then(
      () => true,
      () => false, // pg_ctl says by its exit code that no server runs
    );
  if (!(await isRunning())) return;
  goOn(await pidOf(cluster));
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

/** Whether a server may run there: its file is there as long as it does, and where it was killed. */
export const isLeft = async (cluster: string): Promise<boolean> => !Number.isNaN(await pidOf(cluster));

/** NaN where the server has gone and taken its file along. */
async function pidOf(cluster: string): Promise<number> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '');
  return Number.parseInt(text, 10);
}
