import { SeededRandom } from '@abland/testing/seeded-random';
import { testSeed } from '@abland/testing/test-seed';
import { silentLogger } from '@abland/kernel';
import { afterEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { type LogTimes, stateAsOf } from './as-of/as-of.js';
import { allowances, awaitedPulls } from './allowances/tables.js';
import { replayInto } from './builds/replay.js';
import { qualified } from './engine/ddl.js';
import type { Projection } from './engine/projection.js';
import type { AnyTable } from './engine/table.js';
import { columnsOf, keyColumnsOf } from './engine/values.js';
import { parkedLogs } from './parked/tables.js';
import { PROJECTIONS } from './projections.js';
import { readAt } from './read-model/at.js';
import type { ReadModel } from './read-model/database.js';
import type { At } from './read-model/past-state.js';
import { momentAt, type Reads } from './read-model/moment.js';
import { type Sql, Tables } from './read-model/tables.js';
import { PROJECTION_NAMES } from './projections.js';
import { rebuildProjections } from './rebuild-projections.js';
import { ChangingMarket } from './testing/changing-market.js';
import type { ProjectionBench } from './testing/projection-bench.js';
import { CHAIN_ID } from './testing/simulated-chain.js';

const deep = process.env['ABLAND_TEST_DEEP'] === '1';
const FIRST = testSeed();
const SEEDS = Array.from({ length: deep ? 20 : 1 }, (_, index) => FIRST + index);
const POSITIONS = deep ? 12 : 2;
const FOREVER_MS = 1e13;
const LISTED = 5;
/** All was recorded before now. */
const LOG: LogTimes = {
  clock: Date.now,
  positionRecordedBy: () => Promise.resolve(null),
  recordedAtPosition: () => Promise.resolve(0),
};
/** Tables that handlers delete from: read at moments long ago by none. */
const LOSE_ROWS: ReadonlySet<AnyTable> = new Set<AnyTable>([allowances, awaitedPulls, parkedLogs]);

type Rows = readonly Readonly<Record<string, unknown>>[];
interface OfTable {
  readonly db: ReadModel;
  readonly reads: Reads;
  readonly at: At;
  readonly table: AnyTable;
}

describe('the state at a position', () => {
  const opened: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close();
  });

  /** All tables as they were, by either way of reading them. */
  async function statesAt({ db }: ProjectionBench, projection: Projection, at: At): Promise<readonly Rows[]> {
    const reads: Reads = { [projection.name]: projection.tables };
    const states: Rows[] = [];
    for (const table of projection.tables) {
      const order = sql.join(keyColumnsOf(table).map((column) => sql`r.${sql.id(column)}`));
      const select = (tables: Tables) =>
        sql`SELECT r.* FROM ${tables.rows(table, 'r', sql`true`)} ORDER BY ${order}`;
      const near = new Tables(reads, momentAt(reads, at.position));
      const { rows } = await sql<Rows[number]>`${select(near)}`.execute(db);
      if (!LOSE_ROWS.has(table)) {
        const far = await readAt<Rows[number]>(db, reads, at, select);
        const near = rows.map((row) => only(table, row));
        expect([table.name, far.map((row) => only(table, row))]).toEqual([table.name, near]);
        const last = await readAt<Rows[number]>(db, reads, at, (tables) => lastOf(tables, table));
        expect([table.name, last.map((row) => only(table, row))]).toEqual([
          table.name,
          near.toReversed().slice(0, LISTED),
        ]);
        await expectByTime({ db, reads, at, table }, near);
      }
      states.push(rows.map((row) => only(table, row)));
    }
    return states;
  }

  /** Rows found by the time of their block, which another branch's under the same key may have another of. */
  async function expectByTime({ at, db, reads, table }: OfTable, all: Rows): Promise<void> {
    const { born } = table;
    if (born === undefined) return;
    const column = (row: Sql): Sql => sql`${row}.${sql.id(born)}`;
    const times = all.map((row) => Number(row[born])).toSorted((one, other) => one - other);
    const middle = times[Math.floor(times.length / 2)] ?? 0;
    const scope = (row: Sql): Sql => sql`${column(row)} <= ${middle}::bigint`;
    const key = keyColumnsOf(table);
    const lastingOrder = (row: Sql): Sql =>
      sql`${column(row)} DESC, ${sql.join(key.map((name) => sql`${row}.${sql.id(name)} DESC`))}`;
    const where = sql`true`;
    const found = (from: Sql): Sql => sql`SELECT r.* FROM ${from} ORDER BY ${lastingOrder(sql`r`)}`;
    const select = async (query: (tables: Tables) => Sql): Promise<Rows> =>
      (await readAt<Rows[number]>(db, reads, at, query)).map((row) => only(table, row));
    const older = await select((tables) => found(tables.rows(table, 'r', where, scope)));
    const wanted = all.filter((row) => Number(row[born]) <= middle);
    expect([table.name, new Set(older)]).toEqual([table.name, new Set(wanted)]);
    const listed = { where, scope, lastingOrder, order: lastingOrder(sql`r`), limit: LISTED };
    const newest = await select((tables) => found(tables.page(table, 'r', listed)));
    expect([table.name, newest]).toEqual([table.name, older.slice(0, LISTED)]);
  }

  /** A page by what may change, and the row of each by its key. */
  const lastOf = (tables: Tables, table: AnyTable) => {
    const key = keyColumnsOf(table);
    const order = sql.join(key.map((column) => sql`r.${sql.id(column)} DESC`));
    const late = sql`EXISTS (SELECT 1 FROM ${tables.row(table, 's', Object.fromEntries(key.map((column) => [column, sql`r.${sql.id(column)}`])))})`;
    return sql`SELECT r.* FROM ${tables.page(table, 'r', { where: sql`true`, late, order, limit: LISTED })} ORDER BY ${order}`;
  };

  const only = (table: AnyTable, row: Rows[number]): Rows[number] =>
    Object.fromEntries(columnsOf(table).map(([name]) => [name, row[name]]));

  async function replayedTo({ pool, store }: ProjectionBench, until: bigint, into: string): Promise<void> {
    await replayInto({
      ...{ pool, store, projections: PROJECTIONS, logger: silentLogger, clock: Date.now, until, into },
      ...{ batchSize: 50, cachedRowsMax: 10_000 },
    });
  }

  async function tablesIn(
    { pool }: ProjectionBench,
    schema: string,
    projection: Projection,
  ): Promise<Rows[]> {
    const states: Rows[] = [];
    for (const table of projection.tables) {
      const order = keyColumnsOf(table).join(', ');
      const { rows } = await pool.query<Rows[number]>(
        `SELECT * FROM ${qualified(schema, table)} ORDER BY ${order}`,
      );
      states.push(rows);
    }
    return states;
  }

  async function expectEachPosition(bench: ProjectionBench, random: SeededRandom): Promise<void> {
    const head = Number((await bench.store.head()) ?? 0n);
    for (let count = 0; count < POSITIONS; count += 1) {
      const position = 1 + random.below(head);
      const into = `state_${position}_${count}`;
      await replayedTo(bench, BigInt(position), into);
      const at = await stateAsOf(bench.db, LOG, {
        chainId: CHAIN_ID,
        asOf: { position: BigInt(position) },
      });
      for (const projection of PROJECTIONS) {
        const told = await statesAt(bench, projection, at);
        expect([projection.name, position, told]).toEqual([
          projection.name,
          position,
          await tablesIn(bench, into, projection),
        ]);
      }
      await bench.pool.query(`DROP SCHEMA ${into} CASCADE`);
    }
  }

  it.each(SEEDS)(
    'is what a replay until there gives, of every table, over reorgs and finality, followed and rebuilt (seed %i)',
    async (seed) => {
      const random = new SeededRandom(seed);
      const market = await ChangingMarket.open(seed, 1 + random.below(40), FOREVER_MS);
      opened.push(market);
      for (let round = 0; round < 12; round += 1) await market.change();
      const { bench } = market;
      await expectEachPosition(bench, random);
      await market.stop();
      await rebuildProjections({
        ...{ pool: bench.pool, store: bench.store, projections: PROJECTION_NAMES, logger: silentLogger },
        ...{ clock: Date.now, journalKeptMs: FOREVER_MS, batchSize: 1 + random.below(40) },
        storeEvery: 1 + random.below(200),
      });
      await expectEachPosition(bench, random);
    },
    300_000,
  );
});
