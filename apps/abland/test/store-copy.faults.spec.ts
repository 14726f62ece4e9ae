import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { MemoryEventStore } from '@abland/event-store';
import { createTestDatabase, type TestDatabase } from '@abland/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { StandInServer } from '@abland/testing/eventstoredb';
import { sampleEvents } from '@abland/event-store/sample-events';
import { openPostgresEventStore } from '@abland/event-store';
import { PostgresImporter } from '@abland/event-store';
import { silentLogger } from '@abland/kernel';
import { MAIN } from './system-under-test.js';

const EVENTS = process.env['ABLAND_TEST_DEEP'] === undefined ? 3_000 : 8_000;

interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** The command as an operator has it; `kill` decides when it is too slow for us. */
async function abland(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  kill?: (child: ChildProcess) => Promise<void>,
): Promise<Ended> {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { ...process.env, NODE_OPTIONS: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { output: '', errors: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said.errors += chunk.toString()));
  const ended = once(child, 'close');
  await kill?.(child);
  const [code] = (await ended) as [number | null];
  return { code, ...said };
}

/** For which it runs between two looks at it. */
const STEP_MS = 10;

/** Looks at it while it stands: on whatever machine, it is not at its end before somebody sees that it is there. */
async function killAt(child: ChildProcess, isThere: () => Promise<boolean>): Promise<void> {
  while (child.kill('SIGSTOP') && !(await isThere())) {
    child.kill('SIGCONT');
    await sleep(STEP_MS);
  }
  child.kill('SIGKILL');
}

/** Told with all that it said where it is not so. */
const DONE = { code: 0, output: expect.any(String), errors: expect.any(String) };

