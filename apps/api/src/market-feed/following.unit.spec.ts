import { describe, expect, it, jest } from '@jest/globals';
import type { BlocksReverted } from '@abland/domain';
import { MemoryEventStore } from '@abland/event-store';
import { Outages, type RecordedEvent, type Revision, silentLogger } from '@abland/kernel';
import { SeededRandom } from '@abland/testing/seeded-random';
import { CHAIN_ID, swapFacts, TestChain } from '../../test/test-chain.js';
import { ReadSlots } from '../reading/read-slots.js';
import { type ChainChange, chainReferenceOf } from './changes/chain-change.js';
import { ChainFeed } from './chain-feed.js';
import { Following } from './following.js';

const interruptions = new Outages({ logger: silentLogger, message: 'interrupted' });

const STREAM = `chain-${CHAIN_ID}`;
const [ADA, A, B] = ['a', '1', '2'].map((digit) => `0x${digit.repeat(40)}`) as [string, string, string];
const POOLS = ['x', 'y', 'z'];

interface Told {
  readonly revision: Revision;
  readonly kind: 'block' | 'retraction';
  /** Hash of the block and place in it. */
  readonly ids: readonly string[];
}
const idOf = (fact: RecordedEvent): string =>
  `${chainReferenceOf(fact).blockHash}-${chainReferenceOf(fact).logIndex}`;
const swapsIn = (facts: readonly RecordedEvent[], pool: string | null): string[] =>
  facts.filter(({ data, type }) => type === 'Swap' && (pool === null || data['poolId'] === pool)).map(idOf);

/** What there is to be told, by the simplest way: blocks on a heap, from which reorgs take. */
async function expected(store: MemoryEventStore, pool: string | null): Promise<readonly Told[]> {
  const told: Told[] = [];
  const blocks: RecordedEvent[][] = [];
  let open: RecordedEvent[] = [];
  for await (const page of store.readStream(STREAM)) {
    for (const event of page) {
      if (event.type === 'BlockIngested') {
        told.push({ revision: event.revision, kind: 'block', ids: swapsIn(open, pool) });
        blocks.push(open);
        open = [];
      } else if (event.type === 'BlocksReverted') {
        const { fromNumber, toNumber } = event.data as unknown as BlocksReverted['data'];
        const gone = blocks.splice(blocks.length - (toNumber - fromNumber + 1)).flat();
        told.push({ revision: event.revision, kind: 'retraction', ids: swapsIn(gone, pool) });
      } else if (event.type !== 'BlocksFinalized') open.push(event);
    }
  }
  return told.filter(({ ids }) => ids.length > 0);
}

/** One process of an API: it may end at any time, and others take its clients. */
class Instance {
  private feed: ChainFeed | null = null;
  private readonly catchingUp = new ReadSlots({ max: 2, waitersMax: 100, waitMs: 60_000 });

  constructor(
    private readonly store: MemoryEventStore,
    private readonly pendingMax = 1_000,
    private readonly readModelsAt: (position: bigint) => Promise<void> = async () => undefined,
  ) {}

  follow(pool: string | null, after: Revision | null, onTooSlow = (): void => undefined): Following<Told> {
    return new Following<Told>({
      chainId: CHAIN_ID,
      log: this.store,
      feed: () => (this.feed ??= this.begin()),
      catchingUp: this.catchingUp,
      after,
      isWanted: ({ facts }) => swapsIn(facts, pool).length > 0,
      messageOf: async (change) => toldOf(change, pool),
      onTooSlow,
      onEnd: () => undefined,
    });
  }

  end(): void {
    this.feed?.end();
    this.feed = null;
  }

  private begin(): ChainFeed {
    const watch = { reach: (position: bigint) => this.readModelsAt(position) };
    return new ChainFeed(CHAIN_ID, {
      ...{ log: this.store, watch, interruptions, pendingMax: this.pendingMax },
    });
  }
}

const toldOf = ({ facts, place, reverted }: ChainChange, pool: string | null): Told => ({
  revision: place.revision,
  kind: reverted === null ? 'block' : 'retraction',
  ids: swapsIn(facts, pool),
});

const swap = (poolId: string) =>
  swapFacts({
    ...{ poolId, user: ADA, manager: B, tokenIn: A, tokenOut: B },
    ...{ amountIn: 1n, amountOut: 1n, reserveA: 1n, reserveB: 1n },
  });

