import { type ChainMessage, chainTopic } from '@abland/chain';
import { MemoryEventStore } from '@abland/event-store';
import { type Running, silentLogger as logger } from '@abland/kernel';
import { MemoryLogStream } from '@abland/log-stream';
import type { ChainConfig } from '@abland/platform';
import { migrateFollowBook, migrateLeases, migrateReadAhead } from '@abland/postgres';
import { createTestDatabase, type TestDatabase, until } from '@abland/testing';
import { SeededRandom } from '@abland/testing/seeded-random';
import {
  type ProviderFault,
  SIMULATED_CONTRACTS,
  SimulatedChain,
  SimulatedProvider,
} from '@abland/testing/simulated-chain';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { getAddress } from 'ethers';
import pg from 'pg';
import { type AloneIndexer, indexAlone } from './index-alone.js';
import { startIndexer } from './start-indexer.js';

const CHAIN_ID = 90_003;
const BLOCKS = 1_500;
/** Of the ranges that the publisher itself has in hand at a time, all but these many blocks are left to others. */
const OWN_BLOCKS = 250;

/** Enough for some ranges, and not for all of them. */
const REQUESTS_ANSWERED = 7;

/** A provider that answers so many requests from some moment on, and no more: whoever has no other comes along no further. */
function silentAfter(requests: number, hasCome: () => boolean): ProviderFault {
  let asked = 0;
  return {
    name: 'silent',
    get deaf() {
      return hasCome() && (asked += 1) > requests;
    },
  };
}

describe('several indexers of a chain that is far behind', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  let chain: SimulatedChain;
  let logStream: MemoryLogStream;
  const providers: SimulatedProvider[] = [];
  const running: Running[] = [];

  beforeEach(async () => {
    database = await createTestDatabase();
    pool = new pg.Pool({ connectionString: database.url, max: 8 });
    pool.on('error', () => undefined);
    await migrateLeases(pool);
    await migrateFollowBook(pool);
    await migrateReadAhead(pool);
    logStream = new MemoryLogStream();
    chain = new SimulatedChain(new SeededRandom(1), { chainId: CHAIN_ID, transactionsMax: 1 });
    await begin();
    chain.mine(BLOCKS);
  });
  afterEach(async () => {
    for (const one of running.splice(0).reverse()) await one.stop();
    for (const provider of providers.splice(0)) await provider.stop();
    await pool.end();
    await database.drop();
  });

  async function configOf(): Promise<{ readonly config: ChainConfig; readonly provider: SimulatedProvider }> {
    const provider = await SimulatedProvider.start(chain, new SeededRandom(providers.length));
    providers.push(provider);
    const { forwarder, liquidityManager, tokenFactory } = SIMULATED_CONTRACTS;
    const config = {
      ...{ rpcUrls: [provider.url], chainId: CHAIN_ID, startBlock: 0, finalityDepth: 8 },
      contracts: {
        ...{ tokenFactory: getAddress(tokenFactory), liquidityManager: getAddress(liquidityManager) },
        ...{ forwarder: getAddress(forwarder), checkpoint: null, governance: null },
      },
    };
    return { config, provider };
  }

  async function begin(): Promise<void> {
    const { config } = await configOf();
    const indexer = startIndexer({ chain: config, epoch: 1n, logger, logStream });
    await until(() => indexer.status().lagBlocks === 0);
    await indexer.stop();
  }

  /** An indexer with a provider of its own. */
  async function start(fault: ProviderFault | null = null): Promise<AloneIndexer> {
    const { config: followed, provider } = await configOf();
    provider.fault = fault;
    const openLog = (): Promise<MemoryEventStore> => Promise.resolve(new MemoryEventStore());
    const indexer = await indexAlone({ chain: followed, isOnly: true, logger, logStream, openLog, pool });
    running.push(indexer);
    return indexer;
  }
  const stop = async (one: Running): Promise<void> => {
    running.splice(running.indexOf(one), 1);
    await one.stop();
  };
  const publisherOf = (indexer: AloneIndexer) => indexer.status().indexer;

  async function published(): Promise<readonly string[]> {
    const hashes: string[] = [];
    const last = await logStream.last(chainTopic(CHAIN_ID));
    const done = new AbortController();
    reading: for await (const batch of logStream.consume(chainTopic(CHAIN_ID), { signal: done.signal })) {
      for (const { offset, value } of batch) {
        const message = value as unknown as ChainMessage;
        if (message.kind === 'block') hashes.push(message.block.hash);
        if (offset === last?.offset) break reading;
      }
    }
    done.abort();
    return hashes;
  }

  it('share the reading: one hands over in order what all have read, and after a restart nobody reads that again', async () => {
    // Not from the start on: what that takes is asked more than once on a busy machine.
    let first: AloneIndexer | null = null;
    const publishes = (): boolean => first !== null && (publisherOf(first)?.blocksPublished ?? 0) > 0;
    first = await start(silentAfter(REQUESTS_ANSWERED, publishes));
    await until(publishes);
    const second = await start();
    await until(() => second.status().rangesReadAhead > 20);
    await stop(first);
    await stop(second);

    const { rows } = await pool.query<{ blocks: string | null }>(
      `SELECT sum(last_block - first_block + 1) AS blocks FROM read_ahead.ranges
       WHERE blocks IS NOT NULL AND first_block > $1`,
      [(await published()).length + OWN_BLOCKS],
    );
    const kept = Number(rows[0]?.blocks ?? 0);
    expect(kept).toBeGreaterThan(0);
    const third = await start();
    await until(() => publisherOf(third)?.lagBlocks === 0);
    expect(await published()).toEqual(chain.blocks.map(({ hash }) => hash));
    // Whatever it had read itself before it heard of them, the rest of them was there.
    expect(publisherOf(third)?.blocksReadAhead).toBeGreaterThanOrEqual(kept);
    const left = async () => (await pool.query('SELECT first_block FROM read_ahead.ranges')).rows;
    const goesOn = async (): Promise<boolean> => {
      chain.mine(1);
      return (await left()).length === 0;
    };
    await until(goesOn, left, 500);
  });
});
