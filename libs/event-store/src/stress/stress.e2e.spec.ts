import { describe, expect, it } from '@jest/globals';
import { runStress, type StressReport, summarise } from './stress-run.js';

const TIMEOUT_MS = 300_000;

/** The summary is part of the proof: it names the seed that replays the schedule. */
async function runAndTell(options: Parameters<typeof runStress>[0]): Promise<StressReport> {
  const report = await runStress(options);
  process.stdout.write(`${options.variant ?? 'ours'}: ${summarise(report)}\n`);
  return report;
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
      const { findings } = await runAndTell({ seed: 1, seconds: 5, variant: 'plain-sequence' });
      expect(findings.map(({ kind }) => kind)).toContain('subscriber-missed');
    },
    TIMEOUT_MS,
  );

  it(
    'would be caught at doubling with the checkpoint outside the transaction',
    async () => {
      const { findings } = await runAndTell({ seed: 1, seconds: 6, variant: 'checkpoint-outside' });
      expect(findings.map(({ kind }) => kind)).toContain('subscriber-doubled');
    },
    TIMEOUT_MS,
  );
});
