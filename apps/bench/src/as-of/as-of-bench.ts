import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { removePostgresData, startPostgres } from '@abland/embedded/postgres';
import { chainStream } from '@abland/domain';
import { openEventStore } from '@abland/event-codec';
import { type EventStore, silentLogger } from '@abland/kernel';
import { positionRecordedBy, recordedAtPosition } from '@abland/log-tools';
import { openPool } from '@abland/postgres';
import {
  type At,
  chainHead,
  createReadModel,
  type LogTimes,
  migrateProjections,
  PROJECTION_NAMES,
  type ReadModel,
  rebuildProjections,
  stateAsOf,
} from '@abland/projections';
import { SeededRandom } from '@abland/testing/seeded-random';
import { CHAIN_ID, fillLog } from '../rebuild/dex-log.js';
import pg from 'pg';
import type { Bench } from '../report/bench.js';
import { type ResultRow } from '../report/results.js';
import { pastQuestions, type Question } from './past-questions.js';

/** What we hold ourselves to. */
const P99_MS_MAX = 50;
/** The log of the bench is of long ago. */
const KEPT_FOR_EVER_MS = 1e13;

/** How long what was so at any moment of a log takes to be told, each question by itself. */
export const bench: Bench = async (args, say) => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      events: { type: 'string', default: '1000000' },
      questions: { type: 'string', default: '300' },
      keep: { type: 'string', default: '' },
    },
  });
  const [events, count] = [Number(values.events), Number(values.questions)];
  const dataDir = values.keep === '' ? await mkdtemp(join(tmpdir(), 'abland-bench-')) : values.keep;
  const server = await startPostgres({ dataDir, database: 'bench', settings: ['max_wal_size=4GB'] });
  const pool = openPool({ connectionString: server.url, name: 'bench', max: 5, logger: silentLogger });
  try {
    const store = await openEventStore(server.url, silentLogger);
    if ((await store.head()) === null) {
      say(`filling the log with ${events} events`);
      await fillLog(store, events);
      await migrateProjections(pool);
      say('building the read models with all their history');
      const kept = { journalKeptMs: KEPT_FOR_EVER_MS, projections: PROJECTION_NAMES };
      await rebuildProjections({ pool, store, logger: silentLogger, clock: Date.now, ...kept });
      await analyze(server.url);
    }
    const db = createReadModel(pool);
    const states = await statesOf(store, db, count);
    const rows: ResultRow[] = [];
    for (const question of await pastQuestions(pool)) {
      const taken = await ask(question, db, states);
      const row = rowOf(question.name, taken);
      say(`${question.name}: p50 ${at(taken, 0.5).toFixed(1)} ms, p99 ${at(taken, 0.99).toFixed(1)} ms`);
      rows.push(row);
    }
    await store.close();
    const { rows: versions } = await pool.query<{ server_version: string }>('SHOW server_version');
    return { bench: 'as-of', postgres: versions[0]?.server_version ?? null, rows };
  } finally {
    await pool.end();
    await server.stop();
    if (values.keep === '') await removePostgresData(dataDir);
  }
};

/** As autovacuum does it in time; without the pool's limit of a statement. */
async function analyze(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('ANALYZE');
  await client.end();
}

/** States anywhere in the log. It was recorded in one go: what was now then is the chain's time, where the windows of a day end. */
async function statesOf(store: EventStore, db: ReadModel, count: number): Promise<readonly At[]> {
  const random = new SeededRandom(count);
  const head = Number(await store.head());
  const searched = { log: store, along: chainStream(CHAIN_ID) };
  const log: LogTimes = {
    clock: Date.now,
    positionRecordedBy: (moment) => positionRecordedBy(searched, moment),
    recordedAtPosition: (position) => recordedAtPosition(searched, position),
  };
  const states: At[] = [];
  while (states.length < count) {
    const asOf = { position: BigInt(1 + random.below(head)) };
    const at = await stateAsOf(db, log, { chainId: CHAIN_ID, asOf });
    states.push({ ...at, time: (await chainHead(db, CHAIN_ID, at)).time ?? 0 });
  }
  return states;
}

/** Milliseconds of a question, asked of each state. */
async function ask(
  { ask: asked }: Question,
  db: ReadModel,
  states: readonly At[],
): Promise<readonly number[]> {
  const random = new SeededRandom(states.length);
  const taken: number[] = [];
  for (const at of states) {
    const begun = performance.now();
    await asked(db, at, random);
    taken.push(performance.now() - begun);
  }
  return taken;
}

const at = (taken: readonly number[], part: number): number =>
  taken.toSorted((one, other) => one - other)[Math.min(Math.floor(taken.length * part), taken.length - 1)] ??
  NaN;

const rowOf = (name: string, taken: readonly number[]): ResultRow => ({
  work: `${name}, at any moment (p99)`,
  ...{
    unit: 'ms',
    ours: at(taken, 0.99),
    peers: {},
    limit: P99_MS_MAX,
    runs: [at(taken, 0.5), at(taken, 0.99)],
  },
});
