import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What a running system tells the other commands of the same data folder. Holds the database's password: mode 0600. */
export interface RunningSystem {
  readonly pid: number;
  readonly apiUrl: string;
  readonly databaseUrl: string;
  readonly chainRpcUrl: string;
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
  const system = JSON.parse(text) as RunningSystem;
  try {
    process.kill(system.pid, 0);
    return system;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? system : null;
  }
}
