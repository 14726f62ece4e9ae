import { MemoryEventStore } from '@abland/event-store';
import { type EventStore, type NewEvent, silentLogger } from '@abland/kernel';
import { createPool, createToken, swap } from '@abland/testing/market';
import { SeededRandom } from '@abland/testing/seeded-random';
import { testSeed } from '@abland/testing/test-seed';
import { afterEach, describe, expect, it } from '@jest/globals';
import { stateChecksum } from './checksums.js';
import { PROJECTION_NAMES } from './projections.js';
import { rebuildProjections } from './rebuild-projections.js';
import { ProjectionBench } from './testing/projection-bench.js';
import { OTHER_CHAIN_ID, SimulatedChain } from './testing/simulated-chain.js';
import { simulatedRequest } from './testing/simulated-requests.js';

const deep = process.env['ABLAND_TEST_DEEP'] === '1';
const FIRST = testSeed();
const SEEDS = Array.from({ length: deep ? 25 : 2 }, (_, index) => FIRST + index);
const BLOCKS = deep ? 120 : 60;
const ROUNDS = deep ? 3 : 1;

describe('read models that are far behind', () => {
  const open: ProjectionBench[] = [];
  afterEach(async () => {
    for (const bench of open.splice(0)) await bench.close();
  });

  async function newBench(): Promise<ProjectionBench> {
    const bench = await ProjectionBench.open(new MemoryEventStore());
    open.push(bench);
    return bench;
  }

  /** Two chains with forks, finality and requests. */
  async function tell({ store }: ProjectionBench, random: SeededRandom): Promise<readonly SimulatedChain[]> {
    const chains = [new SimulatedChain(random), new SimulatedChain(random, 12, OTHER_CHAIN_ID)];
    for (let count = 0; count < BLOCKS; count += 1) {
      const chain = random.pick(chains);
      const forks = random.chance(0.15) ? chain.revert(1 + random.below(5)) : [];
      const finality = random.chance(0.1) ? chain.finalize(6) : [];
      await append(store, chain.stream, [...forks, ...finality, ...chain.mine()]);
      if (!random.chance(0.2)) continue;
      for (const { stream, events } of simulatedRequest(random, count, chain.chainId))
        await append(store, stream, events);
    }
    return chains;
  }

  const append = (
    store: ProjectionBench['store'],
    stream: string,
    events: readonly NewEvent[],
  ): Promise<unknown> => (events.length === 0 ? Promise.resolve() : store.append(stream, events, 'any'));

  const rebuild = (
    { pool, store }: ProjectionBench,
    bounds: { readonly batchSize?: number; readonly storeEvery?: number; readonly cachedRowsMax?: number },
    signal?: AbortSignal,
    onProgress?: () => void,
  ) =>
    rebuildProjections({
      ...{ pool, store, projections: PROJECTION_NAMES, logger: silentLogger, clock: Date.now, ...bounds },
      ...(signal === undefined ? {} : { signal }),
      ...(onProgress === undefined ? {} : { onProgress }),
    });

  it.each(SEEDS)(
    'become what following gives, whatever is stored and kept at once and wherever they are stopped (seed %i)',
    async (seed) => {
      const random = new SeededRandom(seed);
      const bench = await newBench();
      const chains = await tell(bench, random);
      await bench.project({ batchSize: 1 + random.below(60) });
      const followed = await stateChecksum(bench.pool);
      for (let round = 0; round < ROUNDS; round += 1) {
        const bounds = {
          batchSize: 1 + random.below(50),
          storeEvery: 1 + random.below(200),
          cachedRowsMax: 20 + random.below(400),
        };
        const stop = new AbortController();
        let batches = random.below(40);
        await rebuild(bench, bounds, stop.signal, () => {
          batches -= 1;
          if (batches === 0) stop.abort();
        });
        await rebuild(bench, bounds);
        expect(await stateChecksum(bench.pool)).toEqual(followed);
      }
      // What may still be taken back can be.
      for (const chain of chains) await append(bench.store, chain.stream, chain.revert(4));
      await bench.project();
      const takenBack = await stateChecksum(bench.pool);
      await bench.forget();
      await bench.project();
      expect(await stateChecksum(bench.pool)).toEqual(takenBack);
    },
  );

  it('have one row of a place that the log tells twice, the newer', async () => {
    const bench = await newBench();
    const chain = new SimulatedChain(new SeededRandom(5));
    const busy = [createToken, createPool, swap].flatMap((act) => Array.from({ length: 8 }, () => act));
    for (let count = 0; count < 8; count += 1) await append(bench.store, chain.stream, chain.mine(busy));
    const again = chain.blocks.flatMap(({ events }) => events).filter(({ type }) => type === 'Swap');
    const anew = again.map((event, index) => ({ ...event, id: new SeededRandom(90 + index).uuid() }));
    expect(anew.length).toBeGreaterThan(0);
    await append(bench.store, chain.stream, anew);
    await bench.project({ batchSize: 1 });
    const followed = await stateChecksum(bench.pool, 'swaps');
    await rebuild(bench, { batchSize: 1, storeEvery: 1 });
    expect(await stateChecksum(bench.pool, 'swaps')).toEqual(followed);
  });

  describe('once they are level', () => {
    const BLOCKS_BEFORE = 12;

    /** The same log, with what is done before one of its streams is read, and how often it was subscribed to. */
    function watched(
      store: ProjectionBench['store'],
      beforeStream: () => Promise<void>,
    ): { readonly store: EventStore; readonly subscriptions: () => number } {
      let count = 0;
      return {
        subscriptions: () => count,
        store: {
          append: (...of) => store.append(...of),
          async *readStream(...of) {
            await beforeStream();
            yield* store.readStream(...of);
          },
          readAll: (options) => store.readAll(options),
          subscribeToAll: (options) => {
            count += 1;
            return store.subscribeToAll(options);
          },
          head: () => store.head(),
          close: () => store.close(),
        },
      };
    }

    async function newLog(): Promise<{ bench: ProjectionBench; chain: SimulatedChain }> {
      const bench = await newBench();
      const chain = new SimulatedChain(new SeededRandom(7));
      for (let count = 0; count < BLOCKS_BEFORE; count += 1)
        await append(bench.store, chain.stream, chain.mine());
      await bench.project();
      return { bench, chain };
    }

    const rebuildFrom = (bench: ProjectionBench, store: EventStore) =>
      rebuildProjections({
        ...{ pool: bench.pool, store, projections: PROJECTION_NAMES },
        ...{ logger: silentLogger, clock: Date.now },
      });

    it('become live one after another, and are opened once for all of them', async () => {
      const { bench } = await newLog();
      const log = watched(bench.store, () => Promise.resolve());
      const outcomes = await rebuildFrom(bench, log.store);
      expect(outcomes.map(({ switched }) => switched)).toEqual(PROJECTION_NAMES.map(() => true));
      expect(log.subscriptions()).toBe(2);
    });

    it('all become live also where more is told, and followed, between two promotions', async () => {
      const { bench, chain } = await newLog();
      let more = 6;
      const log = watched(bench.store, async () => {
        more -= 1;
        if (more < 0) return;
        await append(bench.store, chain.stream, chain.mine());
        await bench.project();
      });
      const outcomes = await rebuildFrom(bench, log.store);
      expect(outcomes.map(({ switched }) => switched)).toEqual(PROJECTION_NAMES.map(() => true));
      expect(log.subscriptions()).toBeGreaterThan(2);
      const rebuilt = await stateChecksum(bench.pool);
      await bench.forget();
      await bench.project();
      expect(await stateChecksum(bench.pool)).toEqual(rebuilt);
    });
  });
});
