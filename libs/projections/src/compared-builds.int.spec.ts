import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { failureClassOf, silentLogger, type Supervised } from '@abland/kernel';
import { inTransaction } from '@abland/postgres';
import { eventually } from '@abland/testing';
import { SeededRandom } from '@abland/testing/seeded-random';
import { comparerOf } from './builds/comparer.js';
import type { DifferenceReport } from './builds/difference-reports.js';
import { isUnexplained } from './builds/differences.js';
import { prepareProjections } from './builds/prepare.js';
import { runProjections } from './builds/runner.js';
import { type BuildView, listBuilds } from './builds/status.js';
import { buildDifferences, differenceReports } from './ask-for-builds.js';
import { stateChecksum } from './checksums.js';
import { chainHeadProjection } from './chain-head/projection.js';
import type { Projection } from './engine/projection.js';
import { PROJECTIONS } from './projections.js';
import { changeBuild, promoteBuild } from './act-on-builds.js';
import { ProjectionBench } from './testing/projection-bench.js';
import { CHAIN_ID, CHAIN_STREAM, SimulatedChain } from './testing/simulated-chain.js';

const projection = 'chain-head';
const VERSION = chainHeadProjection.version + 1;
/** As the program would be in its next version. */
const next = (changes: Projection['changes'] = {}): readonly Projection[] =>
  PROJECTIONS.map((one) => (one === chainHeadProjection ? { ...one, version: VERSION, changes } : one));

/** Statements that wait in this database for a lock, and speak of something. */
const WAITING = `SELECT count(*)::int AS waiting FROM pg_stat_activity
  WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE $1 AND pid <> pg_backend_pid()`;

