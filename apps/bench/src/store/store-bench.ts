import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { removePostgresData, startPostgres } from '@abland/embedded/postgres';
import { openPostgresEventStore } from '@abland/event-store';
import { type EventStore, silentLogger } from '@abland/kernel';
import pg from 'pg';
import type { Bench } from '../report/bench.js';
import { median, type ResultRow } from '../report/results.js';
import { loadAppends } from './append-load.js';
import { copyLimit, emmettStore, ourStore, plainInserts } from './append-subjects.js';
import { benchEventStoreDb } from './eventstoredb-bench.js';
import { compareAppends, type Settings, timeReads } from './measure.js';
import { copyOut, readEmmett, readOurs, type ReadSubject, subscribeOurs } from './read-subjects.js';
import { sampleEvents } from './sample-events.js';

/** Emmett reads slowly enough that a part of its log tells its speed. */
const EMMETT_READ_MAX = 50_000;

/**
 * Our event store beside its peers, on one PostgreSQL with fsync on; then our EventStoreDB adapter beside the bare client, on
 * the server that `--eventstore esdb://…` names (it is left with what was appended), or on a stand-in, or not at all (`none`).
 */
export const bench: Bench = async (args, say) => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      runs: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '2' },
      events: { type: 'string', default: '1000000' },
      eventstore: { type: 'string', default: 'stand-in' },
    },
  });
  const settings = {
    runs: Number(values.runs),
    milliseconds: Number(values.seconds) * 1_000,
    events: Number(values.events),
    say,
  };
  if (!/^(stand-in|none|esdb(\+discover)?:)/.test(values.eventstore)) {
    throw new Error(`--eventstore is esdb://…, stand-in or none, not ${values.eventstore}`);
  }
  const dataDir = await mkdtemp(join(tmpdir(), 'abland-bench-'));
  const server = await startPostgres({ dataDir, database: 'bench', settings: ['max_wal_size=4GB'] });
  try {
    const rows = [...(await benchAppends(server.url, settings)), ...(await benchReads(server.url, settings))];
    if (values.eventstore !== 'none') rows.push(...(await benchEventStoreDb(values.eventstore, settings)));
    return { bench: 'store', postgres: await versionOf(server.url), rows };
  } finally {
    await server.stop();
    await removePostgresData(dataDir);
  }
};

async function benchAppends(url: string, settings: Settings): Promise<ResultRow[]> {
  await (await openPostgresEventStore({ connectionString: url, logger: silentLogger })).close();
  const stores = [ourStore(url), emmettStore(url), await plainInserts(url)];
  const copy = await copyLimit(url);
  for (const subject of [...stores, copy]) await loadAppends(subject, 16, 1, settings.milliseconds / 2);
  const rows: ResultRow[] = [];
  for (const callers of [1, 64, 256]) {
    rows.push(
      ...(await compareAppends(`append one event, ${callers} callers`, stores, callers, 1, settings)),
    );
  }
  rows.push(
    ...(await compareAppends('append batches of 100, 16 callers', [...stores, copy], 16, 100, settings)),
  );
  for (const subject of [...stores, copy]) await subject.close();
  return rows;
}

async function benchReads(url: string, settings: Settings): Promise<ResultRow[]> {
  const store = await openPostgresEventStore({ connectionString: url, logger: silentLogger });
  await fill(store, settings);
  const subjects: Readonly<Record<string, ReadSubject>> = {
    read: readOurs(store),
    subscribe: subscribeOurs(store),
    emmett: readEmmett(url, 1_000, EMMETT_READ_MAX),
    copy: copyOut(url),
  };
  const figures = await timeReads(subjects, settings);
  await store.close();
  const of = (name: string): number[] => figures[name] ?? [];
  const shared = { unit: 'events/s', limit: median(of('copy')), peers: { emmett: median(of('emmett')) } };
  return [
    { ...shared, work: 'read all in order, payloads parsed', ours: median(of('read')), runs: of('read') },
    { ...shared, work: 'subscriber catches up', ours: median(of('subscribe')), runs: of('subscribe') },
    await memoryRow(url, 'read'),
    await memoryRow(url, 'subscribe'),
  ];
}

async function fill(store: EventStore, { events, say }: Settings): Promise<void> {
  const stored = Number((await store.head()) ?? 0n);
  say(`filling the log from ${stored} to ${events} events`);
  for (let count = stored; count < events; count += 4_000) {
    await Promise.all(
      [0, 1, 2, 3].map((lane) => store.append(`fill-${lane}`, sampleEvents(1_000, count), 'any')),
    );
  }
}

async function memoryRow(url: string, way: string): Promise<ResultRow> {
  const program = fileURLToPath(new URL('./reading-process.js', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [program, url, way]);
  const peak = Number(stdout);
  return {
    work: `memory of a process that does it (${way})`,
    unit: 'MiB',
    ours: peak,
    peers: {},
    limit: 250,
    runs: [peak],
  };
}

async function versionOf(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
  await client.end();
  return rows[0]?.server_version ?? 'unknown';
}