async function grow(chain: TestChain, random: SeededRandom): Promise<void> {
  if (chain.number > 1 && random.below(4) === 0) {
    await chain.revert(1 + random.below(Math.min(4, chain.number - 1)));
  } else if (chain.number > 0 && random.below(8) === 0) {
    await chain.finalize(Math.max(1, chain.number - 4));
  } else {
    const swaps = Array.from({ length: random.below(4) }, () => POOLS[random.below(POOLS.length)] ?? '');
    await chain.mine(...swaps.map((pool) => ({ facts: swap(pool), txHash: chain.nextTxHash() })));
  }
}

/** Some turns of the loop, in which others go on. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** A client that is killed and begun again, at whichever instance, as chance has it. */
class Client {
  readonly got: Told[] = [];
  private following: Following<Told> | null = null;
  private ended = false;

  constructor(
    private readonly instances: readonly Instance[],
    private readonly pool: string | null,
    private readonly random: SeededRandom,
  ) {}

  /** Ends once it was told of a revision. */
  async run(): Promise<void> {
    while (!this.ended) await this.followForAWhile();
  }

  endAt(revision: Revision): void {
    if (this.known < revision) return;
    this.ended = true;
    void this.following?.return();
  }

  private get known(): Revision {
    return this.got.at(-1)?.revision ?? -1n;
  }

  private async followForAWhile(): Promise<void> {
    const { instances, pool, random } = this;
    const following = random.pick(instances).follow(pool, this.known);
    this.following = following;
    const killedAfter = random.below(6);
    for (let messages = 0; ; messages += 1) {
      const next = following.next();
      if (messages >= killedAfter) {
        await turns(random.below(4));
        void following.return();
      }
      const { done, value } = await next;
      if (done === true) return;
      this.got.push(value);
    }
  }
}

