import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { removePostgresData, startPostgres } from '@abland/embedded/postgres';
import pg from 'pg';
import type { Bench } from '../report/bench.js';
import type { ResultRow } from '../report/results.js';
import type { Contender } from './contender.js';
import { ourPrograms, ROADS, type RoadName } from './our-programs.js';
import { installPonder, PONDER_VERSIONS, ponderApp, type PonderVersion } from './ponder-app.js';
import { race, type RaceFigures } from './race.js';
import { LOGS_A_BLOCK, ServedChain } from './served-chain.js';

/** What we hold ourselves to. */
const TARGETS = { peakMiB: 1_024, restartSeconds: 3, p99Ms: 150 };
/** Blocks that come while nothing runs. */
const MISSED = 25;

/** Our programs beside Ponder on one simulated chain and one PostgreSQL with fsync on, each with a database of its own. */
export const bench: Bench = async (args, say) => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      logs: { type: 'string', default: '500000' },
      live: { type: 'string', default: '150' },
      ours: { type: 'string', default: 'usual' },
      ponder: { type: 'string', default: PONDER_VERSIONS.join(',') },
    },
  });
  const roads = values.ours.split(',').map(roadOf);
  const versions = values.ponder === 'none' ? [] : values.ponder.split(',').map(versionOf);
  for (const version of versions) {
    say(`Ponder ${version}: its packages`);
    await installPonder(version);
  }
  const [coldHead, live] = [Math.ceil(Number(values.logs) / LOGS_A_BLOCK), Number(values.live)];
  const told = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => told.abort());
  say('making the chain');
  const chain = await ServedChain.start(coldHead + MISSED + live + 1);
  const dataDir = await mkdtemp(join(tmpdir(), 'abland-bench-'));
  const server = await startPostgres({ dataDir, database: 'bench', settings: ['max_wal_size=4GB'] });
  const admin = new pg.Client({ connectionString: server.url });
  try {
    await admin.connect();
    const figures = new Map<string, RaceFigures>();
    const course = {
      chain,
      coldHead,
      missed: MISSED,
      live,
      databasePid: server.pid,
      say,
      signal: told.signal,
    };
    const run = async (name: string, make: (url: string) => Contender): Promise<void> => {
      await admin.query(`CREATE DATABASE ${name}`);
      const contender = make(server.url.replace(/\/bench$/, `/${name}`));
      figures.set(contender.name, await race(contender, course));
      await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
    };
    for (const road of roads) await run(`ours_${road}`, (url) => ourPrograms(url, chain, ROADS[road]));
    for (const [index, version] of versions.entries())
      await run(`ponder_${index}`, (url) => ponderApp(version, url, chain));
    const { rows } = await admin.query<{ server_version: string }>('SHOW server_version');
    return { bench: 'index', postgres: rows[0]?.server_version ?? null, rows: rowsOf(figures) };
  } finally {
    await admin.end();
    await server.stop();
    await chain.stop();
    await removePostgresData(dataDir);
  }
};

function versionOf(text: string): PonderVersion {
  const version = PONDER_VERSIONS.find((one) => one === text);
  if (version === undefined)
    throw new Error(`--ponder is none or of ${PONDER_VERSIONS.join(',')}, not ${text}`);
  return version;
}

function roadOf(text: string): RoadName {
  if (!Object.hasOwn(ROADS, text))
    throw new Error(`--ours is of ${Object.keys(ROADS).join(',')}, not ${text}`);
  if (text === 'kafka' && process.env['KAFKA_BROKERS'] === undefined)
    throw new Error('--ours kafka goes through the brokers of KAFKA_BROKERS, which is not set');
  return text as RoadName;
}

function rowsOf(figures: ReadonlyMap<string, RaceFigures>): ResultRow[] {
  const row = (
    work: string,
    unit: string,
    pick: (figure: RaceFigures) => number,
    limit: number | null = null,
  ): ResultRow => {
    const all = [...figures].map(([name, figure]) => [name, Number(pick(figure).toPrecision(4))] as const);
    // The first is ours, run as was named first.
    const [[, ours] = ['', null], ...others] = all;
    const peers = Object.fromEntries(others);
    return { work, unit, ours, peers, limit, runs: ours === null ? [] : [ours] };
  };
  const logs = [...figures.values()][0]?.logs ?? 0;
  const visible = (part: number) => (figure: RaceFigures) => percentile(figure.visibleMs, part);
  return [
    row(`sync ${logs} logs from nothing, all visible`, 'logs/s', (one) => one.logs / one.coldSeconds),
    row('the same, until all was visible', 's', (one) => one.coldSeconds),
    row('the same, processor time of the programs', 's', (one) => one.programCpuSeconds),
    row('the same, processor time of PostgreSQL', 's', (one) => one.databaseCpuSeconds),
    row('memory of the programs at most (RSS)', 'MiB', (one) => one.peakMiB, TARGETS.peakMiB),
    row('start again until at the head', 's', (one) => one.restartSeconds, TARGETS.restartSeconds),
    row('live, block served until visible, p50', 'ms', visible(0.5)),
    row('live, block served until visible, p95', 'ms', visible(0.95)),
    row('live, block served until visible, p99', 'ms', visible(0.99), TARGETS.p99Ms),
  ];
}

function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
}
