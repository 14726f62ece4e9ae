import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { holderOf, takeFileLock } from './file-lock.js';

const LOCK = new URL('../../dist/lock/index.js', import.meta.url).href;
/** Takes the lock that it is told of, and says whether it has it. */
const HOLDER = `
  const { takeFileLock } = await import(${JSON.stringify(LOCK)});
  process.on('message', async ({ take }) => process.send({ has: (await takeFileLock(take)) !== null }));
  process.send({});`;

describe('a lock on a file', () => {
  let folder = '';
  let path = '';
  let holder: ChildProcess | null = null;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'abland-lock-'));
    path = join(folder, 'lock');
  });
  afterEach(async () => {
    holder?.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });
  it('is one’s at a time, and names who has it', async () => {
    const lock = await takeFileLock(path);
    expect(await takeFileLock(path)).toBeNull();
    expect(await holderOf(path)).toBe(process.pid);
    await lock?.release();
    expect(await holderOf(path)).toBeNull();
    const again = await takeFileLock(path);
    expect(again).not.toBeNull();
    await again?.release();
    await again?.release();
  });

  it('is free the moment its process is killed, whoever has that process’s number by then', async () => {
    const script = join(folder, 'holder.mjs');
    await writeFile(script, HOLDER);
    holder = fork(script, { execArgv: [], env: { ...process.env, NODE_OPTIONS: '' } });
    await once(holder, 'message');
    const taken = once(holder, 'message');
    holder.send({ take: path });
    expect(await taken).toEqual([{ has: true }, undefined]);
    expect(await takeFileLock(path)).toBeNull();

    const exited = once(holder, 'exit');
    holder.kill('SIGKILL');
    await exited;
    await writeFile(path, String(process.ppid)); // alive, and no holder
    const lock = await takeFileLock(path);
    expect(await readFile(path, 'utf8')).toBe(String(process.pid));
    await lock?.release();
  });
});
