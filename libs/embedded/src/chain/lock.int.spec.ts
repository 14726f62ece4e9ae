import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { acquireLock } from './lock.js';

describe("the lock of a chain's data", () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'abland-lock-'));
    path = join(folder, 'below', 'chain.lock');
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
  });
});
