import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type FileLock, holderOf, takeFileLock } from '@abland/embedded/lock';
import { AblandError, systemTiming } from '@abland/kernel';

/** Grows with every change that an older program could not read. From 2 on what older programs wrote is read. */
const FORMAT_VERSION = 2;
const OLDEST_FORMAT_VERSION = 2;
/** A previous run has as long to stop. */
const WAIT_FOR_PREVIOUS_MS = 15_000;
const LOOK_AGAIN_MS = 100;

export class DataFolderError extends AblandError {
  constructor(
    readonly code:
      | 'DATA_VERSION_NEWER'
      | 'DATA_VERSION_OLDER'
      | 'DATA_IN_USE'
      | 'DATA_DAMAGED'
      | 'DATA_FOLDER_UNUSABLE'
      | 'DISK_FULL',
    message: string,
    cause?: unknown,
  ) {
    super(message, {}, cause);
  }
}

export interface OpenOptions {
  /** Told whom the folder is used by and waited for, once. */
  readonly onWait: (holder: string) => void;
  /** ANY_VERSION is for who does not read what is in it. Default: OURS */
  readonly versions?: 'OURS' | 'ANY_VERSION';
  /** Ends the waiting. */
  readonly signal?: AbortSignal;
}

export interface DataFolder {
  readonly path: string;
  release(): Promise<void>;
}

/**
 * Makes the data folder ours: creates it, checks that this program can read what is in it, and keeps others out.
 * A previous run that is just stopping is waited for.
 * @throws DataFolderError, or the signal's reason
 */
export async function openDataFolder(path: string, options: OpenOptions): Promise<DataFolder> {
  const lock = await lockOf(path, options);
  const release = () => lock.release();
  if (options.versions !== 'ANY_VERSION')
    await checkFormat(path).catch(async (error: unknown) => {
      await release();
      throw error;
    });
  return { path, release };
}

async function lockOf(path: string, options: OpenOptions): Promise<FileLock> {
  try {
    await makeFolder(resolve(path));
    return await takeLock(path, options);
  } catch (error) {
    options.signal?.throwIfAborted();
    if (error instanceof DataFolderError) throw error;
    throw unusable(path, error);
  }
}

const unusable = (path: string, cause: unknown): DataFolderError =>
  new DataFolderError(
    'DATA_FOLDER_UNUSABLE',
    `${path} cannot be used: set ABLAND_DATA_DIR to another folder`,
    cause,
  );

/** Each folder on the way by itself: making all at once never ends where the system says of a parent that it is not there. */
async function makeFolder(path: string): Promise<void> {
  if (existsSync(path)) return;
  const parent = dirname(path);
  if (parent !== path) await makeFolder(parent);
  await mkdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error; // another start was quicker
  });
}

const lockFile = (path: string): string => join(path, 'lock');

/** Whether a process has the folder. */
export async function isInUse(path: string): Promise<boolean> {
  if (!existsSync(path)) return false;
  const lock = await takeFileLock(lockFile(path));
  await lock?.release();
  return lock === null;
}

async function takeLock(path: string, { onWait, signal }: OpenOptions): Promise<FileLock> {
  const file = lockFile(path);
  let told = '';
  for (const giveUpAt = performance.now() + WAIT_FOR_PREVIOUS_MS; ;) {
    signal?.throwIfAborted();
    const lock = await takeFileLock(file);
    if (lock !== null) return lock;
    const pid = await holderOf(file);
    const holder = `process ${pid ?? 'unknown'}`;
    if (performance.now() > giveUpAt) {
      throw new DataFolderError(
        'DATA_IN_USE',
        `${path} is in use by ${holder}: stop it, or set ABLAND_DATA_DIR`,
      );
    }
    // One that is letting go takes its name away first: that is nobody else.
    if (told === '' || (pid !== null && holder !== told)) onWait((told = holder));
    await systemTiming.pause(LOOK_AGAIN_MS, signal);
  }
}

/** Null where it holds none yet. What cannot be read may be of any version: nothing is written over it. */
async function readFormat(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw unusable(file, error);
  }
}

async function writeFormat(file: string): Promise<void> {
  try {
    await writeFile(`${file}.tmp`, `${JSON.stringify({ version: FORMAT_VERSION })}\n`, { flush: true });
    await rename(`${file}.tmp`, file);
  } catch (error) {
    throw unusable(file, error);
  }
}

async function checkFormat(path: string): Promise<void> {
  const file = join(path, 'format.json');
  const text = await readFormat(file);
  if (text === null) return writeFormat(file);
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
