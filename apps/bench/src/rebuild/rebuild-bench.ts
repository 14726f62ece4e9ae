import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { removePostgresData, startPostgres } from '@abland/embedded/postgres';
import { openEventStore } from '@abland/event-codec';
import { silentLogger } from '@abland/kernel';
import pg from 'pg';
import type { Bench } from '../report/bench.js';
import { median, type ResultRow } from '../report/results.js';
import { fillLog } from './dex-log.js';
import { fillEmmett } from './emmett-rebuild.js';
import type { Taken } from './rebuild-process.js';
import { visibleBeside } from './visible-beside.js';

/** What we hold ourselves to. */
const PEAK_MIB_MAX = 1_024;
const LAST_TENTH_MIN = 0.8;
const VISIBLE_MS_MAX = 50;

type Say = (text: string) => void;

/** Rebuilds of the read tables of a busy exchange beside Emmett's and beside the least that one could do, on one PostgreSQL with fsync on. */
export const bench: Bench = async (args, say) => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      events: { type: 'string', default: '1000000' },
      emmett: { type: 'string', default: '20000' },
      runs: { type: 'string', default: '3' },
    },
  });
  const [events, emmettEvents, runs] = [values.events, values.emmett, values.runs].map(Number) as [
    number,
    number,
    number,
  ];
  const dataDir = await mkdtemp(join(tmpdir(), 'abland-bench-'));
  const server = await startPostgres({ dataDir, database: 'bench', settings: ['max_wal_size=4GB'] });
  const admin = new pg.Client({ connectionString: server.url });
  try {
    await admin.connect();
    say(`filling the log with ${events} events`);
    const store = await openEventStore(server.url, silentLogger);
    await fillLog(store, events);
    if (emmettEvents > 0) await fillEmmett(server.url, store, emmettEvents);
    await store.close();
    // Beside those that are live: as what follows left them.
    const ways = ['naive', 'five', 'all', 'follow', 'beside', ...(emmettEvents > 0 ? ['emmett'] : [])];
    const taken = new Map<string, Taken[]>(ways.map((way) => [way, []]));
    const visible: number[][] = [];
    for (let run = 1; run <= runs; run += 1) {
      for (const way of ways) {
        const work = take(admin, server.url, way, say, `${run} of ${runs}`);
        if (way === 'beside') visible.push([...(await visibleBeside(server.url, work))]);
        taken.get(way)?.push(await work);
      }
    }
    const { rows } = await admin.query<{ server_version: string }>('SHOW server_version');
    return { bench: 'rebuild', postgres: rows[0]?.server_version ?? null, rows: rowsOf(taken, visible) };
  } finally {
    await admin.end();
    await server.stop();
    await removePostgresData(dataDir);
  }
};

async function take(admin: pg.Client, url: string, way: string, say: Say, run: string): Promise<Taken> {
  // Each begins without what another left, and without its dirty pages.
  if (way !== 'naive' && way !== 'emmett' && way !== 'beside') await dropReadModels(admin);
  await admin.query('CHECKPOINT');
  const program = fileURLToPath(new URL('./rebuild-process.js', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [program, url, way]);
  const taken = JSON.parse(stdout) as Taken;
  const { cpuSeconds, events, peakMiB, seconds } = taken;
  say(
    `${way}, run ${run}: ${events} events in ${seconds.toFixed(1)} s, ${cpuSeconds.toFixed(1)} s of our processor time, ${peakMiB} MiB`,
  );
  return taken;
}

async function dropReadModels(admin: pg.Client): Promise<void> {
  const { rows } = await admin.query<{ name: string }>(
    `SELECT nspname AS name FROM pg_namespace WHERE nspname LIKE 'build\\_%' OR nspname IN ('projections', 'read_model', 'reconciliation')`,
  );
  for (const { name } of rows) await admin.query(`DROP SCHEMA ${name} CASCADE`);
}

function rowsOf(
  taken: ReadonlyMap<string, readonly Taken[]>,
  visible: readonly (readonly number[])[],
): ResultRow[] {
  const ratesOf = (way: string): number[] =>
    (taken.get(way) ?? []).map(({ events, seconds }) => events / seconds);
  const naive = median(ratesOf('naive'));
  const emmett = taken.has('emmett') ? { emmett: median(ratesOf('emmett')) } : {};
  const row = (work: string, way: string, peers: Readonly<Record<string, number>>): ResultRow => {
    const runs = ratesOf(way);
    return { work, unit: 'events/s', ours: median(runs), peers, limit: naive, runs };
  };
  const tenths = (taken.get('all') ?? []).flatMap(({ tenths }) => (tenths === undefined ? [] : [tenths]));
  const parts = tenths.map(([first, last]) => last / first);
  const latest = visible.map(latestOf).filter((ms) => ms !== undefined);
  const peaks = (taken.get('all') ?? []).map(({ peakMiB }) => peakMiB);
  return [
    row('rebuild five read tables, reorgs and four intervals of candles included', 'five', emmett),
    row('rebuild all read models in one pass', 'all', {}),
    row('follow a backlog into all live, indexed read models', 'follow', {}),
    {
      work: `a single event visible to a query while all are rebuilt beside (p99 of ${visible.flat().length} in all)`,
      ...{ unit: 'ms', ours: median(latest), peers: {}, limit: VISIBLE_MS_MAX, runs: latest },
    },
    {
      work: 'rate in the last tenth of a rebuild of all, of that in the first',
      ...{ unit: 'times', ours: median(parts), peers: {}, limit: LAST_TENTH_MIN, runs: parts },
    },
    {
      work: 'memory of a process that rebuilds all (RSS)',
      ...{ unit: 'MiB', ours: median(peaks), peers: {}, limit: PEAK_MIB_MAX, runs: peaks },
    },
  ];
}

/** The one that 99 of a hundred are not above; none of none. */
const latestOf = (times: readonly number[]): number | undefined =>
  times.toSorted((one, other) => one - other)[Math.ceil(times.length * 0.99) - 1];
