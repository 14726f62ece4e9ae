import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { AblandError } from '@abland/kernel';

/** Grows with every change that an older program could not read. From 2 on what older programs wrote is read. */
const FORMAT_VERSION = 2;
const OLDEST_FORMAT_VERSION = 2;
const WAIT_FOR_PREVIOUS_MS = 10_000;

export class DataFolderError extends AblandError {
  constructor(
    readonly code:
      'DATA_VERSION_NEWER' | 'DATA_VERSION_OLDER' | 'DATA_IN_USE' | 'DATA_DAMAGED' | 'DATA_FOLDER_UNUSABLE',
    message: string,
    cause?: unknown,
  ) {
    super(message, {}, cause);
  }
}

export interface DataFolder {
  readonly path: string;
  release(): Promise<void>;
}

/**
 * Makes the data folder ours: creates it, checks that this program can read what is in it, and keeps others out.
 * A previous run that is just stopping is waited for. ANY_VERSION is for who does not read what is in it.
 * @throws DataFolderError
 */
export async function openDataFolder(
  path: string,
  onWait: (pid: number) => void,
  versions: 'OURS' | 'ANY_VERSION' = 'OURS',
): Promise<DataFolder> {
  try {
    await makeFolder(resolve(path));
    await takeLock(path, onWait);
  } catch (error) {
    if (error instanceof DataFolderError) throw error;
    throw new DataFolderError(
      'DATA_FOLDER_UNUSABLE',
      `${path} cannot be used: set ABLAND_DATA_DIR to another folder`,
      error,
    );
  }
  const release = () => rm(join(path, 'lock'), { force: true });
  if (versions === 'OURS')
    await checkFormat(path).catch(async (error: unknown) => {
      await release();
      throw error;
    });
  return { path, release };
}

/** Each folder on the way by itself: making all at once never ends where the system says of a parent that it is not there. */
async function makeFolder(path: string): Promise<void> {
  if (existsSync(path)) return;
  const parent = dirname(path);
  if (parent !== path) await makeFolder(parent);
  await mkdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error; // another start was quicker
  });
}

async function takeLock(path: string, onWait: (pid: number) => void): Promise<void> {
  const lock = join(path, 'lock');
  for (const deadline = Date.now() + WAIT_FOR_PREVIOUS_MS; !(await tryLock(lock));) {
    const holder = await holderOf(lock);
    const abandoned = holder === null || !isRunning(holder);
    if (abandoned) await rm(lock, { force: true });
    if (Date.now() > deadline) {
      throw new DataFolderError(
        'DATA_IN_USE',
        `${path} is in use by process ${holder ?? 'unknown'}: stop it, or set ABLAND_DATA_DIR`,
      );
    }
    if (abandoned) continue;
    onWait(holder);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

/** Linked into place whole, so that nobody ever reads a lock without its holder. */
async function tryLock(lock: string): Promise<boolean> {
  const own = `${lock}.${process.pid}`;
  await writeFile(own, String(process.pid));
  try {
    await link(own, lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(own, { force: true });
  }
}

async function holderOf(lock: string): Promise<number | null> {
  const pid = Number(await readFile(lock, 'utf8').catch(() => ''));
  return Number.isSafeInteger(pid) && pid > 0 ? pid : null;
}

/** A process id may have been given to another program since: where the system tells, its command line decides. */
function isRunning(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  if (!existsSync('/proc/self/cmdline')) return true;
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('abland');
  } catch {
    return false; // it ended between the two looks
  }
}

async function checkFormat(path: string): Promise<void> {
  const file = join(path, 'format.json');
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) {
    await writeFile(`${file}.tmp`, `${JSON.stringify({ version: FORMAT_VERSION })}\n`);
    await rename(`${file}.tmp`, file);
    return;
  }
  const version = parseVersion(text);
  if (version === null)
    throw new DataFolderError('DATA_DAMAGED', `${file} is not readable as a data folder's version`);
  if (version > FORMAT_VERSION) {
    throw new DataFolderError(
      'DATA_VERSION_NEWER',
      `${path} was written by a newer version (format ${version}; this program reads up to ${FORMAT_VERSION})`,
    );
  }
  if (version < OLDEST_FORMAT_VERSION) {
    throw new DataFolderError(
      'DATA_VERSION_OLDER',
      `${path} was written by an older version, before the shapes were frozen (format ${version}): delete it, or set ABLAND_DATA_DIR to another folder`,
    );
  }
}

function parseVersion(text: string): number | null {
  try {
    const { version } = JSON.parse(text) as { version?: unknown };
    return typeof version === 'number' && Number.isSafeInteger(version) ? version : null;
  } catch {
    return null;
  }
}
