import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from '@abland/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { expectAsRebuilt } from './as-rebuilt.js';
import { MAIN, SystemUnderTest } from './system-under-test.js';

const run = promisify(execFile);
const SHIFTED_CLOCK = new URL('./shifted-clock.mjs', import.meta.url).href;
const deep = process.env['ABLAND_TEST_DEEP'] !== undefined;
const HOUR_MS = 3_600_000;
const OFFSETS: readonly (readonly [name: string, offsetMs: number])[] = [
  ...(deep ? [['minute-back', -60_000] as const] : []),
  ['hour-back', -HOUR_MS],
  ['forward', 0],
];
const WITHIN_MS = 120_000;

describe('a system whose clock is set back', () => {
  let folder = '';
  let clock = '';
  let system: SystemUnderTest;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'abland-clock-'));
    clock = join(folder, 'offset');
    system = await SystemUnderTest.create({
      NODE_OPTIONS: `--import ${SHIFTED_CLOCK}`,
      ABLAND_TEST_CLOCK: clock,
    });
    await system.start();
  });
  afterAll(async () => {
    await system?.remove();
    await rm(folder, { recursive: true });
  });
  const abland = async (...args: readonly string[]): Promise<string> =>
    (await run(process.execPath, [MAIN, ...args], { env: system.environment })).stdout;
  const readiness = async (): Promise<number> => (await fetch(`${system.apiUrl}/ready`)).status;

  it.each(OFFSETS)('(%s) stays ready, and signs in, trades and settles as before', async (name, offsetMs) => {
    await writeFile(clock, String(offsetMs));
    await new Promise((resolve) => setTimeout(resolve, 500));
    const output = await abland('demo', '--run', name);
    expect(output).toMatch(/swap FINALIZED, FINAL[^]* {2}equal\n/);
    await eventually(async () => expect(await readiness()).toBe(200), WITHIN_MS);
    await expectAsRebuilt(system, abland);
  });

  it('stops in order while it is set back, and starts again', async () => {
    await writeFile(clock, String(-HOUR_MS));
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await system.stop('SIGTERM')).toBe(0);
    expect(system.output).not.toContain('did not stop');
    await system.start();
    expect(await abland('demo', '--run', 'after', '--no-final')).toMatch(/ {2}equal\n/);
  });
});
