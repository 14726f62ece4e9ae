import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { migrateAudit, ServedTree } from '@abland/audit';
import { removePostgresData, startPostgres } from '@abland/embedded/postgres';
import { openPostgresEventStore } from '@abland/event-store';
import { type EventStore, silentLogger } from '@abland/kernel';
import { migrateLeases, openPool } from '@abland/postgres';
import type pg from 'pg';
import type { Bench } from '../report/bench.js';
import { median, type ResultRow } from '../report/results.js';
import { readOurs } from '../store/read-subjects.js';
import { fillLog } from './fill-log.js';
import { followAppends } from './follow-appends.js';
import { fillMarket, reportMarket } from './write-report.js';
import { proveAndVerify } from './prove-and-verify.js';
import { buildTree, TREE_SIGNER } from './tree-subjects.js';

interface Bed {
  readonly log: EventStore;
  readonly pool: pg.Pool;
  readonly tree: ServedTree;
}

/** The tree of the log: how fast it is built beside reading the same log, how far it is behind appends, proofs made and checked. */
export const bench: Bench = async (args, say) => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      events: { type: 'string', default: '1000000' },
      runs: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '10' },
      proofs: { type: 'string', default: '10000' },
      reported: { type: 'string', default: '500000' },
    },
  });
  const [events, runs, seconds, proofs, reported] = [
    ...[values.events, values.runs, values.seconds, values.proofs, values.reported],
  ].map(Number) as [number, number, number, number, number];
  const dataDir = await mkdtemp(join(tmpdir(), 'abland-bench-'));
  const server = await startPostgres({ dataDir, database: 'bench', settings: ['max_wal_size=4GB'] });
  const log = await openPostgresEventStore({ connectionString: server.url, logger: silentLogger });
  const pool = openPool({ connectionString: server.url, name: 'bench', max: 4, logger: silentLogger });
  try {
    await migrateLeases(pool);
    await migrateAudit(pool);
    say(`filling the log with ${events} events`);
    await fillLog(log, events);
    const bed = { log, pool, tree: new ServedTree({ pool, log, mayBeTold: async () => true }) };
    const rows = [
      await building(bed, runs, say),
      ...(await proving(bed, proofs, say)),
      ...(await following(bed, seconds, say)),
      ...(await reporting(bed, reported, say)),
    ];
    const { rows: version } = await pool.query<{ server_version: string }>('SHOW server_version');
    return { bench: 'audit', postgres: version[0]?.server_version ?? null, rows };
  } finally {
    await pool.end();
    await log.close();
    await server.stop();
    await removePostgresData(dataDir);
  }
};

async function building({ log, pool }: Bed, runs: number, say: (text: string) => void): Promise<ResultRow> {
  const [reads, builds]: [number[], number[]] = [[], []];
  const read = readOurs(log);
  for (let run = 1; run <= runs; run += 1) {
    say(`building: run ${run} of ${runs}`);
    reads.push(await perSecond(read));
    builds.push(await perSecond(() => buildTree(log, pool)));
  }
  return {
    ...{ work: 'build the tree of the log', unit: 'events/s', peers: {} },
    ...{ ours: median(builds), limit: median(reads), runs: builds },
  };
}

async function proving(
  { log, tree }: Bed,
  proofs: number,
  say: (text: string) => void,
): Promise<readonly ResultRow[]> {
  say(`proving ${proofs} events`);
  const { proveMsP99, verifySeconds } = await proveAndVerify(log, tree, proofs, TREE_SIGNER);
  const row = (work: string, unit: string, ours: number): ResultRow => ({
    ...{ work, unit, ours, peers: {}, limit: null, runs: [ours] },
  });
  return [
    row('make an inclusion proof, p99', 'ms', proveMsP99),
    row(`check ${proofs} proofs`, 's', verifySeconds),
  ];
}

async function following(
  { log, pool }: Bed,
  seconds: number,
  say: (text: string) => void,
): Promise<readonly ResultRow[]> {
  say(`appending at full speed for ${seconds} s`);
  const { appendsPerSecond, behindMsMax, behindMsMedian } = await followAppends(log, pool, seconds);
  const row = (work: string, unit: string, ours: number): ResultRow => ({
    ...{ work, unit, ours, peers: {}, limit: null, runs: [ours] },
  });
  return [
    row('append one event, 64 callers, beside it', 'events/s', appendsPerSecond),
    row('behind appends at full speed, median', 'ms', behindMsMedian),
    row('behind appends at full speed, at most', 'ms', behindMsMax),
  ];
}

async function reporting(
  { log, pool, tree }: Bed,
  swaps: number,
  say: (text: string) => void,
): Promise<readonly ResultRow[]> {
  say(`a market of ${swaps} swaps, and its report`);
  await fillMarket(log, swaps);
  await buildTree(log, pool);
  const { eventsPerSecond, memoryMiBMax, rows } = await reportMarket(log, pool, tree);
  const row = (work: string, unit: string, ours: number): ResultRow => ({
    ...{ work, unit, ours, peers: {}, limit: null, runs: [ours] },
  });
  return [
    row(`report ${rows} swaps, the log read and proved`, 'events/s', eventsPerSecond),
    row('memory that a report takes', 'MiB', memoryMiBMax),
  ];
}

async function perSecond(work: () => Promise<number>): Promise<number> {
  const begun = performance.now();
  const count = await work();
  return (count / (performance.now() - begun)) * 1_000;
}
