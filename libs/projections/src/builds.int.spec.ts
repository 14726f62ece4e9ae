import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type EventStore, silentLogger, type Supervised } from '@abland/kernel';
import { eventually } from '@abland/testing';
import { SeededRandom } from '@abland/testing/seeded-random';
import { chainHeadProjection } from './chain-head/projection.js';
import { chainHead } from './chain-head/queries.js';
import { takeLeases } from '@abland/postgres';
import { prepareProjections } from './builds/prepare.js';
import { leaseOfBuild } from './engine/build.js';
import type { Projection } from './engine/projection.js';
import { runProjections } from './builds/runner.js';
import { type BuildView, listBuilds, projectionStatus } from './builds/status.js';
import { PROJECTIONS } from './projections.js';
import { createReadModel } from './create-read-model.js';
import { changeBuild, promoteBuild } from './act-on-builds.js';
import { stateChecksum } from './checksums.js';
import { rebuildProjection, switchBackProjection } from './rebuild-projections.js';
import { ProjectionBench } from './testing/projection-bench.js';
import { CHAIN_ID, CHAIN_STREAM, SimulatedChain } from './testing/simulated-chain.js';

/** As the program would be in its next version. */
const nextOf = (projection: Projection): Projection => ({ ...projection, version: projection.version + 1 });
const NEXT: readonly Projection[] = PROJECTIONS.map((one) =>
  one === chainHeadProjection ? nextOf(one) : one,
);

