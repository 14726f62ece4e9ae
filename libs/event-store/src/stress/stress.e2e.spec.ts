import { describe, expect, it } from '@jest/globals';
import { runStress, type StressReport, summarise } from './stress-run.js';
import type { Variant } from './stressed-store.js';

const TIMEOUT_MS = 300_000;

/** The summary is part of the proof: it names the seed that replays the schedule. */
async function runAndTell(options: Parameters<typeof runStress>[0]): Promise<StressReport> {
  const report = await runStress(options);
  process.stdout.write(`${options.variant ?? 'ours'}: ${summarise(report)}\n`);
  return report;
}

/** A wrong way goes wrong by chance: some seeds' faults may all fall beside its gap on a busy machine. */
async function findingsOfWrongWay(variant: Variant): Promise<readonly string[]> {
  for (const seed of [1, 2, 3, 4]) {
    const { findings } = await runAndTell({ seed, seconds: 6, variant });
    if (findings.length > 0) return findings.map(({ kind }) => kind);
  }
  return [];
}

describe('event store under kills, restarts, conflicts and repetitions', () => {
  it(
    'skips, doubles and loses nothing',
    async () => {
      const seed = Math.floor(Math.random() * 1_000_000);
      process.stdout.write(`stress: seed ${seed}\n`);
      const report = await runAndTell({ seed, seconds: 30 });
      expect(report.findings).toEqual([]);
      expect(report.events).toBeGreaterThan(1_000);
      expect(report.appenderKills).toBeGreaterThan(0);
      expect(report.subscriberKills).toBeGreaterThan(0);
      expect(report.databaseRestarts).toBe(1);
    },
    TIMEOUT_MS,
  );

  it(
    'would be caught at skipping with positions from a plain sequence',
    async () => {
      expect(await findingsOfWrongWay('plain-sequence')).toContain('subscriber-missed');
    },
    TIMEOUT_MS,
  );

  it(
    'would be caught at doubling with the checkpoint outside the transaction',
    async () => {
      expect(await findingsOfWrongWay('checkpoint-outside')).toContain('subscriber-doubled');
    },
    TIMEOUT_MS,
  );
});
