import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { TrustedCheckpoint } from '@abland/audit-verify';
import { marketState } from './market-state.js';
import { ServedLog } from './served-log.js';
import { checksumsOf, MAIN, SystemUnderTest } from './system-under-test.js';

const run = promisify(execFile);

describe('the one command', () => {
  let system: SystemUnderTest;
  let log: ServedLog;
  let first: TrustedCheckpoint;
  beforeAll(async () => {
    system = await SystemUnderTest.create();
    await system.start();
    log = await ServedLog.of(system.apiUrl);
    first = await log.checkpoint();
  });
  afterAll(() => system.remove());

  const abland = async (...args: readonly string[]): Promise<string> =>
    (await run(process.execPath, [MAIN, ...args], { env: system.environment })).stdout;

  it('carries the demo to finality, with the reserves of the contract', async () => {
    const output = await abland('demo', '--run', 'once');
    expect(output).toMatch(/AUR is DEPLOYED/);
    expect(output).toMatch(/BOR is DEPLOYED/);
    expect(output).toMatch(/swap FINALIZED, FINAL/);
    expect(output).toMatch(/ {2}equal\n/);
  });

  it('has only added to the log that it signed, and proves what it added', async () => {
    const newest = await log.checkpoint();
    expect(newest.size).toBeGreaterThan(first.size);
    await log.proveConsistency(first, newest);
    const entries = await log.entries(newest.size);
    for (const entry of entries.filter((_, at) => at % 5 === 0))
      expect((await log.prove(entry)).size).toBeGreaterThanOrEqual(newest.size);
  });

  it('does nothing more when the same demo is asked for again', async () => {
    const before = await marketState(system);
    await abland('demo', '--run', 'once', '--no-final');
    expect(await marketState(system)).toEqual(before);
  });

  it('has no more connections to PostgreSQL than it says', async () => {
    const { databaseUrl } = JSON.parse(await readFile(join(system.dataDir, 'running.json'), 'utf8')) as {
      databaseUrl: string;
    };
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    let answered = false;
    const asked = Promise.all(Array.from({ length: 40 }, () => marketState(system))).finally(
      () => (answered = true),
    );
    const counts: number[] = [];
    while (!answered) {
      const { rows } = await client.query<{ count: string }>(
        `SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'abland-%'`,
      );
      counts.push(Number(rows[0]?.count));
    }
    await asked;
    await client.end();
    expect(Math.max(...counts)).toBeGreaterThan(4);
    expect(Math.max(...counts)).toBeLessThanOrEqual(20);
  });

  it('builds the read models anew beside the live ones, with equal checksums', async () => {
    const before = checksumsOf(await abland('projections', 'checksum'));
    expect(before).toMatch(/ {2}tokens \(2 rows\)/);
    expect(checksumsOf(await abland('projections', 'rebuild'))).toBe(before);
  });

  it('brings deleted read models back, with chain and API untouched', async () => {
    const [before, market] = [
      checksumsOf(await abland('projections', 'checksum')),
      await marketState(system),
    ];
    const { databaseUrl } = JSON.parse(await readFile(join(system.dataDir, 'running.json'), 'utf8')) as {
      databaseUrl: string;
    };
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    await client.query('DROP SCHEMA read_model CASCADE');
    await client.end();
    expect(checksumsOf(await abland('projections', 'rebuild'))).toBe(before);
    expect(await marketState(system)).toEqual(market);
    await expect(system.untilReady()).resolves.toBeUndefined();
  });

  it('stops on Ctrl-C, leaves nothing behind, and has the same answers when started again', async () => {
    const before = await marketState(system);
    expect(await system.stop()).toBe(0);
    expect(await commandLinesWith(system.dataDir)).toEqual([]);
    expect(await readdir(system.dataDir)).toEqual(expect.not.arrayContaining(['lock', 'running.json']));
    await system.start();
    expect(await marketState(system)).toEqual(before);
  });
});

/** Of every process that still knows the data folder. */
async function commandLinesWith(text: string): Promise<readonly string[]> {
  const pids = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry));
  const lines = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return lines.filter((line) => line.includes(text));
}
