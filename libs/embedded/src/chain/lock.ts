import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ChainLockedError } from './errors.js';

export interface Lock {
  release(): Promise<void>;
}

interface Owner {
  readonly pid: number;
  /** Distinguishes the process from a later one with the same id, where the system tells it. */
  readonly started: string | null;
}

/** Field 22 of /proc/<pid>/stat, counted after the command name, which may hold spaces. */
async function processStart(pid: number): Promise<string | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

async function isAlive(owner: Owner): Promise<boolean> {
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return owner.started === null || owner.started === (await processStart(owner.pid));
}

async function readOwner(path: string): Promise<Owner | null> {
  try {
    const owner = JSON.parse(await readFile(path, 'utf8')) as Partial<Owner>;
    return typeof owner.pid === 'number' ? { pid: owner.pid, started: owner.started ?? null } : null;
  } catch {
    // Absent, or its writer died before the first byte: nobody owns it.
    return null;
  }
}

/** A link shows the file with its content at once or not at all. */
async function claim(path: string, self: Owner): Promise<boolean> {
  const draft = `${path}.${self.pid}`;
  await writeFile(draft, JSON.stringify(self));
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    await rm(draft, { force: true });
  }
}

const ATTEMPTS_MAX = 3;

/**
 * Takes a lock file for this process. A file whose process is gone is taken over; it is first renamed, which only one of
 * several newcomers can do.
 * @throws ChainLockedError where another living process holds it.
 */
export async function acquireLock(path: string): Promise<Lock> {
  await mkdir(dirname(path), { recursive: true });
  const self: Owner = { pid: process.pid, started: await processStart(process.pid) };
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    if (await claim(path, self)) return { release: () => rm(path, { force: true }) };
    const owner = await readOwner(path);
    if (owner !== null && (await isAlive(owner))) {
      throw new ChainLockedError(`${dirname(path)} is in use by process ${owner.pid}`, {
        pid: owner.pid,
        path,
      });
    }
    const stale = `${path}.${process.pid}.stale`;
    await rename(path, stale).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    await rm(stale, { force: true });
  }
  throw new ChainLockedError(`${path} keeps being taken by others`, { path });
}
