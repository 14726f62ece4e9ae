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
 * @param {string} file names what is done; holds the process id of whoever does it, the process group that does it for them (0: none
 *   yet), and when the process began, where the system tells
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
  await writeFile(own, holding(group));
  await rename(own, file);
}

const holding = (group) => `${process.pid} ${group} ${beginningOf(process.pid) ?? ''}`.trim();

/** Linked into place whole, so that nobody ever reads a file without its holder. */
async function take(file) {
  const own = `${file}.${randomUUID()}`;
  await writeFile(own, holding(0));
  try {
    await link(own, file);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  } finally {
    await rm(own, { force: true });
  }
  const { holder, began } = await readHolder(file);
  if (holder !== null && !isAlive(holder, began)) await clearAfter(holder, file);
  return false;
}

async function readHolder(file) {
  const text = await readFile(file, 'utf8').catch(() => null);
  const [holder, group = '0', began] = text === null ? [] : text.split(' ');
  return { holder: holder === undefined ? null : Number(holder), group: Number(group) || null, began };
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

/**
 * A process number may have been given to another program since, after a start of the machine or in a container to the very same one:
 * when the process began decides, or its command line where that was not noted.
 */
function isAlive(pid, began) {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code !== 'EPERM') return false;
  }
  const begins = beginningOf(pid);
  if (began !== undefined && begins !== null) return began === begins;
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('node');
  } catch {
    return !existsSync('/proc/self/cmdline');
  }
}

/** When a process began, in ticks since that of the machine; null where the system does not tell. */
function beginningOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // After the name, which may have spaces: the 22nd field of all.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return null;
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
