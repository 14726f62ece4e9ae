import { setTimeout as sleep } from 'node:timers/promises';
import { type LogMessage, silentLogger } from '@abland/kernel';
import { MemoryLogStream } from '@abland/log-stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { logsBloom } from '../blocks/bloom.js';
import type { BlockLog, ChainBlock, TokensInOrder } from '../blocks/chain-block.js';
import {
  CONTRACTS,
  creationLog,
  feeLog,
  FOREIGN_TOKEN,
  TOKEN,
  transferLog,
} from '../ingest/sample-logs.fixture.js';
import type { TokenDescriber } from '../tokens/token-describer.js';
import { type ChainPublisher, startChainPublisher } from './chain-publisher.js';
import { MemoryFollowBook } from './memory-follow-book.fixture.js';
import type { ChainMessage } from './messages.js';
import { SimulatedChain } from './simulated-chain.fixture.js';

const OTHER_TOKEN = `0x${'c4'.repeat(20)}`;
const FACTORY = CONTRACTS.tokenFactory.toLowerCase();

describe('transfers on the log stream', () => {
  let chain: SimulatedChain;
  let stream: MemoryLogStream;
  let book: MemoryFollowBook;
  let publisher: ChainPublisher | null = null;
  /** What the log tells of tokens; null: it must not be asked. */
  let recorded: readonly string[] | null;

  beforeEach(() => {
    chain = new SimulatedChain(0);
    chain.followed = [FACTORY];
    stream = new MemoryLogStream();
    book = new MemoryFollowBook();
    recorded = null;
  });
  afterEach(() => stop());

  const stop = async (): Promise<void> => {
    await publisher?.stop();
    publisher = null;
  };

  function start(isFollowing = true, describer?: TokenDescriber): void {
    async function* tokensOfLog(): AsyncIterable<string> {
      if (recorded === null) throw new Error('The log was asked');
      yield* recorded;
    }
    const tokens = { book, tokenFactory: CONTRACTS.tokenFactory, recorded: tokensOfLog };
    publisher = startChainPublisher({
      ...{ chainId: 1, epoch: 1n, startBlock: 0, finalityDepth: 5, rangeSize: 2, parallelRanges: 3 },
      ...{ source: chain, logStream: stream, logger: silentLogger, ...(isFollowing ? { tokens } : {}) },
      ...(describer === undefined ? {} : { describer }),
      nextHead: (signal) => sleep(5, undefined, { signal }).catch(() => undefined),
    });
  }

  /** One block more, with these logs. */
  function mine(...logs: readonly BlockLog[]): void {
    chain.grow(1);
    const newest = chain.blocksNow.pop() as ChainBlock;
    chain.blocksNow.push({ ...newest, logs: logs.map((log, logIndex) => ({ ...log, logIndex })) });
  }

  async function published(): Promise<readonly string[][]> {
    const { hash } = await chain.head();
    for (let waited = 0; publisher?.status().published?.hash !== hash; waited += 1) {
      if (waited > 12_000) throw new Error(`Not published: ${JSON.stringify(publisher?.status())}`);
      await sleep(5);
    }
    return logsTold(stream);
  }

  it('are those of tokens of our factory alone, from the mint before the log that creates one (ponder#2301)', async () => {
    mine(transferLog(TOKEN, 0), transferLog(FOREIGN_TOKEN, 0));
    mine(transferLog(FOREIGN_TOKEN, 0), transferLog(TOKEN, 0), creationLog(0), transferLog(TOKEN, 0));
    for (let index = 0; index < 7; index += 1) mine(transferLog(FOREIGN_TOKEN, 0), transferLog(TOKEN, 0));
    start();
    expect(await published()).toEqual([
      [],
      [TOKEN, FACTORY, TOKEN],
      ...Array.from({ length: 7 }, () => [TOKEN]),
    ]);
  });

  it('keep the indexes that they have in their block', async () => {
    mine(creationLog(0), transferLog(FOREIGN_TOKEN, 0), transferLog(TOKEN, 0));
    start();
    await published();
    const [first] = await blocksTold(stream);
    expect(first?.logs.map(({ logIndex }) => logIndex)).toEqual([0, 2]);
  });

  it('go on after a restart, though the block that created the token is gone from the log stream', async () => {
    mine(creationLog(0));
    for (let index = 0; index < 8; index += 1) mine();
    start();
    await published();
    await stop();
    await stream.trim('chain-1', (await stream.last('chain-1'))?.offset ?? 0n);
    mine(transferLog(TOKEN, 0), transferLog(FOREIGN_TOKEN, 0));
    start();
    expect((await published()).at(-1)).toEqual([TOKEN]);
  });

  it('are not lost where a token was kept and the publication of its block failed', async () => {
    mine(creationLog(0));
    let failures = 2;
    const publish = stream.publish.bind(stream);
    stream.publish = async (...args) => {
      failures -= 1;
      if (failures >= 0) throw Object.assign(new Error('It was cut'), { code: 'ECONNRESET' });
      return publish(...args);
    };
    start();
    mine(transferLog(TOKEN, 0));
    expect(await published()).toEqual([[FACTORY], [TOKEN]]);
  });

  it('go on where a chain was published before its tokens were kept: log and log stream tell them', async () => {
    mine(feeLog(0));
    mine(creationLog(0));
    start(false);
    await published();
    await stop();
    recorded = [OTHER_TOKEN];
    mine(transferLog(TOKEN, 0), transferLog(OTHER_TOKEN, 0), transferLog(FOREIGN_TOKEN, 0));
    start();
    expect((await published()).at(-1)).toEqual([TOKEN, OTHER_TOKEN]);
    await stop();
    recorded = null; // asked once
    mine(transferLog(OTHER_TOKEN, 0));
    start();
    expect((await published()).at(-1)).toEqual([OTHER_TOKEN]);
  });

  it('are read again where a block was left unread before its token was created', async () => {
    mine(creationLog(0));
    mine(transferLog(TOKEN, 0), transferLog(FOREIGN_TOKEN, 0));
    mine(transferLog(FOREIGN_TOKEN, 0));
    const whole = chain.blocks.bind(chain);
    const readAgain: number[] = [];
    chain.blocks = async (from, to, tokens?: TokensInOrder) => {
      const blocks = await whole(from, to);
      if (tokens === undefined) readAgain.push(from);
      if (tokens === undefined || tokens.has(TOKEN)) return blocks;
      return blocks.map((block) =>
        block.number === 0
          ? block
          : { ...block, logs: [], unread: { bloom: logsBloom(block.logs), tokensKnown: 0 } },
      );
    };
    start();
    expect(await published()).toEqual([[FACTORY], [TOKEN], []]);
    expect(readAgain).toEqual([1]);
    expect((await blocksTold(stream)).every((block) => block.unread === undefined)).toBe(true);
  });

  it('are of tokens that nobody asks what they are: the facts of our factory tell it, also after a restart', async () => {
    const asked: string[] = [];
    const describer: TokenDescriber = {
      tokensOf: (logs) => [...new Set(logs.map(({ address }) => address))],
      describe: (tokens) => {
        asked.push(...tokens);
        return Promise.resolve([]);
      },
    };
    mine(feeLog(0), creationLog(0), transferLog(TOKEN, 0));
    start(true, describer);
    await published();
    await stop();
    mine(transferLog(TOKEN, 0), feeLog(0));
    start(true, describer);
    await published();
    expect(asked).toEqual([FACTORY, FACTORY]); // which is no token of its own
  });

  it('come again after a reorg took the creation back and the new branch creates the token later', async () => {
    mine();
    mine(creationLog(0));
    start();
    await published();
    chain.shrink(1);
    mine(transferLog(TOKEN, 0));
    mine(creationLog(0), transferLog(TOKEN, 0));
    // More than the log takes: which tokens are ours it knows by its own facts.
    expect((await published()).slice(-2)).toEqual([[TOKEN], [FACTORY, TOKEN]]);
  });
});

async function messagesIn(stream: MemoryLogStream): Promise<readonly ChainMessage[]> {
  const last = await stream.last('chain-1');
  const done = new AbortController();
  const found: LogMessage[] = [];
  for await (const batch of stream.consume('chain-1', { signal: done.signal })) {
    found.push(...batch);
    if (found.at(-1)?.offset === last?.offset) break;
  }
  done.abort();
  return found.map(({ value }) => value as ChainMessage);
}

const blocksTold = async (stream: MemoryLogStream): Promise<readonly ChainBlock[]> =>
  (await messagesIn(stream)).flatMap((message) => (message.kind === 'block' ? [message.block] : []));

const logsTold = async (stream: MemoryLogStream): Promise<readonly string[][]> =>
  (await blocksTold(stream)).map(({ logs }) => logs.map(({ address }) => address));
