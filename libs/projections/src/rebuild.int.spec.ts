import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type EventStore, type SubscribeOptions, silentLogger } from '@abland/kernel';
import { chainHead } from './chain-head/queries.js';
import { RebuildInProgressError, UnknownProjectionError } from './engine/errors.js';
import type { RebuildProgress } from './builds/rebuild.js';
import { projectionStatus } from './builds/status.js';
import { stateChecksum } from './checksums.js';
import { PROJECTION_NAMES } from './projections.js';
import { rebuildProjection, type RebuildProjectionOptions } from './rebuild-projections.js';
import { ProjectionBench } from './testing/projection-bench.js';
import { SeededRandom } from '@abland/testing/seeded-random';
import { CHAIN_ID, CHAIN_STREAM, SimulatedChain } from './testing/simulated-chain.js';
import { simulatedRequest } from './testing/simulated-requests.js';

describe('rebuilding a projection', () => {
  let bench: ProjectionBench;
  let chain: SimulatedChain;
  let random: SeededRandom;

  beforeEach(async () => {
    bench = await ProjectionBench.open();
    random = new SeededRandom(3);
    chain = new SimulatedChain(random);
  });
  afterEach(async () => bench.close());

  /** Blocks, requests, forks and finality, as a log has them. */
  async function live(blocks: number): Promise<void> {
    for (let i = 0; i < blocks; i += 1) {
      await bench.store.append(CHAIN_STREAM, chain.mine(), 'any');
      const others = [...(i % 7 === 6 ? chain.revert(3) : []), ...(i % 10 === 9 ? chain.finalize(6) : [])];
      if (others.length > 0) await bench.store.append(CHAIN_STREAM, others, 'any');
      if (i % 5 === 4) {
        for (const { stream, events } of simulatedRequest(random, i, CHAIN_ID))
          await bench.store.append(stream, events, 'any');
      }
    }
  }

  const rebuild = (projection: string, extra: Partial<RebuildProjectionOptions> = {}) =>
    rebuildProjection({
      pool: bench.pool,
      store: bench.store,
      projection,
      logger: silentLogger,
      clock: Date.now,
      ...extra,
    });

  it('gives identical tables, also where the log has forks, and also when the tables were deleted', async () => {
    await live(120);
    await bench.project({ batchSize: 13 });
    const before = await stateChecksum(bench.pool);
    expect(before.tables.filter(({ rows }) => rows > 0).length).toBeGreaterThan(18);
    await bench.forget();
    for (const name of PROJECTION_NAMES) expect(await rebuild(name)).toMatchObject({ switched: true });
    expect(await stateChecksum(bench.pool)).toEqual(before);
    const head = await bench.store.head();
    const status = await projectionStatus(bench.pool, head);
    // As far as the log, also those that handle none of its last events: nobody waits for the next event to say so.
    expect(status.map(({ target, checkpoint }) => [target, checkpoint])).toEqual(
      PROJECTION_NAMES.map(() => ['live', head]),
    );
  });

  it('leaves what a later reorg needs, so that the rebuilt tables go on like the others', async () => {
    await live(30);
    await bench.project();
    for (const name of ['pools', 'holdings', 'chain-head']) await rebuild(name);
    await bench.store.append(CHAIN_STREAM, chain.revert(4), 'any');
    await live(10);
    await bench.project();
    const rebuilt = await stateChecksum(bench.pool);
    await bench.forget();
    await bench.project();
    expect(await stateChecksum(bench.pool)).toEqual(rebuilt);
  });

  it('is invisible to readers and the live runner, while blocks keep coming', async () => {
    await live(40);
    const running = bench.start();
    await bench.level(running);
    let done = false;
    const seen: number[] = [];
    const reader = (async () => {
      while (!done) seen.push((await chainHead(bench.db, CHAIN_ID)).number ?? -1);
    })();
    const writer = (async () => {
      while (!done) {
        await bench.store.append(CHAIN_STREAM, chain.mine(), 'any');
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    })();
    for (let i = 0; i < 3; i += 1) {
      await rebuild('chain-head');
      await rebuild('holdings');
    }
    done = true;
    await Promise.all([reader, writer]);
    await bench.level(running);
    await running.stop();
    const after = await stateChecksum(bench.pool);
    expect(seen.every((number, index) => index === 0 || number >= (seen[index - 1] ?? 0))).toBe(true);
    await bench.forget();
    await bench.project();
    expect(await stateChecksum(bench.pool)).toEqual(after);
  });

  it('goes on where an interrupted one stopped', async () => {
    await live(40);
    await bench.project();
    const before = await stateChecksum(bench.pool);
    const abort = new AbortController();
    const stopped = await rebuild('chain-head', {
      signal: abort.signal,
      batchSize: 10,
      onProgress: ({ handled }) => handled >= 30 && abort.abort(),
    });
    expect(stopped).toMatchObject({ switched: false, handled: 30 });
    const building = (await projectionStatus(bench.pool)).find(({ target }) => target === 'rebuild');
    expect(building).toMatchObject({ name: 'chain-head', state: 'REBUILDING' });
    expect(await stateChecksum(bench.pool)).toEqual(before);
    const told: RebuildProgress[] = [];
    const resumed = await rebuild('chain-head', { onProgress: (progress) => told.push(progress) });
    expect(resumed.switched).toBe(true);
    expect(told.at(-1)?.handled).toBe(resumed.handled - 30);
    expect(await stateChecksum(bench.pool)).toEqual(before);
  });

  it('takes the place of tables that followed another log, where the log was moved there and back', async () => {
    await live(30);
    await bench.project();
    const before = await stateChecksum(bench.pool);
    // As EventStoreDB counts: positions beyond all that this log has.
    await bench.pool.query(
      `UPDATE projections.builds SET position = position * 1000, last_event = last_event || jsonb_build_object('position', (position * 1000)::text)`,
    );
    for (const name of PROJECTION_NAMES) await rebuild(name);
    const head = await bench.store.head();
    const status = await projectionStatus(bench.pool, head);
    expect(status.map(({ checkpoint }) => checkpoint)).toEqual(PROJECTION_NAMES.map(() => head));
    await live(3);
    await bench.project();
    expect(await stateChecksum(bench.pool)).not.toEqual(before);
  });

  it('begins anew where an interrupted one was of another log', async () => {
    await live(30);
    await bench.project();
    const before = await stateChecksum(bench.pool);
    const abort = new AbortController();
    const onProgress = (): void => abort.abort();
    await rebuild('chain-head', { signal: abort.signal, batchSize: 10, onProgress });
    await bench.pool.query(
      `UPDATE projections.builds SET last_event = last_event || '{"position": "1000000"}' WHERE state = 'BUILDING'`,
    );
    expect(await rebuild('chain-head')).toMatchObject({ switched: true });
    expect(await stateChecksum(bench.pool)).toEqual(before);
  });

  it('tells its rate and what is left', async () => {
    await live(20);
    await bench.project();
    const told: RebuildProgress[] = [];
    await rebuild('holdings', { onProgress: (progress) => told.push(progress) });
    expect(told.length).toBeGreaterThan(0);
    expect(told.at(-1)).toMatchObject({ handled: expect.any(Number), eventsPerSecond: expect.any(Number) });
    expect(told.at(-1)?.left).toBeLessThan(20n);
  });

  it('that lost its lease to another writes no more', async () => {
    await live(20);
    await bench.project();
    const before = await stateChecksum(bench.pool);
    const stealAfterFirstPage: EventStore = Object.create(bench.store, {
      subscribeToAll: {
        value: async function* (options: SubscribeOptions) {
          for await (const page of bench.store.subscribeToAll(options)) {
            yield page;
            await bench.pool.query(
              `UPDATE leases.leases SET holder = gen_random_uuid(), epoch = epoch + 1 WHERE name = 'build-' || (SELECT max(id) FROM projections.builds)`,
            );
          }
        },
      },
    });
    const frozen = rebuild('chain-head', { batchSize: 10, store: stealAfterFirstPage });
    await expect(frozen).rejects.toMatchObject({ code: 'LEASE_LOST' });
    const building = (await projectionStatus(bench.pool)).find(({ target }) => target === 'rebuild');
    expect(building).toMatchObject({ state: 'REBUILDING', handled: 0 });
    await expect(rebuild('chain-head')).rejects.toBeInstanceOf(RebuildInProgressError);
    await bench.pool.query(`UPDATE leases.leases SET expires_at = '-infinity'`);
    expect(await rebuild('chain-head')).toMatchObject({ switched: true });
    expect(await stateChecksum(bench.pool)).toEqual(before);
  });

  it('refuses a second one of the same projection, and one of no projection', async () => {
    await live(5);
    const both = await Promise.allSettled([rebuild('users'), rebuild('users')]);
    const refused = both.filter((outcome) => outcome.status === 'rejected');
    expect(refused.length).toBeLessThanOrEqual(1);
    for (const { reason } of refused) expect(reason).toBeInstanceOf(RebuildInProgressError);
    await expect(rebuild('nothing')).rejects.toBeInstanceOf(UnknownProjectionError);
  });
});
