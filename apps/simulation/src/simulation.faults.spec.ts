import { createTestDatabase } from '@abland/testing';
import { describe, expect, it } from '@jest/globals';
import { KEPT_FAULTS } from './fault-plan.js';
import { OwnDatabase } from './own-database.js';
import { TRIALS } from './trials.js';
import { areKnown, liesOf } from './told-of.js';
import { simulate, type SimulationOptions, type SimulationReport } from './simulate.js';

/** Where something is missing one in four shows it at least, however fast the machine: that none of so many does, never comes. */
const SEEDS_TRIED = 24;
/** As long as what is right needs on a machine however slow: where something is wrong the time of the trial will do. */
const PATIENCE_MS = 180_000;
const TIMEOUT_MS = 1_800_000;
const deep = process.env['ABLAND_TEST_DEEP'] !== undefined;
/** More of them, any, by `npm run simulate`. */
const SEEDS = deep ? [11, 12, 13, 14] : [11];
const LOOKS = deep ? 3 : 2;

async function run(options: Omit<SimulationOptions, 'databaseUrl'>): Promise<SimulationReport> {
  const database = await createTestDatabase();
  return simulate({ patienceMs: PATIENCE_MS, ...options, databaseUrl: database.url }).finally(() =>
    database.drop(),
  );
}

describe('the whole way from a chain to the read models', () => {
  it.each(SEEDS)(
    'is right through every fault that seed %i has',
    async (seed) => {
      const { glimpses, kills, reorgs, spoiled, violations } = await run({ seed, looks: LOOKS });
      expect(violations).toEqual([]);
      expect(Math.min(reorgs, kills, glimpses, spoiled.size)).toBeGreaterThan(2);
    },
    TIMEOUT_MS,
  );

  it(
    'is right through kills of the database itself, in the midst of all else',
    async () => {
      const database = await OwnDatabase.start();
      const settings = { seed: 12, acts: 60, looks: LOOKS, weights: { LOSE_DATABASE: 8 } };
      const options = { ...settings, databaseUrl: database.url, crashDatabase: () => database.crash() };
      const { crashes, violations } = await simulate({ patienceMs: PATIENCE_MS, ...options }).finally(() =>
        database.remove(),
      );
      expect(violations).toEqual([]);
      expect(crashes).toBeGreaterThan(2);
      expect(database.crashes).toBe(crashes);
    },
    TIMEOUT_MS,
  );

  it(
    'is right beside a provider that lies, one that lags and one that is limited, and told is who lied',
    async () => {
      const kept = { keptFaults: Object.values(KEPT_FAULTS), untilTold: areKnown };
      const { told, violations } = await run({ ...kept, seed: 31, acts: 30, looks: 1 });
      expect(violations).toEqual([]);
      expect(areKnown(told)).toBe(true);
      expect(told.slice(1).map(liesOf)).toEqual([{}, {}, {}]);
      expect(told[3]).toMatchObject({ discrepancies: {}, rangeMax: null, batchMax: null });
    },
    TIMEOUT_MS,
  );

  it(
    'takes up no branch that begins below what was final, and goes on once the chain is back',
    async () => {
      const { deepReorgs, violations } = await run({ seed: 21, endsDeep: true, acts: 20, looks: 1 });
      expect(violations).toEqual([]);
      expect(deepReorgs).toBe(1);
    },
    TIMEOUT_MS,
  );

  it.each([...TRIALS])(
    'is right with its %s, and seen to be wrong without it',
    async (_, { broken, noticedAs, settings, whole }) => {
      const untilNoticed = async (): Promise<readonly string[]> => {
        const found: string[] = [];
        for (let seed = 1; seed <= SEEDS_TRIED && !found.some((kind) => noticedAs.test(kind)); seed += 1) {
          const { violations } = await run({ ...settings, seed, parts: broken });
          found.push(...violations.map(({ kind }) => kind));
        }
        return found;
      };
      // Beside each other: most of each is waiting.
      const [right, found] = await Promise.all([
        run({ ...settings, patienceMs: PATIENCE_MS, seed: 1, parts: whole }),
        untilNoticed(),
      ]);
      expect(right.violations).toEqual([]);
      expect([found, found.some((kind) => noticedAs.test(kind))]).toEqual([found, true]);
    },
    TIMEOUT_MS,
  );
});
