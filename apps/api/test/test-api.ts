import { asPrograms } from '@abland/event-codec';
import { openEventIndex, openPostgresEventStore } from '@abland/event-store';
import { openPersonalKeys, PersonalDataCipher, personalDataCodec } from '@abland/personal-data';
import { type EventStore, type Logger, type RecordedEvent, silentLogger } from '@abland/kernel';
import { erasureProcess, migrateProcesses, startProcess } from '@abland/processes';
import { migrateProjections, startProjections } from '@abland/projections';
import {
  type Limits,
  migrateLeases,
  openPool,
  type Pulse,
  pulseOf,
  startPulses,
  USUAL_LIMITS,
} from '@abland/postgres';
import { type LogWithSnapshots, withSnapshots } from '@abland/snapshots';
import { createPreparedDatabase, until } from '@abland/testing';
import type pg from 'pg';
import { Registry } from 'prom-client';
import { databaseTime } from '../src/health/database-time.js';
import { type ApiDependencies, startApi } from '../src/index.js';
import { type ApiClient, createClient } from './api-client.js';
import { CONTRACTS } from './contracts.js';
import { CHAIN_ID, deploymentFacts, TestChain } from './test-chain.js';

export { CONTRACTS };

export const JWT_SECRET = 'a-secret-of-the-tests-with-32-characters';
const MASTER_KEY = Buffer.alloc(32, 7);
export const PUBLIC_URL = 'http://localhost:4000';

/** For how long who signed in stays it without a word: tests let hours pass. */
const DAY_MS = 24 * 60 * 60 * 1000;
const PULSE_INTERVAL_MS = 50;

/** Whoever connects waits for a busy machine, not for a server that is gone: those that tests cut off are given their own limit. */
const CONNECT_MS = 60_000;

/** Of an API whose statements wait for a lock until the test lets go of it, however long that takes. */
export const PATIENT: Partial<Limits> = { lockMs: 120_000, statementMs: 120_000 };

/** The clock of a test: real time, moved on by what the test adds. */
export interface TestClock {
  (): number;
  advance(ms: number): void;
  /** From now on time passes by `advance` alone, however long what the test does takes. */
  stand(): void;
}

function createClock(): TestClock {
  let ahead = 0;
  let stands: number | null = null;
  return Object.assign(() => (stands ?? Date.now()) + ahead, {
    advance: (ms: number) => (ahead += ms),
    stand: () => void (stands ??= Date.now()),
  });
}

export interface TestApi {
  /** Moves the clock on that all programs have in common, and no other. */
  advanceCommonTime(ms: number): void;
  readonly client: ApiClient;
  readonly store: LogWithSnapshots;
  readonly chain: TestChain;
  /** Those of the options, in their order; `chain` is the first. */
  readonly chains: readonly TestChain[];
  readonly clock: TestClock;
  readonly databaseUrl: string;
  readonly pool: pg.Pool;
  readonly dependencies: ApiDependencies;
  readonly programs: Programs;
  /** Waits until the read models have seen the whole log. */
  settle(): Promise<void>;
  events(stream: string): Promise<RecordedEvent[]>;
  /** The API alone. */
  stopServing(): Promise<void>;
  stop(): Promise<void>;
}

/** The programs beside the API. */
export interface Programs {
  /** What they tell of their parts, of what they would tell. */
  telling: (pulses: readonly Pulse[]) => readonly Pulse[];
}

export interface TestApiOptions {
  readonly logger?: Logger;
  readonly config?: Partial<ApiDependencies['config']>;
  /** By which way the API and what is beside it go to the database. Absent: to the server itself. */
  readonly databaseUrl?: (url: string) => Promise<string>;
  /** Default: the usual ones. */
  readonly limits?: Partial<Limits>;
  /** Absent: CHAIN_ID alone. */
  readonly chainIds?: readonly number[];
}

async function migrate(pool: pg.Pool): Promise<void> {
  await Promise.all([migrateProjections(pool), migrateProcesses(pool)]);
  await migrateLeases(pool);
}

/** What the programs would make of an empty database. */
async function prepare(connectionString: string): Promise<void> {
  const pool = openPool({ connectionString, name: 'test', max: 6, logger: silentLogger });
  await migrate(pool);
  const log = await openPostgresEventStore({ connectionString, logger: silentLogger });
  const { close } = await openPersonalKeys(connectionString, [MASTER_KEY], silentLogger);
  await Promise.all([close(), log.close(), pool.end()]);
}

const configOf = (chainIds: readonly number[], { config }: TestApiOptions): ApiDependencies['config'] => ({
  port: 0,
  host: '127.0.0.1',
  publicUrl: PUBLIC_URL,
  jwtSecret: JWT_SECRET,
  sessionSettings: { accessTokenMs: DAY_MS },
  corsOrigins: ['https://wallet.example'],
  operators: [],
  chains: chainIds.map((chainId) => ({ chainId, finalityDepth: 5, ...CONTRACTS })),
  ...config,
});

