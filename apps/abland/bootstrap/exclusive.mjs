// One at a time, over processes: two commands in two terminals must not install into one folder at once.
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { link, mkdir, readFile, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { requireNotStopped } from './child.mjs';

const LOOK_AGAIN_MS = 200;
const OLD_MARK_MS = 10_000;

/**
 * Runs the work while no other process runs any under the same file. A file that a killed process left is taken over, and the process
 * group that it had begun, of the file's folder, is ended.
 * @param {string} file names what is done; holds the process id of whoever does it, and of the process group that does it for them
 * @param {{ signal?: AbortSignal, waiting: () => void, work: (onStart: (group: number) => Promise<void>) => Promise<void> }} task
 *   `waiting` is told once where another process is at it; the work tells each process group that it begins
 * @throws Stopped where the signal is aborted while it waits
 */
export async function exclusively(file, { signal, waiting, work }) {
  await mkdir(dirname(file), { recursive: true });
  let told = false;
  while (!(await take(file))) {
    if (!told) waiting();
    told = true;
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    if (signal !== undefined) requireNotStopped(signal, 'waiting for another command');
  }
  try {
    await work((group) => noteGroup(file, group));
  } finally {
    await rm(file, { force: true });
  }
}

async function noteGroup(file, group) {
  const own = `${file}.${randomUUID()}`;
  await writeFile(own, `${process.pid} ${group}`);
  await rename(own, file);
}

/** Linked into place whole, so that nobody ever reads a file without its holder. */
async function take(file) {
  const own = `${file}.${randomUUID()}`;
  await writeFile(own, String(process.pid));
  try {
    await link(own, file);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  } finally {
    await rm(own, { force: true });
  }
  const { holder } = await readHolder(file);
  if (holder !== null && !isAlive(holder)) await clearAfter(holder, file);
  return false;
}

async function readHolder(file) {
  const text = await readFile(file, 'utf8').catch(() => null);
  const [holder = null, group = null] = text === null ? [] : text.split(' ').map(Number);
  return { holder, group };
}

/**
 * Takes away the file of a holder that is gone, and of no other: only whoever has made the mark of that holder may, and looks
 * again once it has. Else one that looked before would take away the file of the next holder.
 */
async function clearAfter(holder, file) {
  const mark = `${file}.after-${holder}`;
  try {
    await mkdir(mark);
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    await clearOldMark(mark);
    return;
  }
  try {
    const left = await readHolder(file);
    if (left.holder !== holder) return;
    if (left.group !== null) endGroup(left.group, dirname(file));
    await rm(file, { force: true });
  } finally {
    await rmdir(mark);
  }
}

/** It stands for some milliseconds, unless its maker was killed in them. */
async function clearOldMark(mark) {
  const made = await stat(mark).catch(() => null);
  if (made !== null && Date.now() - made.mtimeMs > OLD_MARK_MS) await rmdir(mark).catch(() => undefined);
}

/** A process number may have been given to another program since: where the system tells, its command line decides. */
function isAlive(pid) {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code !== 'EPERM') return false;
  }
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('node');
  } catch {
    return !existsSync('/proc/self/cmdline');
  }
}

/** The number may be another's by now: only what works in the folder is ended, where the system tells. */
function endGroup(group, folder) {
  try {
    if (readlinkSync(`/proc/${group}/cwd`).startsWith(realpathSync(folder))) process.kill(-group, 'SIGKILL');
  } catch {
    // It is gone, or nobody can tell.
  }
}
