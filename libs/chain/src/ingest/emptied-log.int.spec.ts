import { setTimeout as sleep } from 'node:timers/promises';
import { openPostgresEventStore } from '@abland/event-store';
import { type EventStore, type Json, silentLogger } from '@abland/kernel';
import { MemoryLogStream } from '@abland/log-stream';
import { createTestDatabase, type TestDatabase } from '@abland/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { SimulatedChain } from '../follow/simulated-chain.fixture.js';
import { asMessage, CHAIN_ID, eventsIn, TOPIC, untilFailed, withLogs } from './chain-messages.fixture.js';
import { startIngester, type Ingester } from './ingester.js';
import { CONTRACTS } from './sample-logs.fixture.js';

describe('an ingester whose log is emptied while it runs', () => {
  let database: TestDatabase;
  let eventStore: EventStore;
  let logStream: MemoryLogStream;
  let ingester: Ingester;
  beforeEach(async () => {
    database = await createTestDatabase();
    eventStore = await openPostgresEventStore({ connectionString: database.url, logger: silentLogger });
    logStream = new MemoryLogStream();
    ingester = start();
  });
  afterEach(async () => {
    await ingester.stop();
    await logStream.close();
    await eventStore.close();
    await database.drop();
  });

  const start = (): Ingester => {
    const parts = { contracts: CONTRACTS, eventStore, logStream, logger: silentLogger };
    return startIngester({ chainId: CHAIN_ID, startBlock: 0, ...parts });
  };
  async function emptyLog(): Promise<void> {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await client.query('TRUNCATE event_store.events');
    await client.end();
  }

  it('appends nothing more and says why, also where another one of the program takes over', async () => {
    const chain = new SimulatedChain(2);
    const publish = (from: number): Promise<bigint> =>
      logStream.publish(
        TOPIC,
        chain.blocksNow.slice(from).map((block) => asMessage(withLogs(block, []))) as unknown as Json[],
      );
    await publish(0);
    while (ingester.status().ingested?.number !== 1) await sleep(5);
    await emptyLog();
    chain.grow(1);
    await publish(2);
    await untilFailed(ingester, 'LOG_MISMATCH');
    await ingester.stop();
    ingester = start();
    await untilFailed(ingester, 'LOG_MISMATCH');
    expect(ingester.status().state).toBe('FAILED');
    expect(await eventsIn(eventStore, TOPIC)).toEqual([]);
  });
});
