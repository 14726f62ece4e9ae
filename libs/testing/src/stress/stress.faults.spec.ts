import { EventStoreDbEventStore } from '@abland/event-store/eventstoredb';
import { sampleEvents } from '@abland/event-store/sample-events';
import { silentLogger } from '@abland/kernel';
import { StandInServer } from '@abland/testing/eventstoredb';
import { testSeed } from '@abland/testing/test-seed';
import { describe, expect, it } from '@jest/globals';
import { type StressReport, summarise } from './stress-report.js';
import { runStress } from './stress-run.js';
import type { Variant } from './stressed-store.js';

const TIMEOUT_MS = 600_000;
const deep = process.env['ABLAND_TEST_DEEP'] === '1';
/** Some thirty faults in every run of the tests, twice what the wrong ways below are found by; more where asked for. */
const SECONDS = Number(process.env['ABLAND_STRESS_SECONDS'] ?? (deep ? 600 : 12));
const SECONDS_ON_STAND_IN = deep ? 60 : 6;

/** The summary is part of the proof: it names the seed that replays the schedule. */
async function runAndTell(options: Parameters<typeof runStress>[0]): Promise<StressReport> {
  process.stdout.write(`stress: seed ${options.seed}, ${options.seconds} s, ${options.variant ?? 'ours'}\n`);
  const report = await runStress(options);
  process.stdout.write(`${summarise(report)}\n`);
  return report;
}

/** A run of each takes some ten seconds; nearly always the first is enough. */
const WRONG_SEEDS_MAX = 12;

/**
 * A wrong way goes wrong by chance: some seeds' faults may all fall beside its gap on a busy machine. One appender, in eight
 * lanes at once, is enough for it, and leaves the subscribers little to catch up with.
 */
async function findingsOfWrongWay(variant: Variant): Promise<readonly string[]> {
  for (let seed = 1; seed <= WRONG_SEEDS_MAX; seed += 1) {
    const { findings } = await runAndTell({ seed, seconds: 5, variant, appenders: 1 });
    if (findings.length > 0) return findings.map(({ kind }) => kind);
  }
  return [];
}

describe('an event store under kills, restarts, conflicts and repetitions', () => {
  it(
    'on PostgreSQL skips, doubles and loses nothing',
    async () => {
      const report = await runAndTell({ seed: testSeed(), seconds: SECONDS });
      expect(report.findings).toEqual([]);
      expect(report.events).toBeGreaterThan(100);
      // What was to be gone through has been.
      expect(report.storeRestarts).toBeGreaterThan(0);
      for (const count of [report.appenderKills, report.subscriberKills, report.conflicts])
        expect(count).toBeGreaterThan(0);
      for (const count of [report.repetitions, report.rolledBack, report.longTransactions])
        expect(count).toBeGreaterThan(0);
    },
    TIMEOUT_MS + SECONDS * 1_000,
  );

  it(
    'on a stand-in for EventStoreDB (not the real one) skips, doubles and loses nothing',
    async () => {
      const report = await runAndTell({
        seed: testSeed(),
        seconds: SECONDS_ON_STAND_IN,
        variant: 'eventstoredb',
      });
      expect(report.findings).toEqual([]);
      expect(report.events).toBeGreaterThan(100);
      expect(report.storeRestarts).toBeGreaterThan(0);
    },
    TIMEOUT_MS,
  );

  it(
    'is judged by what it adds, where the log was there before',
    async () => {
      const server = await StandInServer.start();
      const store = new EventStoreDbEventStore({ connectionString: server.url, logger: silentLogger });
      await store.append('shared-0', sampleEvents(3), 'no_stream');
      await store.close();
      const options = { variant: 'eventstoredb', eventStoreUrl: server.url, appenders: 1 } as const;
      expect((await runAndTell({ seed: 1, seconds: 2, ...options })).findings).toEqual([]);
      server.kill();
    },
    TIMEOUT_MS,
  );

  it(
    'would be caught at skipping with positions from a plain sequence',
    async () => {
      expect(await findingsOfWrongWay('plain-sequence')).toContain('reader-missed');
    },
    TIMEOUT_MS,
  );

  it(
    'would be caught at doubling with the checkpoint outside the transaction',
    async () => {
      expect(await findingsOfWrongWay('checkpoint-outside')).toContain('reader-doubled');
    },
    TIMEOUT_MS,
  );
});
