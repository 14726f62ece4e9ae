import { randomUUID } from 'node:crypto';
import { type EventStore, type NewEvent, type Position, silentLogger, type Supervised } from '@abland/kernel';
import { eventually } from '@abland/testing';
import { SeededRandom } from '@abland/testing/seeded-random';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { changeBuild } from './act-on-builds.js';
import { beginRebuild } from './ask-for-builds.js';
import { runProjections, type RunProjectionsOptions } from './builds/runner.js';
import { type BuildView, listBuilds } from './builds/status.js';
import { chainHeadProjection } from './chain-head/projection.js';
import { Precedence } from './engine/precedence.js';
import type { Projection } from './engine/projection.js';
import { poolsProjection } from './pools/projection.js';
import { swapsProjection } from './swaps/projection.js';
import { ProjectionBench } from './testing/projection-bench.js';
import { CHAIN_STREAM, SimulatedChain } from './testing/simulated-chain.js';

const PROJECTIONS = [chainHeadProjection, poolsProjection, swapsProjection];
const BLOCKS = 40;
/** More than those lie apart that share a subscription. */
const FAR = 1_500;

/** Nobody keeps anything of them. */
const elsewhere = (count: number): readonly NewEvent[] =>
  Array.from({ length: count }, () => ({
    ...{ id: randomUUID(), type: 'UserSignedIn', version: 1 },
    data: { address: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8', at: '2026-01-01T00:00:00.000Z' },
    metadata: { correlationId: 'apart', causationId: null, actor: 'test' },
  }));

const WORK_MS = 4;

/** Each block takes longer than a slice of work may last. */
const slow: Projection = {
  ...chainHeadProjection,
  handlers: {
    ...chainHeadProjection.handlers,
    BlockIngested: {
      apply: (event, rows) => {
        const until = performance.now() + WORK_MS;
        while (performance.now() < until);
        chainHeadProjection.handlers.BlockIngested?.apply(event, rows);
      },
    },
  },
};

/** A log that hands out to builds that read it from its beginning only so many batches, until it is let. */
class HeldToBuilds {
  private readonly open = Promise.withResolvers<void>();

  constructor(
    private readonly log: EventStore,
    private left: number,
  ) {}

  letOn(): void {
    this.open.resolve();
  }

  get store(): EventStore {
    const subscribe = (options: Parameters<EventStore['subscribeToAll']>[0]) => this.batches(options);
    return Object.create(this.log, { subscribeToAll: { value: subscribe } });
  }

  private async *batches(options: Parameters<EventStore['subscribeToAll']>[0]) {
    const isBeginning = options.filter !== undefined && options.after === undefined;
    for await (const batch of this.log.subscribeToAll(options)) {
      if (isBeginning && this.left <= 0) await this.open.promise;
      if (isBeginning) this.left -= 1;
      yield batch;
    }
  }
}

describe('builds at different places', () => {
  let bench: ProjectionBench;
  let chain: SimulatedChain;
  const running: Supervised[] = [];
  const held: HeldToBuilds[] = [];

  beforeEach(async () => {
    bench = await ProjectionBench.open();
    chain = new SimulatedChain(new SeededRandom(7));
    await mine(BLOCKS);
    run(PROJECTIONS);
  });
  afterEach(async () => {
    for (const one of held.splice(0)) one.letOn();
    await stopAll();
    await bench.close();
  });

  const mine = async (blocks: number): Promise<void> => {
    for (let i = 0; i < blocks; i += 1) await bench.store.append(CHAIN_STREAM, chain.mine(), 'any');
  };
  const grow = async (): Promise<void> => {
    await bench.store.append('user-elsewhere', elsewhere(FAR), 'any');
    await mine(1);
  };
  const run = (
    projections: RunProjectionsOptions['projections'],
    more: Partial<RunProjectionsOptions> = {},
  ): void => {
    const { pool, store } = bench;
    const options = { store, pool, projections, logger: silentLogger, clock: Date.now, batchSize: 20 };
    running.push(runProjections({ ...options, standbyPauseMs: 20, failedPauseMs: 100, ...more }));
  };
  const stopAll = async (): Promise<void> => {
    for (const one of running.splice(0)) await one.stop();
  };
  /** A projector whose builds that begin come no further than so many batches. */
  const runHeld = (batches: number, more: Partial<RunProjectionsOptions> = {}): HeldToBuilds => {
    const log = new HeldToBuilds(bench.store, batches);
    held.push(log);
    run(PROJECTIONS, { store: log.store, ...more });
    return log;
  };
  const rebuild = ({ name: projection }: { readonly name: string }): Promise<unknown> =>
    beginRebuild({
      ...{ pool: bench.pool, projection, askedBy: 'operator:ada', reason: 'To see', promotesItself: false },
    });
  const build = async ({ name }: { readonly name: string }, beside = true): Promise<BuildView> => {
    const builds = await listBuilds(bench.pool, await bench.store.head());
    const found = builds.find((one) => one.name === name && (one.state === 'LIVE') !== beside);
    if (found === undefined) throw new Error(`There is no such build of ${name}`);
    return found;
  };
  const untilReady = (projection: { readonly name: string }): Promise<void> =>
    eventually(async () => expect(await build(projection)).toMatchObject({ state: 'READY', behind: 0n }));
  const placeOf = async (projection: { readonly name: string }): Promise<Position> =>
    (await build(projection)).checkpoint ?? 0n;

  it('hold nobody back by being behind: what is live and what waits for its promotion follow the log meanwhile', async () => {
    await rebuild(chainHeadProjection);
    await untilReady(chainHeadProjection);
    await stopAll();
    const log = runHeld(0);
    await rebuild(swapsProjection);
    await eventually(async () => expect((await build(swapsProjection)).activity).toBe('STOPPED'));
    for (let round = 0; round < 2; round += 1) {
      await grow();
      await untilReady(chainHeadProjection);
      for (const projection of PROJECTIONS)
        await eventually(async () => expect((await build(projection, false)).behind).toBe(0n));
    }
    expect(await build(swapsProjection)).toMatchObject({ state: 'BUILDING', checkpoint: null });
    log.letOn();
    await untilReady(swapsProjection);
  });

  it('come to each other where they wait for their promotion, the one that was left behind too', async () => {
    for (const projection of [chainHeadProjection, poolsProjection]) {
      await rebuild(projection);
      await untilReady(projection);
    }
    await stopAll();
    run([chainHeadProjection, swapsProjection]); // as a program does that has another definition of pools
    await grow();
    await untilReady(chainHeadProjection);
    expect((await placeOf(chainHeadProjection)) - (await placeOf(poolsProjection))).toBeGreaterThan(1_000n);
    await stopAll();
    run(PROJECTIONS);
    await untilReady(poolsProjection);
    await grow();
    await untilReady(poolsProjection);
    await untilReady(chainHeadProjection);
  });

  it('go after what is live and comes one by one', async () => {
    const [first, giveWay] = [
      jest.spyOn(Precedence.prototype, 'first'),
      jest.spyOn(Precedence.prototype, 'giveWay'),
    ];
    try {
      await stopAll();
      run([slow], { batchSize: 2_000 });
      await rebuild(slow);
      await untilReady(slow);
      await mine(1);
      await eventually(async () => expect((await build(slow, false)).behind).toBe(0n));
      expect(giveWay.mock.calls.length).toBeGreaterThan(0);
      expect(first.mock.calls.length).toBeGreaterThan(0);
      expect(new Set([...first.mock.contexts, ...giveWay.mock.contexts]).size).toBe(1);
    } finally {
      jest.restoreAllMocks();
    }
  });

  it('tell how far they are of what, how long it takes and how sure that is, and the memory of who builds them', async () => {
    let now = 0;
    // Each look is a second later: every batch is stored, and one of its own to the pace.
    const timing = { now: (): number => (now += 1_000) };
    await stopAll();
    const log = runHeld(8, { timing, batchSize: 2 });
    await rebuild(chainHeadProjection);
    await eventually(async () =>
      expect(await build(chainHeadProjection)).toMatchObject({
        ...{ state: 'BUILDING', activity: 'CATCHING_UP', target: await bench.store.head() },
        timeLeft: { seconds: expect.any(Number), within: expect.any(Number) },
        memoryBytes: expect.any(Number),
      }),
    );
    const { behind, memoryBytes, timeLeft } = await build(chainHeadProjection);
    expect(behind).toBeGreaterThan(0n);
    expect(timeLeft?.seconds).toBeGreaterThan(0);
    expect(memoryBytes).toBeGreaterThan(2 ** 20);

    await changeBuild('PAUSE', { pool: bench.pool, projection: chainHeadProjection.name });
    expect(await build(chainHeadProjection)).toMatchObject({
      ...{ state: 'PAUSED', timeLeft: null, memoryBytes: null },
    });
    log.letOn();
    await changeBuild('RESUME', { pool: bench.pool, projection: chainHeadProjection.name });
    await untilReady(chainHeadProjection);
    expect((await build(chainHeadProjection)).timeLeft).toEqual({ seconds: 0, within: 0 });
  });
});
