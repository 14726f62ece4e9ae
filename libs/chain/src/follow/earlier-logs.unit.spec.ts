import { setTimeout as sleep } from 'node:timers/promises';
import { type LogMessage, silentLogger } from '@abland/kernel';
import { MemoryLogStream } from '@abland/log-stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { BlockLog, ChainBlock } from '../blocks/chain-block.js';
import { RpcUnavailableError } from '../rpc/errors.js';
import { CONTRACTS, creationLog, TOKEN, transferLog } from '../ingest/sample-logs.fixture.js';
import { type ChainPublisher, startChainPublisher } from './chain-publisher.js';
import { MemoryFollowBook } from './memory-follow-book.fixture.js';
import type { ChainMessage } from './messages.js';
import { SimulatedChain } from './simulated-chain.fixture.js';

const FACTORY = CONTRACTS.tokenFactory.toLowerCase();
const [MARKET, GOVERNOR] = [`0x${'b2'.repeat(20)}`, `0x${'c4'.repeat(20)}`];

/** Each block has a log of every contract; who reads gets those of the contracts that are followed, and transfers. */
class BusyChain extends SimulatedChain {
  /** Called before blocks are read. */
  before: (from: number, to: number) => Promise<void> = async () => undefined;

  mine(...logs: readonly BlockLog[]): void {
    this.grow(1);
    const newest = this.blocksNow.pop() as ChainBlock;
    const own = [MARKET, GOVERNOR].map((address) => ({ ...transferLog(address, 0), topics: [] }));
    const all = [...own, ...logs].map((log, logIndex) => ({ ...log, logIndex }));
    this.blocksNow.push({ ...newest, logs: all });
  }

  override async blocks(from: number, to: number): Promise<readonly ChainBlock[]> {
    await this.before(from, to);
    return (await super.blocks(from, to)).map((block) => ({
      ...block,
      logs: block.logs.filter(
        ({ address, topics }) => this.followed.includes(address) || topics.length === 3,
      ),
    }));
  }
}