describe('builds beside the live one, of a definition that changed', () => {
  let bench: ProjectionBench;
  let chain: SimulatedChain;
  const running: Supervised[] = [];

  beforeEach(async () => {
    bench = await ProjectionBench.open();
    chain = new SimulatedChain(new SeededRandom(5));
    await mine(20);
    await bench.project();
  });
  afterEach(async () => {
    for (const one of running.splice(0)) await one.stop();
    await bench.close();
  });

  const mine = async (blocks: number): Promise<void> => {
    for (let i = 0; i < blocks; i += 1) await bench.store.append(CHAIN_STREAM, chain.mine(), 'any');
  };
  const run = (projections: readonly Projection[]): Supervised => {
    const { pool, store } = bench;
    const options = { store, pool, projections, logger: silentLogger, clock: Date.now };
    const one = runProjections({ ...options, standbyPauseMs: 20, failedPauseMs: 100 });
    running.push(one);
    return one;
  };
  const stop = async (one: Supervised): Promise<void> => {
    running.splice(running.indexOf(one), 1);
    await one.stop();
  };
  const builds = async (): Promise<readonly BuildView[]> =>
    (await listBuilds(bench.pool)).filter(({ name }) => name === projection);
  const states = async (): Promise<readonly string[]> => (await builds()).map(({ state }) => state);
  const untilStates = (...wanted: string[]): Promise<void> =>
    eventually(async () => expect(await states()).toEqual(wanted));

  describe('before they are promoted', () => {
    beforeEach(async () => {
      await prepareProjections(bench.pool, next(), { promotesItself: false });
      await stop(await readyOf(run(next())));
    });
    const readyOf = async (runner: Supervised): Promise<Supervised> => {
      await untilStates('LIVE', 'READY');
      return runner;
    };
    const build = async (sql: (schema: string) => string): Promise<unknown> => {
      const id = (await builds())[1]?.build;
      return bench.pool.query(sql(`build_${id}`));
    };

    it('are compared with the live one at the same position: nothing, where nothing differs', async () => {
      const found = await buildDifferences(bench.pool, projection);
      expect(found).toMatchObject({ tables: [], position: String(await bench.store.head()) });
      const { total } = await stateChecksum(bench.pool, projection);
      expect(found.checksums).toEqual({ live: total, build: total });
    });

    it('tell which rows differ and in which columns, and leave out what a change of columns explains', async () => {
      await build((schema) => `ALTER TABLE ${schema}.blocks ADD COLUMN miner text DEFAULT 'ada'`);
      expect(
        (await buildDifferences(bench.pool, projection)).tables.map((one) => [one.added, isUnexplained(one)]),
      ).toEqual([[['miner'], false]]);
      await build((schema) => `UPDATE ${schema}.blocks SET time = time + 1 WHERE number = 7`);
      await build((schema) => `DELETE FROM ${schema}.blocks WHERE number = 3`);
      const [blocks] = (await buildDifferences(bench.pool, projection)).tables;
      expect(blocks).toMatchObject({ table: 'blocks', changed: 1, onlyLive: 1, onlyBuild: 0 });
      const { checksums } = await buildDifferences(bench.pool, projection);
      expect(checksums?.live).toBe((await stateChecksum(bench.pool, projection)).total);
      expect(checksums?.build).not.toBe(checksums?.live);
      expect(blocks?.sample.map(({ build: there, columns, key }) => [key, there !== null, columns])).toEqual([
        [[String(CHAIN_ID), '3'], false, []],
        [[String(CHAIN_ID), '7'], true, ['time']],
      ]);
    });

    it('are not compared for longer than whoever asks would wait, and the database is let go of then', async () => {
      const id = (await builds())[1]?.build;
      await inTransaction(bench.pool, async (client) => {
        await client.query(`LOCK TABLE build_${id}.blocks IN ACCESS EXCLUSIVE MODE`);
        // A lock that is waited for stands for any statement that takes long.
        const late = await buildDifferences(bench.pool, projection, { withinMs: 300 }).catch(
          (error: unknown) => error,
        );
        expect(failureClassOf(late)).toBe('LATER');
        await eventually(async () =>
          expect((await bench.pool.query(WAITING, [`%build_${id}%`])).rows).toEqual([{ waiting: 0 }]),
        );
      });
      const soon = await buildDifferences(bench.pool, projection, { withinMs: 60_000 });
      expect(soon).toMatchObject({ tables: [], checksums: null });
    });

    it('are not compared where none is ready', async () => {
      await changeBuild('DISCARD', { pool: bench.pool, projection });
      await expect(buildDifferences(bench.pool, projection)).rejects.toMatchObject({ code: 'UNKNOWN_BUILD' });
    });
  });

  describe('that may promote themselves', () => {
    /** What the live one has is not what the next version makes of the log. */
    beforeEach(async () => {
      await bench.pool.query('UPDATE read_model.blocks SET time = time + 1 WHERE number = 7');
      await prepareProjections(bench.pool, next());
      run(PROJECTIONS);
      await mine(1);
      await eventually(async () => expect((await builds())[0]?.checkpoint).toBe(await bench.store.head()));
    });
    const reported = async (): Promise<DifferenceReport | undefined> => {
      const look = () => differenceReports(bench.pool, projection);
      // Checksums may be told later than the rest.
      await eventually(async () =>
        expect(await look()).toMatchObject([{ checksums: { live: expect.anything() } }]),
      );
      return (await look())[0];
    };

    it('wait for an operator where something differs that nothing explains, which is told by a report that stays', async () => {
      run(next());
      await untilStates('LIVE', 'READY');
      const report = await reported();
      expect(report?.checksums?.live).not.toBe(report?.checksums?.build);
      const [live, ready] = await builds();
      expect(report).toMatchObject({ live: live?.build, build: ready?.build, explained: false });
      expect(report?.tables).toMatchObject([{ table: 'blocks', changed: 1, unexplained: 1 }]);
      expect(report?.tables[0]?.sample[0]?.columns).toEqual(['time']);
      expect(report?.position).toBe(String(live?.checkpoint));
      expect(ready?.explained).toBe(false);
      await mine(3);
      await eventually(async () => expect((await builds())[1]?.checkpoint).toBe(await bench.store.head()));
      expect(await states()).toEqual(['LIVE', 'READY']);
      await promoteBuild({ pool: bench.pool, store: bench.store, projection });
      await changeBuild('DISCARD', { pool: bench.pool, projection });
      expect(await differenceReports(bench.pool, projection)).toEqual([report]);
    });

    it('do so where the definition says what it makes otherwise', async () => {
      run(next({ [VERSION]: ['blocks.time'] }));
      await untilStates('LIVE', 'RETIRED');
      expect(await reported()).toMatchObject({ explained: true, tables: [{ changed: 1, unexplained: 0 }] });
    });

    it('wait where what it makes otherwise is of another column, or of a version that the live one was of', async () => {
      const changes = { [VERSION]: ['blocks.hash'], [VERSION - 1]: ['blocks'] };
      run(next(changes));
      expect(await reported()).toMatchObject({ explained: false });
    });

    it('are discarded also while they are compared: who compares them is sent away', async () => {
      run(next());
      await untilStates('LIVE', 'READY');
      await reported();
      const [, ready] = await builds();
      const comparer = await bench.pool.connect();
      const sentAway = new Promise<Error>((resolve) => comparer.once('error', resolve));
      await comparer.query('BEGIN');
      await comparer.query(`SET LOCAL application_name = '${comparerOf(ready?.build ?? 0)}'`);
      await comparer.query(`SELECT FROM build_${ready?.build}.blocks`);
      await changeBuild('DISCARD', { pool: bench.pool, projection });
      expect(await states()).toEqual(['LIVE']);
      expect(await sentAway).toMatchObject({ code: '57P01' });
      comparer.release(true);
    });
  });
});
