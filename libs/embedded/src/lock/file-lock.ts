import { readFile, rm, writeFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';

export interface FileLock {
  release(): Promise<void>;
}

/**
 * Milliseconds that it is tried for. SQLite locks by steps, and who is told at once that another is on its way gives up also where
 * that one gives up because of it: of several at once none had the lock. Who waits lets go of its first steps.
 */
const TRIED_MS = 250;

/** SQLite's code for a file that another connection has locked. */
const SQLITE_BUSY = 5;

/**
 * Takes a lock for this process; null where another has it. The lock is the operating system's, by way of SQLite (fcntl,
 * LockFileEx), on `<path>.db`: it is free the moment its process ends, however it ends, so that none is ever stale. Beside it
 * `path` says for people which process has it. Nothing else may open `<path>.db`: POSIX lets go of a lock at the first close.
 * @param triedMs how long the event loop may stand until it is taken for another's, in milliseconds
 */
export async function takeFileLock(path: string, triedMs = TRIED_MS): Promise<FileLock | null> {
  const file = new DatabaseSync(`${path}.db`);
  try {
    // It writes nothing: a full disk does not matter.
    file.exec(`PRAGMA busy_timeout = ${triedMs}; PRAGMA journal_mode = OFF; BEGIN EXCLUSIVE`);
  } catch (error) {
    file.close();
    if ((error as { readonly errcode?: unknown }).errcode === SQLITE_BUSY) return null;
    throw error;
  }
  try {
    await writeFile(path, String(process.pid));
  } catch (error) {
    // On a full disk the lock is held without a name.
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') {
      file.close();
      throw error;
    }
  }
  return {
    async release() {
      await rm(path, { force: true });
      if (file.isOpen) file.close();
    },
  };
}

/** The process that has a lock, as its file says; null where it does not. */
export async function holderOf(path: string): Promise<number | null> {
  const pid = Number(await readFile(path, 'utf8').catch(() => ''));
  return Number.isSafeInteger(pid) && pid > 0 ? pid : null;
}
