import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { acquireLock } from './lock.js';

describe('lock', () => {
  let folder: string;
  let path: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'abland-lock-'));
    path = join(folder, 'chain.lock');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('is refused while a living process holds it, which is named', async () => {
    const lock = await acquireLock(path);
    await expect(acquireLock(path)).rejects.toMatchObject({
      code: 'CHAIN_DATA_IN_USE',
      details: { pid: process.pid },
    });
    await lock.release();
    await (await acquireLock(path)).release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('is taken over from a process that is gone', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    await writeFile(path, JSON.stringify({ pid: child.pid, started: null }));
    await (await acquireLock(path)).release();
  });

  it('is taken over where the process id belongs to a later process', async () => {
    await writeFile(path, JSON.stringify({ pid: process.pid, started: '1' }));
    await (await acquireLock(path)).release();
  });

  it('goes to exactly one of many newcomers', async () => {
    await writeFile(path, JSON.stringify({ pid: process.pid, started: '1' }));
    const taken = await Promise.allSettled(Array.from({ length: 20 }, () => acquireLock(path)));
    expect(taken.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});
