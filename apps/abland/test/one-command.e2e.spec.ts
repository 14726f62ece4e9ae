import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { LogSigner } from '@abland/audit';
import { canonicalJson, type JsonValue, type TrustedCheckpoint } from '@abland/audit-verify';
import type { RecordedEvent } from '@abland/kernel';
import { marketState } from './market-state.js';
import { ServedLog } from './served-log.js';
import { expectAsRebuilt, expectRebuiltAlike, untilQuiet } from './as-rebuilt.js';
import { checksumsOf, MAIN, SystemUnderTest } from './system-under-test.js';
import { untilIt } from './trader.js';

const run = promisify(execFile);

describe('the one command', () => {
  let system: SystemUnderTest;
  let log: ServedLog;
  let first: TrustedCheckpoint;
  beforeAll(async () => {
    system = await SystemUnderTest.create();
    await system.start();
    await untilIt('signs its log', async () => (await fetch(`${system.apiUrl}/log/checkpoint`)).ok);
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
    await untilIt('signs more than at first', async () => (await log.checkpoint()).size > first.size);
    const newest = await log.checkpoint();
    await log.proveConsistency(first, newest);
    const entries = await log.entries(newest.size);
    for (const entry of entries.filter((_, at) => at % 5 === 0))
      expect((await log.prove(entry)).size).toBeGreaterThanOrEqual(newest.size);
  });

  it('gives out proofs that the operator’s tool checks without it', async () => {
    const [entry = new Uint8Array()] = await log.entries(1);
    const file = join(system.dataDir, 'bundle.json');
    await writeFile(file, await log.bundle(entry));
    const key = await log.verifierKey();
    expect(await abland('audit', 'verify', file, '--key', key)).toMatch(/\n1 events are proved\n$/);
    await writeFile(file, (await readFile(file, 'utf8')).replace('"revision\\":\\"0', '"revision\\":\\"1'));
    await expect(abland('audit', 'verify', file, '--key', key)).rejects.toMatchObject({ code: 13 });
  });

  it('proves a swap twice, by its log and by its chain', async () => {
    const entries = await log.entries((await log.checkpoint()).size);
    const read = (entry: Uint8Array) => JSON.parse(Buffer.from(entry).toString()) as RecordedEvent;
    const { id, metadata } = entries.map(read).find(({ type }) => type === 'Swap') ?? read(new Uint8Array());
    const [file, key] = [join(system.dataDir, 'swap.json'), await log.verifierKey()];
    expect(await abland('audit', 'prove', id, '--rpc', system.rpcUrl, '--out', file)).toMatch(
      /1 of them proved/,
    );
    const block = metadata.chain?.blockHash ?? '';
    const verify = ['audit', 'verify', file, '--key', key];
    expect(await abland(...verify, '--block', block)).toContain(`, ${block}: look up whether chain`);
    const other = block.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'));
    await expect(abland(...verify, '--block', other)).rejects.toMatchObject({ code: 18 });
    const bundle = JSON.parse(await readFile(file, 'utf8')) as { entries: [{ receipt: { log: number } }] };
    bundle.entries[0].receipt.log += 1;
    await writeFile(file, canonicalJson(bundle as unknown as JsonValue));
    await expect(abland(...verify, '--block', block)).rejects.toMatchObject({ code: 17 });
  });

  it('builds the read models from the proven log, beside what was recorded of them', async () => {
    expect(await abland('audit', 'record-states')).toMatch(/^[0-9a-f]{64} {2}tokens at \d+$/m);
    const { position } = JSON.parse(await abland('events', 'tail', '-n', '1', '--json')) as {
      position: string;
    };
    await untilIt('signs that', async () => (await log.checkpoint()).size >= Number(position));
    const replay = ['audit', 'replay', '--until'];
    const replayed = await abland(...replay, position);
    expect(replayed).toMatch(/events are proved by the checkpoint of/);
    expect(replayed).toMatch(/^EQUAL {2}tokens as recorded/m);
    await expect(abland(...replay, '2001-01-01T00:00:00Z')).rejects.toMatchObject({ code: 34 });
    const other = new LogSigner(first.origin, [new Uint8Array(32).fill(9)]).verifierKeys.trim();
    await expect(abland(...replay, '40', '--key', other)).rejects.toMatchObject({ code: 32 });
  });

  it('writes a report that another process writes again to the byte, and records who asked for it', async () => {
    const checkpoint = join(system.dataDir, 'checkpoint.txt');
    await writeFile(checkpoint, await log.checkpointNote());
    const report = async (folder: string): Promise<string> => {
      const options = ['--chain', '31337', '--checkpoint', checkpoint, '--reason', 'To look at'];
      const told = await abland(
        'audit',
        'report',
        'market',
        ...options,
        '--out',
        join(system.dataDir, folder),
      );
      return told.trimEnd().split('\n').at(-1) ?? '';
    };
    const [one, other] = [await report('one'), await report('other')];
    expect(basename(other)).toBe(basename(one));
    for (const file of await readdir(one))
      expect(await readFile(join(other, file))).toEqual(await readFile(join(one, file)));
    const pools = (await readFile(join(one, 'pools.jsonl'), 'utf8')).trimEnd().split('\n');
    const [pool] = pools.map((line) => JSON.parse(line) as Readonly<Record<string, string>>);
    expect(pool).toMatchObject({ unexplainedA: '0', unexplainedB: '0', swapsOfUnknownFees: '0' });
    const verify = ['audit', 'verify-report', one, '--key', await log.verifierKey()];
    expect(await abland(...verify)).toMatch(/the log gives the same report, byte for byte/);
    await writeFile(join(one, 'swaps.csv'), 'time');
    await expect(abland(...verify)).rejects.toMatchObject({ code: 46 });
    const acts = await abland(
      'events',
      'tail',
      '-n',
      '4',
      '--type',
      'ReportRequested',
      'ReportWritten',
      '--json',
    );
    const asked = acts
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as RecordedEvent).type);
    expect(asked).toEqual(['ReportRequested', 'ReportWritten', 'ReportRequested', 'ReportWritten']);
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
    // A busy machine may refuse some of so many: they still want connections.
    const asked = Promise.allSettled(Array.from({ length: 40 }, () => marketState(system))).then(
      () => (answered = true),
    );
    const counts: number[] = [];
    // A server's process is there for a moment after its connection has ended: who is seen twice in a row has one.
    for (let before: readonly number[] = []; !answered;) {
      const { rows } = await client.query<{ pid: number }>(
        `SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'abland-%'`,
      );
      const pids = rows.map(({ pid }) => pid);
      counts.push(pids.filter((pid) => before.includes(pid)).length);
      before = pids;
    }
    await asked;
    await client.end();
    expect(Math.max(...counts)).toBeGreaterThan(4);
    expect(Math.max(...counts)).toBeLessThanOrEqual(20);
  });

  it('builds the read models anew beside the live ones, with equal checksums', async () => {
    expect(await expectAsRebuilt(system, abland)).toMatch(/ {2}tokens \(2 rows\)/);
  });

  it('replays the log up to a position into a schema of its own, which must not be there yet', async () => {
    const replay = (): Promise<string> => abland('replay', '--until', '40', '--into', 'at_forty');
    expect(await replay()).toMatch(/as they were at position 40 are in schema at_forty/);
    await expect(replay()).rejects.toMatchObject({ code: 1, stderr: expect.stringMatching(/SCHEMA_TAKEN/) });
  });

  it('brings deleted read models back, with chain and API untouched', async () => {
    await untilQuiet(system);
    const market = await marketState(system);
    const { databaseUrl } = JSON.parse(await readFile(join(system.dataDir, 'running.json'), 'utf8')) as {
      databaseUrl: string;
    };
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    await expectRebuiltAlike(abland, checksumsOf, async () => {
      // Whoever reads just then gives way.
      await client.query(`SET deadlock_timeout = '1h'; DROP SCHEMA read_model CASCADE`);
      return abland('projections', 'rebuild');
    });
    await client.end();
    await expect(system.untilReady()).resolves.toBeUndefined();
    expect(await marketState(system)).toEqual(market);
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