/** The API as it runs, on a PostgreSQL database of its own, with projections beside it and a chain that the test writes. */
export async function startTestApi(options: TestApiOptions = {}): Promise<TestApi> {
  const database = await createPreparedDatabase('api', prepare);
  const logger = options.logger ?? silentLogger;
  const clock = createClock();
  const connectionString = (await options.databaseUrl?.(database.url)) ?? database.url;
  const limits = { ...USUAL_LIMITS, connectMs: CONNECT_MS, ...options.limits };
  const pool = openPool({ connectionString, name: 'test', max: 6, logger, limits });
  const log = await openPostgresEventStore({ connectionString, logger });
  const { keys, close: closeKeys } = await openPersonalKeys(connectionString, [MASTER_KEY], logger);
  const personalData = new PersonalDataCipher(keys);
  // Like the projector, they have no keys: what is sealed stays so.
  const keylessStore = asPrograms(log);
  const opening = asPrograms(log, personalDataCodec(personalData));
  const store = await withSnapshots(opening, { pool, logger, sealed: keylessStore });
  await migrate(pool);
  const projections = startProjections({ store: keylessStore, pool, logger, clock });
  const erasure = startProcess({
    ...{ process: erasureProcess({ keys }), store: keylessStore, pool, logger, clock },
  });
  const chainIds = options.chainIds ?? [CHAIN_ID];
  const chains = chainIds.map((chainId) => new TestChain(store, clock, chainId));
  let commonAhead = 0;
  const [chain] = chains;
  if (chain === undefined) throw new Error('A test needs a chain');
  const dependencies: ApiDependencies = {
    config: configOf(chainIds, options),
    logger,
    clock,
    commonTime: async () => (await databaseTime(pool)) + commonAhead,
    store,
    stored: { log, index: await openEventIndex({ connectionString, pool }) },
    personalData,
    pool,
    readPool: pool,
    metrics: new Registry(),
    publishedHead: async (chainId) => chains.find((one) => one.chainId === chainId)?.number ?? null,
  };
  const programs: Programs = { telling: (pulses) => pulses };
  const parts = (): readonly Pulse[] => [
    pulseOf(projections.status()),
    pulseOf(erasure.progress(), { reached: erasure.progress().position }),
    ...chains.flatMap(chainPulses),
  ];
  const pulses = startPulses({
    ...{ pool, logger, intervalMs: PULSE_INTERVAL_MS },
    parts: () => programs.telling(parts()),
  });
  const api = await startApi(dependencies);
  const client = createClient(api.url);
  for (const one of chains) await one.mine({ facts: deploymentFacts(), txHash: one.nextTxHash() });
  const settle = () => settled(client, chain.chainId);
  await settle();
  return {
    advanceCommonTime: (ms) => void (commonAhead += ms),
    client,
    store,
    chain,
    chains,
    clock,
    databaseUrl: database.url,
    pool,
    dependencies,
    programs,
    settle,
    events: (stream) => readAll(store, stream),
    stopServing: () => api.stop(),
    async stop() {
      await api.stop();
      await pulses.stop();
      await erasure.stop();
      await projections.stop();
      await store.aggregates.close();
      await closeKeys();
      await store.close();
      await pool.end();
      await database.drop();
    },
  };
}

/** Of who follows a chain that the test itself writes, and settles nothing. */
function chainPulses({ chainId, number }: TestChain): readonly Pulse[] {
  const block = BigInt(number);
  const pulse = (name: string, over: Partial<Pulse>): Pulse => ({
    ...{ part: `${name}-${chainId}`, state: 'RUNNING', failure: null, handledAgeMs: 0 },
    ...{ contactAgeMs: null, reached: 10n ** 18n, head: null },
    ...over,
  });
  return [
    pulse('indexer', { contactAgeMs: 0, reached: block, head: block }),
    pulse('ingester', { reached: block }),
    pulse('settlement', {}),
    pulse('relay', {}),
  ];
}

async function settled(client: ApiClient, chainId: number): Promise<void> {
  const answer = () => client.send(`{ _meta(chainId: ${chainId}) { position logHead } }`);
  const isSettled = ({ data }: Awaited<ReturnType<typeof answer>>): boolean =>
    typeof data?._meta?.logHead === 'string' && data._meta.position === data._meta.logHead;
  await until(async () => isSettled(await answer()), answer, 20);
}

async function readAll(store: EventStore, stream: string): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const page of store.readStream(stream)) events.push(...page);
  return events;
}
