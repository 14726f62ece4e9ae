import { mkdtemp, readdir, readlink, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Of a run's folder, followed by the space that its process number is of, and by that number. */
const FOLDER = 'abland-tests-';
/** Its server may make files until it finds that some are gone. */
const REMOVED_WHILE_USED = { recursive: true, force: true, maxRetries: 5, retryDelay: 100 };
/** Longer than any run lasts. */
const OLD_MS = 24 * 3_600_000;

/** A new folder for this run, of which later ones see whether it was left. */
export const makeRunFolder = async (place: string): Promise<string> =>
  mkdtemp(join(place, `${FOLDER}${await numberSpace()}-${process.pid}-`));

/**
 * Removes what runs that were killed left in a place: a server whose files are gone ends by itself. Of one in another container, which
 * may share the place and knows other process numbers, only its age tells.
 */
export async function removeLeftFolders(place: string, now = Date.now()): Promise<void> {
  const space = await numberSpace();
  for (const name of await readdir(place).catch(() => [])) {
    if (!name.startsWith(FOLDER)) continue;
    const folder = join(place, name);
    const [, itsSpace, pid] = new RegExp(`^${FOLDER}([0-9]+)-([0-9]+)-`).exec(name) ?? [];
    const isLeft = itsSpace === space ? !isRunning(Number(pid)) : await isOld(folder, now);
    // Another account's is its own to remove.
    if (isLeft) await rm(folder, REMOVED_WHILE_USED).catch(() => undefined);
  }
}

/** Within which a process number means one process; 0 where a system does not tell. */
const numberSpace = async (): Promise<string> =>
  /[0-9]+/.exec(await readlink('/proc/self/ns/pid').catch(() => ''))?.[0] ?? '0';

const isOld = async (folder: string, now: number): Promise<boolean> =>
  now - ((await stat(folder).catch(() => null))?.mtimeMs ?? now) > OLD_MS;

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