describe('who follows a chain', () => {
  it.each(Array.from({ length: 60 }, (_, seed) => seed))(
    'is told everything once and in order through reorgs, kills and other instances (seed %i)',
    async (seed) => {
      const random = new SeededRandom(seed);
      const store = new MemoryEventStore();
      const chain = new TestChain(store, () => 1_000_000_000_000);
      for (let blocks = random.below(20); blocks > 0; blocks -= 1) await grow(chain, random);
      const instances = [new Instance(store), new Instance(store)];
      const pools = [null, ...POOLS];
      const clients = pools.map(
        (pool, index) => new Client(instances, pool, new SeededRandom(seed * 100 + index)),
      );
      const running = clients.map((client) => client.run());
      for (let step = 0; step < 40; step += 1) {
        await grow(chain, random);
        await turns(random.below(3));
        if (random.below(10) === 0) random.pick(instances).end();
      }
      const all = await Promise.all(pools.map((pool) => expected(store, pool)));
      let waiting = true;
      const done = Promise.all(running).then(() => (waiting = false));
      while (waiting) {
        for (const [index, client] of clients.entries()) client.endAt(all[index]?.at(-1)?.revision ?? -1n);
        await turns(1);
      }
      await done;
      expect(clients.map(({ got }) => got)).toEqual(all);
      for (const instance of instances) instance.end();
    },
  );

  it('is let go where more waits than is kept, and finds all of it from where it was', async () => {
    const store = new MemoryEventStore();
    const chain = new TestChain(store, () => 1_000_000_000_000);
    const mine = () => chain.mine({ facts: swap('x'), txHash: chain.nextTxHash() });
    const instance = new Instance(store, 2);
    const onTooSlow = jest.fn();
    await mine();
    const slow = instance.follow(null, -1n, onTooSlow);
    const quick = instance.follow(null, -1n);
    const got: Told[] = [(await slow.next()).value as Told];
    await quick.next();
    const waiting = slow.next();
    for (let blocks = 0; blocks < 8; blocks += 1) {
      const next = quick.next();
      await mine();
      expect((await next).done).toBe(false);
    }
    got.push((await waiting).value as Told);
    expect(onTooSlow).toHaveBeenCalledTimes(1);
    expect((await slow.next()).done).toBe(true);
    const again = instance.follow(null, got.at(-1)?.revision ?? -1n);
    while (got.length < 9) got.push((await again.next()).value as Told);
    expect(got).toEqual(await expected(store, null));
    instance.end();
  });

  it('is told that it ended where the log or the read models fail, also while it begins, and goes on anew', async () => {
    const store = new MemoryEventStore();
    const chain = new TestChain(store, () => 1_000_000_000_000);
    await chain.mine({ facts: swap('x'), txHash: chain.nextTxHash() });
    let reached = false;
    const watch = {
      reach: async () => {
        if (!reached) throw new Error('the read models are behind');
      },
    };
    const reading: AbortSignal[] = [];
    const subscribe = store.subscribeToAll.bind(store);
    store.subscribeToAll = (options) => {
      reading.push(options.signal);
      return subscribe(options);
    };
    const begin = () => new ChainFeed(CHAIN_ID, { log: store, watch, interruptions, pendingMax: 10 });
    const failed = begin();
    await expect(failed.ready).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    const join = { after: -1n, isWanted: () => true, onOverflow: () => undefined };
    expect(() => failed.join(join)).toThrow(expect.objectContaining({ code: 'SERVICE_UNAVAILABLE' }));
    reached = true;
    const feed = begin();
    await feed.ready;
    const pending = feed.join({ ...join, after: feed.revision });
    reached = false;
    await chain.mine({ facts: swap('x'), txHash: chain.nextTxHash() });
    await expect(pending?.next()).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    expect(feed.hasFailed).toBe(true);
    expect(reading.map(({ aborted }) => aborted)).toEqual([true]); // or its reader stays beside that of the next one
  });

  it('hears of nothing that the read models do not have yet', async () => {
    const store = new MemoryEventStore();
    const chain = new TestChain(store, () => 1_000_000_000_000);
    const mine = () => chain.mine({ facts: swap('x'), txHash: chain.nextTxHash() });
    await mine();
    const known = await store.head();
    const { promise, resolve: go } = Promise.withResolvers<void>();
    const waits: bigint[] = [];
    const instance = new Instance(store, 10, async (position) => {
      waits.push(position);
      if (position !== known) await promise;
    });
    const first = instance.follow(null, -1n);
    expect((await first.next()).done).toBe(false);
    await mine();
    while (waits.length < 2) await turns(1);
    const late = instance.follow(null, -1n);
    expect((await late.next()).done).toBe(false);
    let gone = false;
    const told = Promise.all([first.next(), late.next()].map((next) => next.then(() => gone)));
    await turns(50);
    gone = true;
    go();
    expect(await told).toEqual([true, true]);
    instance.end();
  });

  it('is not told again what it knows of by an instance that is behind', async () => {
    const store = new MemoryEventStore();
    const chain = new TestChain(store, () => 1_000_000_000_000);
    const mine = () => chain.mine({ facts: swap('x'), txHash: chain.nextTxHash() });
    const instance = new Instance(store);
    await mine();
    const ahead = (await store.head()) ?? 0n;
    // Streams count from 0, the log from 1: the revision of the block that comes next.
    const following = instance.follow(null, 2n * ahead - 1n);
    const next = following.next();
    await turns(5);
    await mine();
    await turns(5);
    await mine();
    expect((await next).value?.revision).toBe(3n * ahead - 1n);
    instance.end();
  });

  it('hears of a fact that an operator had read anew, once, and not of one that is left out', async () => {
    const store = new MemoryEventStore();
    const chain = new TestChain(store, () => 1_000_000_000_000);
    await chain.mine({ facts: swap('x'), txHash: chain.nextTxHash() });
    await chain.resolveParked('SKIPPED', []);
    await chain.resolveParked('RETRIED', swap('y'));
    await chain.mine({ facts: swap('z'), txHash: chain.nextTxHash() });
    const instance = new Instance(store);
    const all = instance.follow(null, -1n);
    const got: Told[] = [];
    while (got.length < 3) got.push((await all.next()).value as Told);
    expect(got.map(({ ids }) => ids.length)).toEqual([1, 1, 1]);
    const rest = instance.follow(null, got[1]?.revision ?? -1n);
    expect((await rest.next()).value).toEqual(got[2]);
    instance.end();
  });

  it('asks for no feed once it has left while it waited for its turn to catch up', async () => {
    const store = new MemoryEventStore();
    const chain = new TestChain(store, () => 1_000_000_000_000);
    await chain.mine({ facts: swap('x'), txHash: chain.nextTxHash() });
    const feed = new ChainFeed(CHAIN_ID, {
      ...{ log: store, watch: { reach: async () => undefined }, interruptions, pendingMax: 10 },
    });
    const catchingUp = new ReadSlots({ max: 1, waitersMax: 10, waitMs: 60_000 });
    const another = await catchingUp.take(null);
    let asked = 0;
    const following = new Following<Told>({
      ...{ chainId: CHAIN_ID, log: store, catchingUp, after: -1n, isWanted: () => true },
      feed: () => {
        asked += 1;
        return feed;
      },
      messageOf: async (change) => toldOf(change, null),
      ...{ onTooSlow: () => undefined, onEnd: () => undefined },
    });
    const next = following.next();
    await turns(20);
    await following.return();
    another();
    expect(await next).toEqual({ done: true, value: undefined });
    expect(asked).toBe(1);
    feed.end();
  });
});
