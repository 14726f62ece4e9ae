import { execFileSync } from 'node:child_process';
import { closeSync, openSync, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Takes all the room there is. */
export function fill(path: string): void {
  const file = openSync(path, 'w');
  try {
    for (const block = Buffer.alloc(64 * 1024); ;) writeSync(file, block);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    closeSync(file);
  }
}

/** A disk of a test's own. */
export interface SmallDisk {
  readonly path: string;
  /** Takes it away, with all that lies on it. */
  remove(): Promise<void>;
}

/**
 * Whether there are disks to be had: only root may mount one, and not in every container. For who decides which tests there are: nothing
 * stays of it, for none of them may be run.
 */
export async function hasSmallDisks(): Promise<boolean> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  try {
    await (await smallDisk(1)).remove();
    return true;
  } catch {
    return false;
  }
}

/** For a test, or for what is done before tests, that removes it again. @throws where we may not have one */
export async function smallDisk(mebibytes: number): Promise<SmallDisk> {
  const path = await mkdtemp(join(tmpdir(), 'abland-disk-'));
  try {
    // Open to the database's account.
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m,mode=755`, 'tmpfs', path], {
      stdio: 'ignore',
    });
  } catch (error) {
    await rm(path, { recursive: true });
    throw error;
  }
  const remove = async (): Promise<void> => {
    execFileSync('umount', [path]);
    await rm(path, { recursive: true });
  };
  return { path, remove };
}
