import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { testSeed } from '@abland/testing/test-seed';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { demo, demoToItsEnd, seeded } from './demo-under-test.js';
import { expectAsRebuilt } from './as-rebuilt.js';
import { MAIN, SystemUnderTest } from './system-under-test.js';

const run = promisify(execFile);
const deep = process.env['ABLAND_TEST_DEEP'] !== undefined;
const CRASHES = deep ? 20 : 3;
const RUNS = deep ? ['one', 'two'] : ['one'];
/** Of each run, and of the one after all crashes. */
const TOKENS = 2 * (RUNS.length + 1);
/** The demo takes longer, so that a crash comes in the midst of it. */
const CALM_MS_MAX = 4_000;

describe('a system whose database crashes again and again', () => {
  const seed = testSeed();
  let system: SystemUnderTest;
  beforeAll(async () => {
    system = await SystemUnderTest.create();
    await system.start();
  });
  afterAll(() => system?.remove(), 60_000);
  const abland = async (...args: readonly string[]): Promise<string> =>
    (await run(process.execPath, [MAIN, ...args], { env: system.environment })).stdout;

  it(`lives on, and has all read models as a rebuild has them (${CRASHES} crashes, seed ${seed})`, async () => {
    const random = seeded(seed);
    for (let crash = 0; crash < CRASHES; crash += 1) {
      const attempt = demo(system, RUNS[crash % RUNS.length] ?? '').catch(() => 'disturbed');
      await new Promise((resolve) => setTimeout(resolve, random() * CALM_MS_MAX));
      if (random() < 0.5) await system.kill('database');
      else await system.killBackend(random);
      await attempt;
      await system.untilReady();
    }
    for (const name of RUNS) await demoToItsEnd(system, name);
    expect(await abland('demo', '--run', 'after')).toMatch(/swap FINALIZED, FINAL[^]* {2}equal\n/);
    expect(await expectAsRebuilt(system, abland)).toContain(`  tokens (${TOKENS} rows)`);
    expect(await system.stop()).toBe(0);
  }, 900_000);
});
