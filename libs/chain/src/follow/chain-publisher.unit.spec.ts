import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { EventStoreUnavailableError, silentLogger, type LogStream } from '@abland/kernel';
import { LogStreamUnavailableError, MemoryLogStream } from '@abland/log-stream';
import { until } from '@abland/testing/eventually';
import type { ChainBlock } from '../blocks/chain-block.js';
import { RpcUnavailableError, WrongChainError } from '../rpc/errors.js';
import { startChainPublisher, type ChainPublisher, type ChainPublisherOptions } from './chain-publisher.js';
import type { ChainMessage } from './messages.js';
import type { DecidedTip, ReorgDecision, ReorgDecisions } from './reorg-decisions.js';
import { PROVIDER, SimulatedChain } from './simulated-chain.fixture.js';

/** Decides as a test says, and keeps what it is told of that. */
class Operator implements ReorgDecisions {
  readonly told: (readonly [string, ...unknown[]])[] = [];
  /** As where the program ends before it has told. */
  isMute = false;
  isAway = false;
  #state: 'NOTHING' | 'ACCEPTED' | 'BEGUN' | 'TOLD' = 'NOTHING';
  #tip: DecidedTip = { hash: '', number: null };

  accept(): void {
    this.#state = 'ACCEPTED';
  }
  async begin(tip: DecidedTip): Promise<ReorgDecision | null> {
    if (this.#state !== 'ACCEPTED' && this.#state !== 'BEGUN') return null;
    if (this.#state === 'ACCEPTED') this.#tip = tip;
    this.#state = 'BEGUN';
    return this.#decision();
  }
  async begun(): Promise<ReorgDecision | null> {
    if (this.isAway) throw new EventStoreUnavailableError('the database is away');
    return this.#state === 'BEGUN' ? this.#decision() : null;
  }
  #decision(): ReorgDecision {
    const tell = async (...outcome: readonly [string, ...unknown[]]): Promise<void> => {
      if (this.isMute) return;
      this.#state = 'TOLD';
      this.told.push(outcome);
    };
    return {
      tip: this.#tip,
      done: (reached, taken) => tell('done', reached, taken?.blocks ?? null),
      failed: (code) => tell('failed', code),
    };
  }
}

const tipOf = (chain: SimulatedChain): DecidedTip => {
  const { hash = '', number = null } = chain.blocksNow.at(-1) ?? {};
  return { hash, number };
};

const untilTold = ({ told }: Operator): Promise<void> => until(() => told.length > 0);

describe('chain publisher', () => {
  let publisher: ChainPublisher | null = null;
  const logStream = (): LogStream => new MemoryLogStream();

  afterEach(async () => {
    await publisher?.stop();
    publisher = null;
  });

  async function start(
    source: ChainPublisherOptions['source'],
    stream: LogStream,
    options: Partial<ChainPublisherOptions> = {},
  ): Promise<ChainPublisher> {
    publisher = await startChainPublisher({
      chainId: 1,
      epoch: 1n,
      startBlock: 0,
      finalityDepth: 5,
      rangeSize: 4,
      parallelRanges: 3,
      source,
      logStream: stream,
      logger: silentLogger,
      nextHead: (signal) => sleep(5, undefined, { signal }).catch(() => undefined),
      ...options,
    });
    return publisher;
  }

  const status = () => publisher?.status();
  async function untilPublished(chain: SimulatedChain): Promise<void> {
    const { hash } = await chain.head();
    await until(() => publisher?.status().published?.hash === hash, status);
  }

  /** The chain that the published messages tell; each must follow the one before. */
  async function told(stream: LogStream): Promise<string[]> {
    const last = await stream.last('chain-1');
    const hashes: string[] = [];
    const done = new AbortController();
    reading: for await (const batch of stream.consume('chain-1', { signal: done.signal })) {
      for (const { offset, value } of batch) {
        const message = value as ChainMessage;
        if (message.kind === 'block') {
          expect(message.block.number).toBe(hashes.length);
          hashes.push(message.block.hash);
        }
        if (message.kind === 'reverted')
          expect(hashes.splice(message.fromNumber).reverse()).toEqual(message.hashes);
        if (offset === last?.offset) break reading;
      }
    }
    done.abort();
    return hashes;
  }

  const hashesOf = (chain: SimulatedChain): string[] => chain.blocksNow.map(({ hash }) => hash);

  it('goes on after each restart exactly where the log stream ends, through reorgs', async () => {
    const [chain, stream] = [new SimulatedChain(30), logStream()];
    for (let round = 0; round < 12; round += 1) {
      await start(chain, stream);
      await untilPublished(chain);
      await publisher?.stop();
      chain.shrink(round % 5);
      chain.grow(6 + round * 9);
    }
    await start(chain, stream);
    await untilPublished(chain);
    expect(await told(stream)).toEqual(hashesOf(chain));
  });

  it('publishes nothing twice where a publication was made and its answer lost', async () => {
    const [chain, stream] = [new SimulatedChain(9), logStream()];
    let calls = 0;
    const lossy: LogStream = Object.assign(Object.create(stream) as LogStream, {
      publish: async (...args: Parameters<LogStream['publish']>) => {
        const offset = await stream.publish(...args);
        calls += 1;
        if (calls % 2 === 1) throw new LogStreamUnavailableError('unreachable');
        return offset;
      },
    });
    await start(chain, lossy);
    await untilPublished(chain);
    expect(await told(stream)).toEqual(hashesOf(chain));
  });

  it('stands once another publishes by a higher epoch, and the stream tells one chain', async () => {
    const [chain, topics] = [new SimulatedChain(9), new Map()];
    const [stream, other] = [new MemoryLogStream(topics), new MemoryLogStream(topics)];
    const former = await start(chain, stream);
    await untilPublished(chain);
    await other.claim('chain-1', 2n);
    chain.grow(3);
    await until(() => former.status().failure !== null);
    expect(former.status().failure).toMatchObject({ code: 'LOG_STREAM_FENCED', failureClass: 'LATER' });
    await start(chain, other, { epoch: 2n });
    await untilPublished(chain);
    await former.stop();
    expect(await told(stream)).toEqual(hashesOf(chain));
  });

  it('knows for how long its newest block is the newest one, however often the provider answers', async () => {
    const [chain, stream] = [new SimulatedChain(5), logStream()];
    const running = await start(chain, stream);
    await untilPublished(chain);
    await until(() => (running.status().headAgeMs ?? 0) > 300, status);
    const { contactAgeMs, headAgeMs } = running.status();
    expect(contactAgeMs ?? Infinity).toBeLessThanOrEqual(headAgeMs ?? 0);
    const grown = performance.now();
    chain.grow(1);
    await untilPublished(chain);
    expect(running.status().headAgeMs ?? Infinity).toBeLessThanOrEqual(performance.now() - grown);
  });

  it('learns how long it is from one block to the next', async () => {
    const [chain, stream] = [new SimulatedChain(5), logStream()];
    const running = await start(chain, stream);
    await untilPublished(chain);
    expect(running.status().usualBlockMs).toBeNull();
    for (let block = 0; block < 66; block += 1) {
      chain.grow(1);
      await untilPublished(chain);
    }
    expect(running.status().usualBlockMs).toBeGreaterThan(0);
  });

  it('outlasts an outage of the provider and says so meanwhile', async () => {
    const [chain, stream] = [new SimulatedChain(5), logStream()];
    let away = false;
    let distrusted = 0;
    const source: ChainPublisherOptions['source'] = {
      head: async () => {
        if (away) throw new RpcUnavailableError('away');
        return chain.head();
      },
      headerAt: (number) => chain.headerAt(number),
      blocks: (from, to) => chain.blocks(from, to),
      followed: [],
    };
    const running = await start(source, stream, { onDistrust: () => (distrusted += 1) });
    await untilPublished(chain);
    away = true;
    chain.grow(3);
    await until(() => distrusted > 0, status);
    expect(running.status().failure).toMatchObject({ code: 'CHAIN_RPC_UNAVAILABLE', message: 'away' });
    away = false;
    await untilPublished(chain);
    expect(await told(stream)).toEqual(hashesOf(chain));
    expect(running.status()).toMatchObject({ failure: null, lagBlocks: 0, blocksPublished: 8 });
  });

  it('counts what it published by what proved each block, and by how many providers had it', async () => {
    const chain = new SimulatedChain(5);
    const shown = (block: ChainBlock): ChainBlock =>
      block.number < 2 ? block : { ...block, proof: 'RECEIPTS', providers: 3 };
    const running = await start(
      {
        head: () => chain.head(),
        headerAt: (number) => chain.headerAt(number),
        blocks: async (from, to) => (await chain.blocks(from, to)).map(shown),
        followed: [],
      },
      logStream(),
    );
    await untilPublished(chain);
    expect(running.status()).toMatchObject({
      proofs: { NONE: 0, BLOOM: 2, RECEIPTS: 3 },
      agreed: { 1: 2, 3: 3 },
    });
  });

  const untilFollowing = (following: string): Promise<void> =>
    until(() => publisher?.status().following === following, status);

  it('stands and says so, without an end, where no repetition helps', async () => {
    const [chain, stream] = [new SimulatedChain(12), logStream()];
    await start(chain, stream);
    await untilPublished(chain);
    const before = await told(stream);
    const final = chain.shrink(7);
    chain.grow(8);
    await untilFollowing('STOPPED');
    const ended = await Promise.race([publisher?.ended.then(() => true), sleep(50, false)]);
    expect([ended, publisher?.status().failure?.code]).toEqual([false, 'REORG_TOO_DEEP']);
    await publisher?.stop();
    await start(chain, stream); // as a program that is started again
    await untilFollowing('STOPPED');
    expect(await told(stream)).toEqual(before);
    await publisher?.stop();
    chain.shrink(8);
    chain.restore(final);
    await start(chain, stream);
    await untilFollowing('FOLLOWING');
  });

  it.each([
    ['a longer branch', 8],
    ['a shorter branch', 2],
    ['nothing in their place', 0],
  ])('takes final blocks back for %s once an operator accepted it, and goes on', async (_, grown) => {
    const [chain, stream] = [new SimulatedChain(12), logStream()];
    const operator = new Operator();
    const options = { behindMsMax: 10, decisions: operator };
    await start(chain, stream, options);
    await untilPublished(chain);
    const before = await told(stream);
    chain.shrink(9);
    chain.grow(grown);
    await until(() => (publisher?.status().failure ?? null) !== null, status);
    expect(await told(stream)).toEqual(before);
    operator.accept();
    await publisher?.stop();
    await start(chain, stream, options); // a program that is started again
    await untilTold(operator);
    expect(operator.told).toEqual([['done', chain.blocksNow[2]?.hash, 9]]);
    await publisher?.stop();
    await start(chain, stream, options);
    chain.grow(10);
    await untilPublished(chain);
    expect(await told(stream)).toEqual(hashesOf(chain));
    expect([operator.told.length, publisher?.status().failure]).toEqual([1, null]);
  });

  it('tells what came of a decision that it had begun when it ended, once the chain is followed again', async () => {
    const [chain, stream] = [new SimulatedChain(12), logStream()];
    const operator = new Operator();
    const options = { behindMsMax: 10, decisions: operator };
    await start(chain, stream, options);
    await untilPublished(chain);
    chain.shrink(9);
    chain.grow(10);
    operator.accept();
    operator.isMute = true;
    await publisher?.stop();
    await start(chain, stream, options);
    await untilPublished(chain);
    const reached = (await chain.head()).hash;
    expect(operator.told).toEqual([]);
    operator.isMute = false;
    await publisher?.stop();
    await start(chain, stream, options);
    await untilTold(operator);
    expect(operator.told).toEqual([['done', reached, null]]);
  });

  it.each([
    ['some', 2],
    ['so many that its block is final', 20],
  ])(
    'tells a decision as failed of which nothing was taken back, where %s blocks came before',
    async (_, grown) => {
      const [chain, stream] = [new SimulatedChain(12), logStream()];
      await start(chain, stream);
      await untilPublished(chain);
      await publisher?.stop();
      const begun = new Operator();
      begun.accept();
      await begun.begin(tipOf(chain)); // and no provider answered what was asked for it
      begun.isAway = true;
      chain.grow(grown);
      await start(chain, stream, { decisions: begun });
      await untilPublished(chain);
      await until(() => (publisher?.status().failure ?? null) !== null, status);
      await publisher?.stop();
      begun.isAway = false;
      await start(chain, stream, { decisions: begun });
      await untilTold(begun);
      expect(begun.told).toEqual([['failed', 'REORG_GONE']]);
    },
  );

  it('tells a decision as failed where there was nothing to take back, or nothing is left', async () => {
    const [chain, stream] = [new SimulatedChain(12), logStream()];
    await start(chain, stream);
    await untilPublished(chain);
    await publisher?.stop();
    const begun = new Operator();
    begun.accept();
    await begun.begin(tipOf(chain));
    await start(chain, stream, { decisions: begun });
    await untilTold(begun);
    expect(begun.told).toEqual([['failed', 'REORG_GONE']]);
    await publisher?.stop();
    chain.shrink(12);
    chain.grow(13);
    const other = new Operator();
    other.accept();
    await start(chain, stream, { decisions: other });
    await untilTold(other);
    expect(other.told).toEqual([['failed', 'REORG_TOO_DEEP']]);
    expect(publisher?.status()).toMatchObject({
      failure: { code: 'REORG_TOO_DEEP', awaitsDecision: true },
      seen: { provider: PROVIDER, block: { number: 0, hash: chain.blocksNow[0]?.hash } },
    });
  });

  it('says that the chain is behind once its head has been below what was published for a while', async () => {
    const [chain, stream] = [new SimulatedChain(12), logStream()];
    await start(chain, stream, { behindMsMax: 40 });
    await untilPublished(chain);
    const before = await told(stream);
    const gone = chain.shrink(11);
    await until(() => (publisher?.status().failure ?? null) !== null, status);
    expect(publisher?.status()).toMatchObject({
      following: 'BEHIND',
      head: { number: 0 },
      published: { number: 11 },
      failure: { code: 'CHAIN_BEHIND', failureClass: 'ANOTHER' },
    });
    expect(await told(stream)).toEqual(before);
    chain.restore(gone);
    chain.grow(1);
    await untilFollowing('FOLLOWING');
    await untilPublished(chain);
  });

  it('says at once that a head below all that a reorg may take back is behind', async () => {
    const [chain, stream] = [new SimulatedChain(12), logStream()];
    await start(chain, stream, { behindMsMax: 60_000 });
    await untilPublished(chain);
    const gone = chain.shrink(11);
    await untilFollowing('BEHIND');
    expect(publisher?.status()).toMatchObject({ failure: null, head: { number: 0 } });
    chain.restore(gone);
    await untilFollowing('FOLLOWING');
  });

  it.each([
    ['lower', 0],
    ['of another branch', 8],
  ])('tells another chain as another chain, whose head is %s', async (_, grown) => {
    const [chain, stream] = [new SimulatedChain(12), logStream()];
    let chainId = 1;
    const requireChain = (): Promise<void> =>
      chainId === 1 ? Promise.resolve() : Promise.reject(new WrongChainError('http://node', 1, chainId));
    await start(chain, stream, { behindMsMax: 60_000, requireChain });
    await untilPublished(chain);
    const before = await told(stream);
    chainId = 2;
    chain.shrink(11);
    chain.grow(grown);
    await untilFollowing('STOPPED');
    expect(publisher?.status()).toMatchObject({ failure: { code: 'WRONG_CHAIN' } });
    expect(await told(stream)).toEqual(before);
  });

  it('does not call a provider behind that lags for a moment', async () => {
    const [chain, stream] = [new SimulatedChain(12), logStream()];
    await start(chain, stream, { behindMsMax: 60_000 });
    await untilPublished(chain);
    const gone = chain.shrink(3);
    for (let waited = 0; waited < 20; waited += 1) {
      await sleep(5);
      expect(publisher?.status()).toMatchObject({ following: 'FOLLOWING', failure: null });
    }
    chain.restore(gone);
  });
});
