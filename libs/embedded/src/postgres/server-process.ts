import { type ChildProcess, spawn } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';
import { endByForce, goOn } from '../processes/go-on.js';
import type { Account } from './account.js';
import { PostgresError } from './errors.js';

export interface ServerProcess {
  readonly pid: number;
  /** Resolves when it has ended, whatever ended it. */
  readonly exited: Promise<void>;
  /** Rejects where it ended without having been stopped. */
  readonly ended: Promise<never>;
  goOn(): void;
  stop(): Promise<void>;
}

/** A fast shutdown writes what is in memory to disk. After it the server is ended at once, which its log repairs. */
const FAST_STOP_MS = 8_000;
const IMMEDIATE_STOP_MS = 1_000;

/** @param logPath what the server says, from this start on */
export async function spawnServer(
  postgres: string,
  args: readonly string[],
  logPath: string,
  account: Account,
): Promise<ServerProcess> {
  const log = await open(logPath, 'w');
  // In a process group of its own, so that Ctrl-C reaches it only through us, after everything that uses it.
  const child = spawn(postgres, args, {
    ...account,
    cwd: '/',
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  });
  await log.close();
  let stopping = false;
  // A process that ends without stopping us first still takes the server along; it shuts down by itself then.
  const takeAlong = (): void => askToEnd(child);
  process.once('exit', takeAlong);
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve()); // it never began
  });
  void exited.then(() => process.off('exit', takeAlong));
  const ended = exited.then(async () => {
    if (stopping) return new Promise<never>(() => undefined);
    throw new PostgresError(
      'POSTGRES_START_FAILED',
      `PostgreSQL ended by itself: ${await endOfLog(logPath)}`,
    );
  });
  ended.catch(() => undefined); // whoever runs us awaits it; until then it is not unhandled
  return {
    pid: child.pid ?? NaN,
    exited,
    ended,
    goOn: () => goOn(child.pid ?? NaN),
    async stop() {
      stopping = true;
      if (child.exitCode === null && child.signalCode === null) await endServer(child, exited);
    },
  };
}

function askToEnd(child: ChildProcess): void {
  child.kill('SIGINT');
  goOn(child.pid ?? NaN);
}

async function endServer(child: ChildProcess, exited: Promise<void>): Promise<void> {
  askToEnd(child);
  const force = [
    setTimeout(() => child.kill('SIGQUIT'), FAST_STOP_MS),
    setTimeout(() => endByForce(child.pid ?? NaN), FAST_STOP_MS + IMMEDIATE_STOP_MS),
  ];
  await exited;
  for (const timer of force) clearTimeout(timer);
}

/** The last lines of what a server said. */
export async function endOfLog(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.trim().split('\n').slice(-5).join(' | ') || 'its log is empty';
}
