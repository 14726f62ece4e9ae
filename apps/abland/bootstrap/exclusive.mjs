// One at a time, over processes: two commands in two terminals must not install into one folder at once.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

const LOOK_AGAIN_MS = 200;

/**
 * Runs the work while no other process runs any under the same file. A file that a killed process left is taken over.
 * @param {string} file names what is done; holds the process id of whoever does it
 * @param {{ waiting: () => void, work: () => Promise<void> }} task `waiting` is told once where another process is at it
 */
export async function exclusively(file, { waiting, work }) {
  await mkdir(dirname(file), { recursive: true });
  let told = false;
  while (!(await take(file))) {
    if (!told) waiting();
    told = true;
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
  try {
    await work();
  } finally {
    await rm(file, { force: true });
  }
}

async function take(file) {
  try {
    await writeFile(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  const holder = Number(await readFile(file, 'utf8').catch(() => ''));
  // Empty for the moment between being made and being written.
  if (holder > 0 && !isAlive(holder)) await rm(file, { force: true });
  return false;
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
