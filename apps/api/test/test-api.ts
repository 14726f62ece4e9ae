import { schemaCodec, withCodec } from '@abland/event-codec';
import { openPostgresEventStore } from '@abland/event-store';
import { openPersonalKeys, PersonalDataCipher, personalDataCodec } from '@abland/personal-data';
import { type EventStore, type Logger, type RecordedEvent, type Running, silentLogger } from '@abland/kernel';
import { erasureProcess, migrateProcesses, startProcess } from '@abland/processes';
import { migrateProjections, startProjections } from '@abland/projections';
import { createTestDatabase } from '@abland/testing';
import pg from 'pg';
import { Registry } from 'prom-client';
import { type ApiDependencies, startApi } from '../src/index.js';
import { type ApiClient, createClient } from './api-client.js';
import { CHAIN_ID, deploymentFacts, TestChain } from './test-chain.js';

export const CONTRACTS = {
  tokenFactory: '0x5FbDB2315678afecb367f032d93F642f64180aa3',
  liquidityManager: '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512',
  forwarder: '0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0',
  checkpoint: '0xa513E6E4b8f2a923D98304ec87F64353C4D5C853',
  governance: {
    governor: '0x0165878A594ca255338adfa4d48449f69242Eb8F',
    timelock: '0x5FC8d32690cc91D4c39d9d3abcBD16989F875707',
    token: '0xDc64a140Aa3E981100a9becA4E685f962f0cF6C9',
    clock: 'BLOCKS',
  },
} as const;

export const JWT_SECRET = 'a-secret-of-the-tests-with-32-characters';
const MASTER_KEY = Buffer.alloc(32, 7);
export const PUBLIC_URL = 'http://localhost:4000';

/** The clock of a test: real time, moved on by what the test adds. */
export interface TestClock {
  (): number;
  advance(ms: number): void;
}

function createClock(): TestClock {
  let ahead = 0;
  return Object.assign(() => Date.now() + ahead, { advance: (ms: number) => (ahead += ms) });
}

export interface TestApi {
  readonly client: ApiClient;
  readonly store: EventStore;
  readonly chain: TestChain;
  readonly clock: TestClock;
  readonly databaseUrl: string;
  readonly pool: pg.Pool;
  readonly dependencies: ApiDependencies;
  /** Waits until the read models have seen the whole log. */
  settle(): Promise<void>;
  events(stream: string): Promise<RecordedEvent[]>;
  stop(): Promise<void>;
}

export interface TestApiOptions {
  readonly logger?: Logger;
  readonly config?: Partial<ApiDependencies['config']>;
}

/** The API as it runs, on a PostgreSQL database of its own, with projections beside it and a chain that the test writes. */
export async function startTestApi(options: TestApiOptions = {}): Promise<TestApi> {
  const database = await createTestDatabase();
  const logger = options.logger ?? silentLogger;
  const clock = createClock();
  const pool = new pg.Pool({ connectionString: database.url, max: 10 });
  pool.on('error', () => undefined); // dropping the database ends idle connections
  const log = await openPostgresEventStore({ connectionString: database.url, logger });
  const { keys, close: closeKeys } = await openPersonalKeys(database.url, [MASTER_KEY], logger);
  const personalData = new PersonalDataCipher(keys);
  const store = withCodec(log, personalDataCodec(personalData), schemaCodec);
  // Like the projector, they have no keys: what is sealed stays so.
  const keylessStore = withCodec(log, schemaCodec);
  await Promise.all([migrateProjections(pool), migrateProcesses(pool)]);
  const projections: Running = startProjections({ store: keylessStore, pool, logger, clock });
  const erasure = startProcess({
    ...{ process: erasureProcess({ keys }), store: keylessStore, pool, logger, clock },
  });
  const chain = new TestChain(store, clock);
  const dependencies: ApiDependencies = {
    config: {
      port: 0,
      host: '127.0.0.1',
      publicUrl: PUBLIC_URL,
      jwtSecret: JWT_SECRET,
      corsOrigins: ['https://wallet.example'],
      operators: [],
      chain: { chainId: CHAIN_ID, finalityDepth: 5, ...CONTRACTS },
      ...options.config,
    },
    logger,
    clock,
    store,
    personalData,
    pool,
    readPool: pool,
    metrics: new Registry(),
    chainHead: async () => chain.number,
  };
  const api = await startApi(dependencies);
  const client = createClient(api.url);
  await chain.mine({ facts: deploymentFacts(), txHash: chain.nextTxHash() });
  const settle = () => settled(client);
  await settle();
  return {
    client,
    store,
    chain,
    clock,
    databaseUrl: database.url,
    pool,
    dependencies,
    settle,
    events: (stream) => readAll(store, stream),
    async stop() {
      await api.stop();
      await erasure.stop();
      await projections.stop();
      await closeKeys();
      await store.close();
      await pool.end();
      await database.drop();
    },
  };
}

async function settled(client: ApiClient): Promise<void> {
  const until = Date.now() + 15_000;
  for (;;) {
    const { _meta } = await client.query('{ _meta { position logHead } }');
    if (_meta.logHead !== null && _meta.position === _meta.logHead) return;
    if (Date.now() > until) throw new Error(`The read models stand at ${JSON.stringify(_meta)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function readAll(store: EventStore, stream: string): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const page of store.readStream(stream)) events.push(...page);
  return events;
}