const projection = 'chain-head';
describe('builds of a projection', () => {
  let bench: ProjectionBench;
  let chain: SimulatedChain;
  const running: Supervised[] = [];

  beforeEach(async () => {
    bench = await ProjectionBench.open();
    chain = new SimulatedChain(new SeededRandom(5));
  });
  afterEach(async () => {
    for (const one of running.splice(0)) await one.stop();
    await bench.close();
  });

  const mine = async (blocks: number): Promise<void> => {
    for (let i = 0; i < blocks; i += 1) await bench.store.append(CHAIN_STREAM, chain.mine(), 'any');
  };
  const run = (
    projections: readonly Projection[],
    store: EventStore = bench.store,
    batchSize = 50,
    buildEventsPerSecond: number | null = null,
  ): Supervised => {
    const { pool } = bench;
    const bounds = { batchSize, buildEventsPerSecond };
    const options = { store, pool, projections, ...bounds, logger: silentLogger, clock: Date.now };
    const one = runProjections({ ...options, standbyPauseMs: 20, failedPauseMs: 100 });
    running.push(one);
    return one;
  };
  /** The log, which hands out to what is not live nothing until it is let. */
  const heldToBuilds = (): { readonly store: EventStore; readonly goOn: () => void } => {
    const { promise: letOn, resolve: goOn } = Promise.withResolvers<void>();
    const store: EventStore = Object.create(bench.store, {
      subscribeToAll: {
        value: async function* (options: Parameters<EventStore['subscribeToAll']>[0]) {
          for await (const batch of bench.store.subscribeToAll(options)) {
            if (options.filter !== undefined) await letOn;
            yield batch;
          }
        },
      },
    });
    return { store, goOn };
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
  const reached = (block: number): Promise<void> =>
    eventually(async () => expect((await chainHead(bench.db, CHAIN_ID)).number).toBe(block));

  describe('whose definition changed', () => {
    beforeEach(async () => {
      await mine(20);
      await bench.project();
      await prepareProjections(bench.pool, NEXT, { promotesItself: false });
    });

    it('drop nothing: the older version serves, and goes on, beside a newer one that builds its own', async () => {
      expect(await states()).toEqual(['LIVE', 'BUILDING']);
      run(PROJECTIONS);
      run(NEXT);
      await untilStates('LIVE', 'READY');
      await mine(5);
      await reached(25);
      await eventually(async () =>
        expect(new Set((await builds()).map(({ checkpoint }) => checkpoint))).toEqual(
          new Set([await bench.store.head()]),
        ),
      );
    });

    it('read in no more events a second than they may', async () => {
      const begun = performance.now();
      run(NEXT, bench.store, 50, 7);
      await untilStates('LIVE', 'READY');
      // Twenty blocks, seven of them before the first wait and what ends the log without one.
      expect(performance.now() - begun).toBeGreaterThan(1_500);
      expect(await states()).toEqual(['LIVE', 'READY']);
    });

    it('answer the newer version nothing before it is promoted, the older one nothing after, and both what is theirs', async () => {
      const next = createReadModel(bench.pool, NEXT);
      const notYet = { code: 'READ_MODEL_NOT_YET', details: { projections: [projection] } };
      await expect(chainHead(next, CHAIN_ID)).rejects.toMatchObject(notYet);
      expect((await chainHead(bench.db, CHAIN_ID)).number).toBe(20);
      run(NEXT);
      await untilStates('LIVE', 'READY');
      await promoteBuild({ pool: bench.pool, store: bench.store, projection });
      await untilStates('LIVE', 'RETIRED');
      await eventually(async () => expect((await chainHead(next, CHAIN_ID)).number).toBe(20));
      await eventually(async () => expect(chainHead(bench.db, CHAIN_ID)).rejects.toMatchObject(notYet));
      // What did not change is read by both.
      const { rows } = await bench.pool.query('SELECT count(*) FROM read_model.tokens');
      expect(rows).toHaveLength(1);
    });

    it('are never written by a version that does not know them, and that does not take turns with the newer one', async () => {
      const newer = run(NEXT);
      await untilStates('LIVE', 'READY');
      await promoteBuild({ pool: bench.pool, store: bench.store, projection });
      await stop(newer);
      const before = await builds();
      await prepareProjections(bench.pool, PROJECTIONS);
      run(PROJECTIONS);
      await mine(5);
      const others = async () => (await listBuilds(bench.pool)).filter(({ name }) => name !== projection);
      const head = await bench.store.head();
      await eventually(async () =>
        expect((await others()).every(({ checkpoint }) => checkpoint === head)).toBe(true),
      );
      expect((await builds()).map(({ checkpoint, state }) => [checkpoint, state])).toEqual(
        before.map(({ checkpoint, state }) => [checkpoint, state]),
      );
    });

    it('are promoted by themselves where that is wanted', async () => {
      await changeBuild('DISCARD', { pool: bench.pool, projection });
      await prepareProjections(bench.pool, NEXT);
      run(NEXT);
      await untilStates('LIVE', 'RETIRED');
      expect((await builds())[0]).toMatchObject({ version: chainHeadProjection.version + 1 });
    });

    it('are not rebuilt by a version that is older than the live one', async () => {
      run(NEXT);
      await untilStates('LIVE', 'READY');
      const { pool, store } = bench;
      await promoteBuild({ pool, store, projection });
      const asked = { pool, store, projection, logger: silentLogger, clock: Date.now };
      const refused = { code: 'BUILD_OF_ANOTHER_VERSION' };
      await expect(rebuildProjection(asked)).rejects.toMatchObject(refused);
      expect(await states()).toEqual(['LIVE', 'RETIRED']);
    });
  });

  describe('in an operator’s hands', () => {
    const rebuild = (signal?: AbortSignal) =>
      rebuildProjection({
        ...{ pool: bench.pool, store: bench.store, projection, logger: silentLogger, clock: Date.now },
        ...{
          batchSize: 10,
          askedBy: 'operator:ada',
          reason: 'to see',
          ...(signal === undefined ? {} : { signal }),
        },
        onProgress: ({ handled }) => handled >= 20 && halted.abort(),
      });
    let halted: AbortController;

    beforeEach(async () => {
      halted = new AbortController();
      await mine(30);
      await bench.project();
    });

    it('stand paused whoever starts, go on when resumed, and are promoted then', async () => {
      expect(await rebuild(halted.signal)).toMatchObject({ switched: false });
      await changeBuild('PAUSE', { pool: bench.pool, projection });
      const [, paused] = await builds();
      const first = run(PROJECTIONS);
      await mine(3);
      await reached(33);
      await stop(first);
      run(PROJECTIONS);
      await mine(3);
      await reached(36);
      expect((await builds())[1]).toMatchObject({ state: 'PAUSED', checkpoint: paused?.checkpoint });
      await changeBuild('RESUME', { pool: bench.pool, projection });
      await untilStates('LIVE', 'RETIRED');
      expect((await builds())[0]).toMatchObject({ askedBy: 'operator:ada', reason: 'to see' });
      await reached(36);
    });

    it('are gone with their schema when discarded, while who builds them learns of it', async () => {
      await rebuild(halted.signal);
      const { goOn, store } = heldToBuilds();
      run(PROJECTIONS, store);
      const build = (await builds())[1]?.build;
      await changeBuild('DISCARD', { pool: bench.pool, projection });
      const { rows } = await bench.pool.query(`SELECT FROM pg_namespace WHERE nspname = $1`, [
        `build_${build}`,
      ]);
      expect(rows).toEqual([]);
      goOn();
      await mine(3);
      await reached(33);
      expect(await states()).toEqual(['LIVE']);
    });

    it('refuse by name what cannot be done, and change nothing', async () => {
      const { pool, store } = bench;
      const refusal = (act: Promise<unknown>) =>
        act.then(
          () => null,
          ({ code }: { code: string }) => code,
        );
      expect(await refusal(promoteBuild({ pool, store, projection }))).toBe('UNKNOWN_BUILD');
      await rebuild(halted.signal);
      expect(await refusal(promoteBuild({ pool, store, projection }))).toBe('BUILD_BEHIND');
      expect(await refusal(changeBuild('RESUME', { pool, projection }))).toBe('BUILD_STATE');
      expect(await refusal(changeBuild('DISCARD', { pool, projection, build: 1_000 }))).toBe('UNKNOWN_BUILD');
      expect(await refusal(changeBuild('DISCARD', { pool, projection: 'nothing' }))).toBe(
        'UNKNOWN_PROJECTION',
      );
      const asked = { pool, store, projection, logger: silentLogger, clock: Date.now };
      expect(await refusal(switchBackProjection(asked))).toBe('BUILD_STATE');
      expect(await states()).toEqual(['LIVE', 'BUILDING']);
    });

    it('are switched back to once they have caught up, and forth again', async () => {
      const { pool, store } = bench;
      const asked = { pool, store, projection, logger: silentLogger, clock: Date.now };
      const [first] = await builds();
      await rebuildProjection(asked);
      run(PROJECTIONS);
      await mine(5);
      await reached(35);
      const sum = await stateChecksum(pool, projection);
      expect(await switchBackProjection(asked)).toMatchObject({ switched: true });
      expect((await builds())[0]?.build).toBe(first?.build);
      expect(await stateChecksum(pool, projection)).toEqual(sum);
      await switchBackProjection(asked);
      expect((await builds())[0]?.build).not.toBe(first?.build);
      expect(await stateChecksum(pool, projection)).toEqual(sum);
      await mine(2);
      await reached(37);
    });

    it('keep one that was live before, and no more', async () => {
      for (let i = 0; i < 3; i += 1)
        await rebuildProjection({
          ...{ pool: bench.pool, store: bench.store, projection },
          ...{ logger: silentLogger, clock: Date.now },
        });
      expect(await states()).toEqual(['LIVE', 'RETIRED']);
      const { rows } = await bench.pool.query(
        `SELECT nspname FROM pg_namespace WHERE nspname ~ '^build_' AND nspname NOT IN (SELECT schema FROM projections.builds)`,
      );
      expect(rows).toEqual([]);
    });
  });

  it('are told as stalled, whatever they said last, where nobody keeps them any more', async () => {
    await mine(5);
    await bench.project();
    // As who keeps it leaves it when it is killed.
    await bench.pool.query(
      `UPDATE projections.builds SET activity = 'LIVE', updated_at = now() - interval '1 minute'`,
    );
    const [{ build } = { build: 0 }] = await builds();
    const name = leaseOfBuild(build);
    const lead = await takeLeases({ pool: bench.pool, logger: silentLogger, names: [name] });
    expect((await builds())[0]).toMatchObject({ state: 'LIVE', activity: 'LIVE' });
    await bench.pool.query(`UPDATE leases.leases SET expires_at = '-infinity' WHERE name = $1`, [name]);
    expect((await builds())[0]).toMatchObject({ state: 'LIVE', activity: 'STALLED' });
    const told = (await projectionStatus(bench.pool)).find((one) => one.name === projection);
    expect(told?.state).toBe('STALLED');
    await lead?.release();
  });

  it('that are in order are gone on with by a start that waits for none that begins others', async () => {
    await mine(3);
    await bench.project();
    const other = await bench.pool.connect();
    await other.query('BEGIN');
    await other.query(`SELECT pg_advisory_xact_lock(${0x61626c72}, 0)`);
    await prepareProjections(bench.pool, PROJECTIONS);
    await other.query('ROLLBACK');
    other.release();
  });

  it('that are live are shown again by a start, where somebody dropped the view of one', async () => {
    await mine(3);
    await bench.project();
    await bench.pool.query('DROP VIEW read_model.tokens');
    await prepareProjections(bench.pool, PROJECTIONS);
    await bench.pool.query('SELECT FROM read_model.tokens');
  });

  it('that break are felt by no other, and told as failed', async () => {
    await mine(20);
    await bench.project();
    await prepareProjections(bench.pool, NEXT);
    const { rows } = await bench.pool.query<{ schema: string }>(
      `SELECT schema FROM projections.builds WHERE state = 'BUILDING'`,
    );
    await bench.pool.query(`ALTER TABLE ${rows[0]?.schema}.blocks RENAME TO blocks_away`);
    run(NEXT);
    await untilStates('LIVE', 'FAILED');
    await bench.pool.query(`ALTER TABLE ${rows[0]?.schema}.blocks_away RENAME TO blocks`);
    const tokens = async () => (await listBuilds(bench.pool)).find(({ name }) => name === 'tokens');
    await mine(3);
    await eventually(async () => expect((await tokens())?.checkpoint).toBe(await bench.store.head()));
    expect((await builds())[1]?.lastError).toMatch(/blocks/);
    await changeBuild('RESUME', { pool: bench.pool, projection });
    await untilStates('LIVE', 'RETIRED');
  });

  it('that are behind hold up no other, nor those that are live', async () => {
    await mine(30);
    await bench.project();
    await prepareProjections(bench.pool, NEXT);
    const { goOn, store: slow } = heldToBuilds();
    run(NEXT, slow);
    await mine(3);
    const tokens = async () => (await listBuilds(bench.pool)).find(({ name }) => name === 'tokens');
    await eventually(async () => expect((await tokens())?.checkpoint).toBe(await bench.store.head()));
    expect(await states()).toEqual(['LIVE', 'BUILDING']);
    goOn();
    await untilStates('LIVE', 'RETIRED');
  });
});
