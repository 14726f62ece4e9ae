import { chmod, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SystemUnderTest } from './system-under-test.js';

describe('the one command in another folder than the checkout', () => {
  let folder = '';
  let system: SystemUnderTest;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'abland-elsewhere-'));
    await chmod(folder, 0o755); // open to the database's account
    system = await SystemUnderTest.create({}, join(folder, 'data'), folder);
  });
  afterAll(async () => {
    await system.remove();
    await rm(folder, { recursive: true, force: true });
  });

  it('starts on a data folder that a relative path names, with all data in it, and starts again', async () => {
    await system.start();
    const cluster = await realpath(join(system.dataDir, 'database', 'postgres'));
    expect(cluster).toBe(join(await realpath(system.dataDir), 'database', 'postgres'));
    expect(await system.stop()).toBe(0);
    await system.start();
    expect(await system.stop()).toBe(0);
  });
});