describe('store copy', () => {
  let source: TestDatabase;
  let target: TestDatabase;
  let standIn: StandInServer;
  let atSource: pg.Client;
  let atTarget: pg.Client;

  beforeAll(async () => {
    [source, target, standIn] = await Promise.all([
      createTestDatabase(),
      createTestDatabase(),
      StandInServer.start(),
    ]);
    for (const { url } of [source, target]) {
      await (await openPostgresEventStore({ connectionString: url, logger: silentLogger })).close();
    }
    [atSource, atTarget] = [source, target].map(({ url }) => new pg.Client(url)) as [pg.Client, pg.Client];
    await Promise.all([atSource.connect(), atTarget.connect()]);
    const log = new MemoryEventStore(() => Date.parse('2020-01-01T00:00:00.000Z'));
    for (let index = 0; index < EVENTS / 4; index += 1) {
      await log.append('chain-1', sampleEvents(2), 'any');
      await log.append(`request-${index % 500}`, sampleEvents(2), 'any');
    }
    const importer = new PostgresImporter(source.url);
    for await (const page of log.readAll()) await importer.add(page);
    await importer.close();
  });
  afterAll(async () => {
    standIn.kill();
    await Promise.all([atSource.end(), atTarget.end()]);
    await Promise.all([source.drop(), target.drop()]);
  });

  /** How much of the copy a target holds. */
  async function eventsAt(url: string): Promise<number> {
    if (url === standIn.url) return standIn.eventsStored;
    const { rows } = await (url === source.url ? atSource : atTarget).query<{ count: string }>(
      'SELECT count(*) FROM event_store.events',
    );
    return Number(rows[0]?.count);
  }

  it.each([
    ['EventStoreDB (a stand-in)', () => ({ from: source.url, to: standIn.url })],
    ['PostgreSQL', () => ({ from: source.url, to: target.url })],
  ])('to %s goes on after it was killed, wherever it was, and is equal in the end', async (_name, urls) => {
    const { from, to } = urls();
    const copy = (kill?: (child: ChildProcess) => Promise<void>): Promise<Ended> =>
      abland(['store', 'copy', '--from', 'env:FROM', '--to', 'env:TO'], { FROM: from, TO: to }, kill);
    let kills = 0;
    for (const part of [0.02, 0.3, 0.7]) {
      const { code } = await copy((child) =>
        killAt(child, async () => (await eventsAt(to)) >= EVENTS * part),
      );
      if (code === null) kills += 1;
    }
    expect(kills).toBeGreaterThan(0);
    expect(await copy()).toMatchObject({
      code: 0,
      output: expect.stringMatching(
        /^\d+ events copied, (\d+) in both, equal by checksum\n[0-9a-f]{64} {2}checksum/,
      ),
      errors: expect.stringMatching(/^verifying: .* done$/m),
    });
    // With the record of each copy, in both.
    expect(await eventsAt(to)).toBe(await eventsAt(from));
    expect(await eventsAt(to)).toBeGreaterThanOrEqual(EVENTS + 2);
    // No database is at hand by which others could tell of those that were killed.
    const { rows } = await atSource.query<{ type: string }>(
      "SELECT type FROM event_store.events WHERE type LIKE 'Operation%' ORDER BY position DESC LIMIT 2",
    );
    expect(rows.map(({ type }) => type)).toEqual(['OperationCompleted', 'OperationRequested']);
    expect(await openOperations()).toBe(0);
  });

  /** Of the source, those that nobody told the end of. */
  async function openOperations(): Promise<number> {
    const { rows } = await atSource.query<{ open: string }>(
      `SELECT count(*) FILTER (WHERE type = 'OperationRequested') - count(*) FILTER (WHERE type <> 'OperationRequested') AS open
       FROM event_store.events WHERE type LIKE 'Operation%'`,
    );
    return Number(rows[0]?.open);
  }

  it('is gone to another store and back beside the same read models, as the runbook says', async () => {
    const database = { DATABASE_URL: source.url };
    const there = { ...database, EVENT_STORE: 'eventstoredb', EVENTSTORE_URL: standIn.url };
    const move = async (from: string, to: string, env: NodeJS.ProcessEnv): Promise<void> => {
      const urls = { FROM: from, TO: to };
      expect(await abland(['store', 'copy', '--from', 'env:FROM', '--to', 'env:TO'], urls)).toEqual(DONE);
      expect(await abland(['projections', 'rebuild', '--reason', 'moved'], env)).toEqual(DONE);
    };
    expect(await abland(['projections', 'rebuild', '--reason', 'first'], database)).toEqual(DONE);
    await move(source.url, standIn.url, there);
    await move(standIn.url, source.url, database);
    const client = new pg.Client({ connectionString: source.url });
    await client.connect();
    const { rows } = await client.query(
      `SELECT projection FROM projections.builds LEFT JOIN event_store.events e
         ON e.position = (last_event->>'position')::numeric
         WHERE state = 'LIVE' AND (last_event->>'id')::uuid IS DISTINCT FROM event_id`,
    );
    await client.end();
    expect(rows).toEqual([]);
  });

  it('tells how it is used', async () => {
    const { code, output } = await abland(['store', 'copy', '--help']);
    expect(code).toBe(0);
    expect(output).toMatch(/--from[^]*--to[^]*recorded times[^]*goes on when asked again[^]*Examples/);
  });

  it.each([
    ['the store itself', () => [source.url, source.url], 'LOG_COPY_REFUSED'],
    ['another scheme', () => ['mysql://user:hunter2@host/db', source.url], 'EVENT_STORE_UNKNOWN'],
    ['a server out of reach', () => ['postgres://user:hunter2@127.0.0.1:1/db', source.url], 'UNAVAILABLE'],
    ['a variable that is not set', () => ['env:NOWHERE', source.url], 'CONFIG_INVALID'],
  ])('fails in one line for %s', async (_name, urls, reason) => {
    const [from = '', to = ''] = urls();
    const { code, output, errors } = await abland(['store', 'copy', '--from', from, '--to', to]);
    expect({ code, output }).toEqual({ code: 1, output: '' });
    expect(errors).toMatch(new RegExp(`^abland: .*${reason}.*\n$`));
    expect(errors).not.toContain('hunter2');
  });
});