describe('what contracts did before they were followed', () => {
  let chain: BusyChain;
  let stream: MemoryLogStream;
  let book: MemoryFollowBook;
  let publisher: ChainPublisher | null = null;

  beforeEach(() => {
    chain = new BusyChain(0);
    stream = new MemoryLogStream();
    book = new MemoryFollowBook();
  });
  afterEach(() => stop());

  function grow(count: number): void {
    for (let index = 0; index < count; index += 1) chain.mine();
  }
  const stop = async (): Promise<void> => {
    await publisher?.stop();
    publisher = null;
  };
  function start(...followed: readonly string[]): void {
    chain.followed = followed;
    async function* recorded(): AsyncIterable<string> {}
    publisher = startChainPublisher({
      ...{ chainId: 1, epoch: 1n, startBlock: 0, finalityDepth: 5, rangeSize: 20, parallelRanges: 3 },
      ...{ source: chain, logStream: stream, logger: silentLogger },
      tokens: { book, tokenFactory: CONTRACTS.tokenFactory, recorded },
      nextHead: (signal) => sleep(5, undefined, { signal }).catch(() => undefined),
    });
  }
  async function until(isSo: () => boolean | Promise<boolean>, what: string): Promise<void> {
    for (let waited = 0; !(await isSo()); waited += 1) {
      if (waited > 12_000) throw new Error(`Not so: ${what}; ${JSON.stringify(publisher?.status())}`);
      await sleep(5);
    }
  }
  async function published(): Promise<void> {
    const { hash } = await chain.head();
    await until(() => publisher?.status().published?.hash === hash, 'published');
  }
  async function run(...followed: readonly string[]): Promise<void> {
    start(...followed);
    await published();
    await stop();
  }
  /** Mines block by block until nothing is brought along any more. */
  async function untilBrought(): Promise<void> {
    await until(async () => {
      chain.mine();
      await published();
      return publisher?.status().bringing === null;
    }, 'brought');
  }
  async function blocks(): Promise<readonly ChainBlock[]> {
    const last = await stream.last('chain-1');
    const done = new AbortController();
    const found: LogMessage[] = [];
    for await (const batch of stream.consume('chain-1', { signal: done.signal })) {
      found.push(...batch);
      if (found.at(-1)?.offset === last?.offset) break;
    }
    done.abort();
    const messages = found.map(({ value }) => value as ChainMessage);
    return messages.flatMap((message) => (message.kind === 'block' ? [message.block] : []));
  }
  /** Of each block that brings earlier ones along: its number and theirs. */
  const broughtAlong = async (): Promise<[number, number[]][]> =>
    (await blocks()).flatMap(({ earlier, number }): [number, number[]][] =>
      earlier === undefined ? [] : [[number, earlier.map((one) => one.number)]],
    );
  /** The numbers of the blocks with logs of a contract, in the order in which they were told. */
  const toldOf = async (contract: string): Promise<number[]> =>
    (await blocks()).flatMap((block) =>
      [...(block.earlier ?? []), block].flatMap(({ logs, number }) =>
        logs.filter(({ address }) => address === contract).map(() => number),
      ),
    );
  const upTo = (number: number, from = 0): number[] =>
    Array.from({ length: number - from + 1 }, (_, index) => from + index);

  it('comes along with the next block, once, where little is final', async () => {
    grow(6);
    await run(MARKET);
    await run(MARKET, GOVERNOR);
    expect(await broughtAlong()).toEqual([]);
    grow(2);
    await run(MARKET, GOVERNOR);
    grow(2);
    await run(MARKET, GOVERNOR);
    expect(await broughtAlong()).toEqual([[6, [0, 1, 2, 3, 4, 5]]]);
    expect(await toldOf(GOVERNOR)).toEqual(upTo(9));
    expect(await toldOf(MARKET)).toEqual(upTo(9));
  });

  it('does not come again after a reorg took the block that brought it', async () => {
    grow(6);
    await run(MARKET);
    grow(1);
    await run(MARKET, GOVERNOR);
    chain.shrink(2);
    grow(3);
    await run(MARKET, GOVERNOR);
    expect(await broughtAlong()).toEqual([[6, [0, 1, 2, 3, 4, 5]]]);
    expect(await toldOf(GOVERNOR)).toEqual([...upTo(6), ...upTo(7, 5)]);
  });

  it('is not asked for where nothing was published', async () => {
    grow(3);
    await run(MARKET, GOVERNOR);
    expect(await broughtAlong()).toEqual([]);
    expect(await toldOf(GOVERNOR)).toEqual(upTo(2));
  });

  it('is read beside the live stream, which goes on, and comes in order before the first live log', async () => {
    grow(400);
    await run(MARKET);
    const gate = Promise.withResolvers<void>();
    chain.before = async (from, to) => {
      if (to > 60 && to < 390) await gate.promise;
      expect(to - from).toBeLessThan(50);
    };
    grow(1);
    start(MARKET, GOVERNOR);
    await until(async () => {
      chain.mine();
      await published();
      return publisher?.status().bringing?.through === 49;
    }, 'read as far as the provider goes');
    grow(30);
    await published();
    expect(publisher?.status().bringing).toEqual({ contracts: [GOVERNOR], through: 49 });
    expect(await toldOf(GOVERNOR)).toEqual(upTo(49));
    gate.resolve();
    await untilBrought();
    const head = chain.blocksNow.length - 1;
    expect(await toldOf(GOVERNOR)).toEqual(upTo(head));
    expect(await toldOf(MARKET)).toEqual(upTo(head));
  });

  it('goes on in the middle after restarts, each log once', async () => {
    grow(700);
    await run(MARKET);
    for (let restarts = 0; restarts < 6; restarts += 1) {
      start(MARKET, GOVERNOR);
      grow(1);
      await published();
      await sleep(20);
      grow(1);
      await published();
      await stop();
    }
    start(MARKET, GOVERNOR);
    await untilBrought();
    expect(await toldOf(GOVERNOR)).toEqual(upTo(chain.blocksNow.length - 1));
  });

  it('holds up nobody while the provider does not give it', async () => {
    grow(200);
    await run(MARKET);
    let isGiven = false;
    chain.before = async (_, to) => {
      if (to < 190 && !isGiven) throw new RpcUnavailableError('pruned');
    };
    grow(1);
    start(MARKET, GOVERNOR);
    for (let index = 0; index < 10; index += 1) {
      await published();
      chain.mine();
    }
    expect(publisher?.status()).toMatchObject({ failure: null, bringing: { through: null } });
    isGiven = true;
    await untilBrought();
    expect(await toldOf(GOVERNOR)).toEqual(upTo(chain.blocksNow.length - 1));
  });

  it('is only what was missed where a contract was let go of and is followed again', async () => {
    grow(10);
    await run(MARKET, GOVERNOR);
    grow(5);
    await run(MARKET);
    grow(5);
    await run(MARKET);
    chain.shrink(2);
    grow(4);
    await run(MARKET, GOVERNOR);
    expect(await broughtAlong()).toEqual([[18, upTo(17, 10)]]);
    expect(await toldOf(GOVERNOR)).toEqual(upTo(21));
  });

  it('begins where a reorg went while the contract was let go of', async () => {
    grow(10);
    await run(MARKET, GOVERNOR);
    grow(1);
    await run(MARKET);
    chain.shrink(4);
    grow(6);
    await run(MARKET);
    grow(1);
    await run(MARKET, GOVERNOR);
    expect(await broughtAlong()).toEqual([[13, upTo(12, 7)]]);
    expect(await toldOf(GOVERNOR)).toEqual([...upTo(9), ...upTo(13, 7)]);
  });

  it('is not published of a chain that changed while it was read again', async () => {
    grow(3);
    await run(MARKET);
    grow(1);
    let lies = 2;
    const truth = chain.blocks.bind(chain);
    chain.blocks = async (from, to) => {
      const found = await truth(from, to);
      if (to !== 2 || lies === 0) return found;
      lies -= 1;
      return found.map((block) => ({ ...block, hash: `0x${'ee'.repeat(32)}` }));
    };
    await run(MARKET, GOVERNOR);
    expect(lies).toBe(0);
    expect(await broughtAlong()).toEqual([[3, [0, 1, 2]]]);
  });

  it('of another factory is its tokens’ transfers too, none of them live before they came along', async () => {
    chain.mine(transferLog(TOKEN, 0), creationLog(0));
    for (let index = 0; index < 200; index += 1) chain.mine(transferLog(TOKEN, 0));
    await run(MARKET);
    expect(await toldOf(TOKEN)).toEqual([]);
    const gate = Promise.withResolvers<void>();
    chain.before = async (_, to) => {
      if (to > 60 && to < 190) await gate.promise;
    };
    start(MARKET, FACTORY);
    await until(async () => {
      chain.mine(transferLog(TOKEN, 0));
      await published();
      return book.kept?.get(TOKEN) === FACTORY;
    }, 'the token is in the book');
    await stop(); // the next one knows the token from the book
    gate.resolve();
    start(MARKET, FACTORY);
    await until(async () => {
      chain.mine(transferLog(TOKEN, 0));
      await published();
      return publisher?.status().bringing === null;
    }, 'brought');
    chain.mine(transferLog(TOKEN, 0));
    await published();
    expect(await toldOf(TOKEN)).toEqual(upTo(chain.blocksNow.length - 1));
    expect(await toldOf(FACTORY)).toEqual([0]);
  });
});
