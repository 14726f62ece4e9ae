import { testSeed } from '@abland/testing/test-seed';
import { afterAll, describe, expect, it } from '@jest/globals';
import { demo, demoToItsEnd, seeded } from './demo-under-test.js';
import { untilQuiet } from './as-rebuilt.js';
import { marketState, type MarketState } from './market-state.js';
import { type KillTarget, SystemUnderTest } from './system-under-test.js';

const deep = process.env['ABLAND_TEST_DEEP'] !== undefined;
const KILLS = Number(process.env['ABLAND_TEST_KILLS'] ?? (deep ? 60 : 4));
const RUNS = deep ? ['one', 'two', 'three'] : ['one', 'two'];
const TARGETS: readonly KillTarget[] = ['main', 'everything', 'main', 'everything', 'chain', 'database'];
/** Longer than one run of the demo takes, so that a kill can come at any moment of it, or not at all. */
const LIFE_MS_MAX = 5_000;

/** Once all that was done is seen: what a demo waits for is less than the whole market. */
async function settledMarket(system: SystemUnderTest): Promise<MarketState> {
  await untilQuiet(system);
  return marketState(system);
}

/** The demo's runs, each to its end, without any harm: what the state should be. */
async function undisturbed(): Promise<MarketState> {
  const system = await SystemUnderTest.create();
  try {
    await system.start();
    for (const run of RUNS) await demo(system, run);
    return await settledMarket(system);
  } finally {
    await system.remove();
  }
}

describe('a system that is killed at random moments of the demo', () => {
  const seed = testSeed();
  let system: SystemUnderTest | undefined;
  afterAll(() => system?.remove());

  it(`ends in the same state as one that is not (${KILLS} kills, seed ${seed})`, async () => {
    const random = seeded(seed);
    system = await SystemUnderTest.create();
    await system.start();
    let kills = 0;
    for (const [index, run] of RUNS.entries()) {
      const killsUntil = Math.ceil((KILLS * (index + 1)) / RUNS.length);
      while (kills < killsUntil) {
        const target = TARGETS[Math.floor(random() * TARGETS.length)] ?? 'main';
        const attempt = demo(system, run).catch(() => 'disturbed');
        await new Promise((resolve) => setTimeout(resolve, random() * LIFE_MS_MAX));
        await system.kill(target);
        kills += 1;
        if (target === 'main' || target === 'everything') await system.start();
        await attempt;
      }
      await demoToItsEnd(system, run);
    }
    expect(await settledMarket(system)).toEqual(await undisturbed());
  }, 1_200_000);
});
