import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type FileLock, holderOf, takeFileLock } from '../lock/file-lock.js';
import { ChainLockedError } from './errors.js';

/**
 * Takes the chain's data for this process.
 * @throws ChainLockedError where another process has it
 */
export async function acquireLock(path: string): Promise<FileLock> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  const lock = await takeFileLock(path);
  if (lock !== null) return lock;
  const pid = await holderOf(path);
  throw new ChainLockedError(`${folder} is in use by process ${pid ?? 'unknown'}`, { pid, path });
}
