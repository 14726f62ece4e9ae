import { until } from '@abland/testing';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MAIN, SystemUnderTest } from './system-under-test.js';

const run = promisify(execFile);

describe('the data of the one command', () => {
  let system: SystemUnderTest;
  const remove = (): Promise<{ stdout: string; stderr: string }> =>
    run(process.execPath, [MAIN, 'data', 'remove'], { env: system.environment });

  beforeAll(async () => {
    system = await SystemUnderTest.create();
    await system.start();
    await until(
      () => system.output.includes('Ctrl-C'),
      () => system.output,
    );
  });
  afterAll(async () => {
    await system.stop();
    await rm(system.dataDir, { recursive: true, force: true });
  });

  /** A command that has started the database itself, and whose terminal is closed. */
  async function hangUpOnTail(): Promise<void> {
    const tail = spawn(process.execPath, [MAIN, 'events', 'tail', '--follow'], {
      env: system.environment,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const closed = once(tail, 'close');
    await once(tail.stdout, 'data');
    tail.kill('SIGHUP');
    await closed;
  }

  it('is told of where it lies outside of the data folder, stays while the system runs, and is removed whole', async () => {
    const cluster = await realpath(join(system.dataDir, 'database', 'postgres'));
    const elsewhere = !cluster.startsWith(await realpath(system.dataDir));
    expect(system.output.includes(cluster)).toBe(elsewhere);
    expect(system.output.includes('data remove')).toBe(elsewhere);

    await expect(remove()).rejects.toMatchObject({ stderr: expect.stringContaining('DATA_IN_USE') });
    expect(existsSync(join(cluster, 'PG_VERSION'))).toBe(true);

    expect(await system.stop()).toBe(0);
    expect(system.output).toMatch(/Stopping: SIGINT\nAB\.LAND has stopped\n$/);
    await hangUpOnTail();
    expect(existsSync(join(cluster, 'postmaster.pid'))).toBe(false);
    expect((await remove()).stdout).toContain('is removed');
    expect([existsSync(system.dataDir), existsSync(cluster)]).toEqual([false, false]);
    expect((await remove()).stdout).toContain('holds no data');
  });
});
