import { execFile } from 'node:child_process';
import { readFile, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from '@abland/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { demo, demoToItsEnd, OUT_OF_REACH } from './demo-under-test.js';
import { expectAsRebuilt } from './as-rebuilt.js';
import { fill, hasSmallDisks, type SmallDisk, smallDisk } from './small-disk.js';
import { MAIN, SystemUnderTest } from './system-under-test.js';

const run = promisify(execFile);
const DISK_MIB = 320;
const FULL_MS = process.env['ABLAND_TEST_DEEP'] === undefined ? 10_000 : 60_000;
const ATTEMPT_MS = 3_000;
const BACK_WITHIN_MS = 120_000;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const onDisks = (await hasSmallDisks()) ? describe : describe.skip;

onDisks('a system whose disk is full (needs root, to mount a disk)', () => {
  let disk: SmallDisk | undefined;
  let system: SystemUnderTest;
  beforeAll(async () => {
    disk = await smallDisk(DISK_MIB);
    system = await SystemUnderTest.create({}, join(disk.path, 'data'));
    await system.start();
    await demo(system, 'before');
  });
  afterAll(async () => {
    await system?.remove();
    await disk?.remove();
  });
  const abland = async (...args: readonly string[]): Promise<string> =>
    (await run(process.execPath, [MAIN, ...args], { env: system.environment })).stdout;
  const ready = async () => {
    const response = await fetch(`${system.apiUrl}/ready`);
    return { status: response.status, checks: ((await response.json()) as { checks: object }).checks };
  };

  it('refuses what cannot be written by a code, is not ready, and goes on when there is room', async () => {
    const ballast = join(disk?.path ?? '', 'ballast');
    fill(ballast);
    await eventually(
      async () =>
        expect(await ready()).toMatchObject({ status: 503, checks: { disk: { error: 'DISK_FULL' } } }),
      BACK_WITHIN_MS,
    );
    const refusals = new Set<unknown>();
    const attempts: Promise<unknown>[] = [];
    for (const until = Date.now() + FULL_MS; Date.now() < until || refusals.size === 0;) {
      const attempt = demo(system, `full-${attempts.length}`);
      attempts.push(attempt.catch((error: { readonly code?: unknown }) => refusals.add(error.code)));
      await Promise.race([attempt.catch(() => undefined), pause(ATTEMPT_MS)]);
      await pause(ATTEMPT_MS / 4);
      expect((await fetch(`${system.apiUrl}/health`)).status).toBe(200);
    }

    await rm(ballast);
    await eventually(async () => expect((await ready()).status).toBe(200), BACK_WITHIN_MS);
    await Promise.all(attempts);
    expect([...refusals].filter((code) => !OUT_OF_REACH.has(code))).toEqual([]);
    for (const name of ['before', 'full-0']) await demoToItsEnd(system, name);
    expect(await abland('demo', '--run', 'after')).toMatch(/swap FINALIZED, FINAL[^]* {2}equal\n/);
    await expectAsRebuilt(system, abland);

    // Nobody writes to it any more while it is read.
    expect(await system.stop()).toBe(0);
    const log = join(system.dataDir, 'abland.log');
    expect(isRecord((await readFile(log, 'utf8')).trim().split('\n').at(-1) ?? '')).toBe(true);
    expect((await stat(log)).size).toBeLessThan(5 * 1024 * 1024);
  }, 300_000);
});

onDisks('a start on a disk that is full (needs root, to mount a disk)', () => {
  it.each([
    ['a database', 24, /initdb failed|PostgreSQL did not start/],
    ['anything', 0, /format\.json|cannot be used/],
  ])('says so in one line where %s cannot be made', async (_, mebibytes, part) => {
    const small = await smallDisk(32);
    const system = await SystemUnderTest.create({}, join(small.path, 'data'));
    const ballast = join(small.path, 'ballast');
    try {
      fill(ballast);
      await truncate(ballast, (32 - mebibytes) * 1024 * 1024);
      await expect(system.start()).rejects.toThrow('(DISK_FULL)');
      const told = system.output.split('\n').filter((line) => line !== '' && !line.startsWith('  ')); // but its steps
      expect(told).toEqual([
        expect.stringMatching(/^abland: .* has \d+ MiB left on its disk.*: make room.*\(DISK_FULL\)$/),
      ]);
      expect(system.output).toMatch(part);
    } finally {
      await system.remove();
      await small.remove();
    }
  });
});

const isRecord = (line: string): boolean => {
  try {
    return typeof JSON.parse(line) === 'object';
  } catch {
    return false;
  }
};
