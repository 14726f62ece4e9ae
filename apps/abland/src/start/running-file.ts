import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ApprovalName } from '@abland/operations';
import { isInUse } from './data-folder.js';

/** What a running system tells the other commands of the same data folder. Holds the database's password: mode 0600. */
export interface RunningSystem {
  readonly pid: number;
  readonly apiUrl: string;
  readonly databaseUrl: string;
  readonly chainRpcUrl: string;
  /** Operators' acts that a second one has to approve; absent: none. */
  readonly approvals?: readonly ApprovalName[];
}

const path = (dataDir: string): string => join(dataDir, 'running.json');

export async function announce(dataDir: string, system: RunningSystem): Promise<void> {
  const file = path(dataDir);
  await writeFile(`${file}.tmp`, `${JSON.stringify(system, null, 2)}\n`, { mode: 0o600 });
  await rename(`${file}.tmp`, file);
}

export function withdraw(dataDir: string): Promise<void> {
  return rm(path(dataDir), { force: true });
}

/** The system that runs on a data folder; null where none does. */
export async function findRunning(dataDir: string): Promise<RunningSystem | null> {
  const text = await readFile(path(dataDir), 'utf8').catch(() => null);
  if (text === null) return null;
  // A process that was killed leaves the file, and its number may be another's by now; the lock it does not leave.
  return (await isInUse(dataDir)) ? (JSON.parse(text) as RunningSystem) : null;
}
