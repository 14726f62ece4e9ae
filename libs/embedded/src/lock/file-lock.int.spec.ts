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
/** Has the first of the lock's steps for a moment, as whoever tries to take it has. */
const PASSER_BY = `
  const { DatabaseSync } = await import('node:sqlite');
  process.on('message', ({ pass }) => {
    const file = new DatabaseSync(pass + '.db');
    file.exec('BEGIN; SELECT * FROM sqlite_schema');
    process.send({ isThere: true });
    setTimeout(() => file.close(), 50);
  });
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
  async function start(program: string): Promise<ChildProcess> {
    const script = join(folder, 'program.mjs');
    await writeFile(script, program);
    const started = fork(script, { execArgv: [], env: { ...process.env, NODE_OPTIONS: '' } });
    await once(started, 'message');
    return started;
  }

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
    holder = await start(HOLDER);
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

  it('is had by one of several at once, though others are on its first steps', async () => {
    holder = await start(PASSER_BY);
    for (let round = 0; round < 5; round += 1) {
      const there = once(holder, 'message');
      holder.send({ pass: path });
      await there;
      const lock = await takeFileLock(path, 30_000); // for as long as a busy machine may need to let go
      expect([round, lock === null]).toEqual([round, false]);
      await lock?.release();
    }
  });
});
