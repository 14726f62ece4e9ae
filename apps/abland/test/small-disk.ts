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

/** A disk of its own, to be unmounted; null where we may not have one. */
export async function smallDisk(mebibytes: number): Promise<string | null> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return null;
  const path = await mkdtemp(join(tmpdir(), 'abland-disk-'));
  try {
    // Open to the database's account.
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m,mode=755`, 'tmpfs', path], {
      stdio: 'ignore',
    });
    return path;
  } catch {
    await rm(path, { recursive: true });
    return null;
  }
}
