import { afterAll, describe, expect, it } from '@jest/globals';
import { runDemo } from '../src/demo/demo.js';
import { marketState, type MarketState } from './market-state.js';
import { type KillTarget, SystemUnderTest } from './system-under-test.js';

const KILLS = Number(process.env['ABLAND_TEST_KILLS'] ?? 20);
const RUNS = ['one', 'two', 'three'];
const TARGETS: readonly KillTarget[] = ['main', 'everything', 'main', 'everything', 'chain', 'database'];
/** Longer than one run of the demo takes, so that a kill can come at any moment of it, or not at all. */
const LIFE_MS_MAX = 5_000;

/** A small generator with a seed, so that a failure can be looked at again. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const demo = (system: SystemUnderTest, run: string): Promise<unknown> =>
  runDemo({ apiUrl: system.apiUrl, rpcUrl: system.rpcUrl, run, untilFinal: false, print: () => undefined });

/** What a person meets while a part is being started again: nothing to do with what they asked for. */
const OUT_OF_REACH = new Set([
  'API_UNREACHABLE',
  'SERVICE_UNAVAILABLE',
  'NETWORK_ERROR',
  'SERVER_ERROR',
  'TIMEOUT',
  'ECONNREFUSED',
  'ECONNRESET',
]);
const BACK_WITHIN_MS = 60_000;

/** The demo to its end, asked for again while a part is out of reach. Every other error is a failure. */
async function demoToItsEnd(system: SystemUnderTest, run: string): Promise<void> {
  for (const deadline = Date.now() + BACK_WITHIN_MS; ;) {
    try {
      await demo(system, run);
      return;
    } catch (error) {
      const code = (error as { readonly code?: unknown }).code;
      if (Date.now() > deadline || typeof code !== 'string' || !OUT_OF_REACH.has(code)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
}

/** The demo's runs, each to its end, without any harm: what the state should be. */
async function undisturbed(): Promise<MarketState> {
  const system = await SystemUnderTest.create();
  try {
    await system.start();
    for (const run of RUNS) await demo(system, run);
    return await marketState(system);
  } finally {
    await system.remove();
  }
}

describe('a system that is killed at random moments of the demo', () => {
  const seed = Number(process.env['ABLAND_TEST_SEED'] ?? Date.now() % 1_000_000);
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
    expect(await marketState(system)).toEqual(await undisturbed());
  }, 600_000);
});
