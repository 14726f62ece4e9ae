import { asPrograms } from '@abland/event-codec';
import { openBareEventStore, openEventIndex } from '@abland/event-store';
import { openPersonalKeys, PersonalDataCipher, personalDataCodec } from '@abland/personal-data';
import { type LogWithSnapshots, withSnapshots } from '@abland/snapshots';
import type { Logger, LogStream } from '@abland/kernel';
import { openLogStream } from '@abland/log-stream';
import { addRuntimeMetrics, type ApiConfig, LISTENING_CONNECTIONS } from '@abland/platform';
import { requireLogOfReadModels } from '@abland/projections';
import {
  type DatabaseAt,
  inspectDatabase,
  type Limits,
  openPool,
  type PoolAt,
  requireSessions,
  USUAL_LIMITS,
} from '@abland/postgres';
import type pg from 'pg';
import { Registry } from 'prom-client';
import type { StoredLog } from '../audit/published-log.js';
import { ContractWallets, type IsSignedByContract } from '../wallets/contract-wallets.js';
import { currentCorrelationId } from '../http/request-context.js';
import type { HealthChecks } from '../health/readiness.js';
import { addSnapshotMetrics } from '../health/snapshot-metrics.js';
import { MemoryRateCounter } from '../rate-limits/memory-rate-counter.js';
import type { RateCounter } from '../rate-limits/rate-limit.js';
import type { OpenRateCounter } from '../rate-limits/redis-rate-counter.js';
import type { SessionSettings } from '../sessions/session-settings.js';
import { publishedBlockReader } from './published-block.js';
import type { ApiSettings } from './dependencies.js';
import { type RunningApi, startApi } from './start-api.js';

/** Commands are appended in small groups, of which there is one at a time. */
const APPENDERS_MAX = 1;
/** A query that waits for a lock is refused soon: others, on other tables, wait for its connection. */
const LIMITS: Limits = { ...USUAL_LIMITS, lockMs: 1_000 };

/** Which request a statement is asked for. */
const askedFor = (): object => ({ correlationId: currentCorrelationId() });

/** The API with connections of its own, as production runs it. */
export async function openApi(
  config: ApiConfig,
  logger: Logger,
  healthChecks: HealthChecks = {},
): Promise<RunningApi> {
  const { databaseUrl: url } = config;
  const api = apiSettings(config);
  for (const variable of config.unused) logger.warn({ variable }, 'this version does not use this setting');
  const opened: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const end of opened.reverse()) await end();
  };
  try {
    const pool = await openOwnPool(config, logger);
    opened.push(() => pool.end());
    const shared = { connectionString: url, pool };
    const at = (connectionString: string): DatabaseAt & object =>
      connectionString === url ? shared : { connectionString };
    if (config.personalKeysUrl !== url) await inspectDatabase(config.personalKeysUrl, 'PERSONAL_KEYS_URL');
    const { keys, close: closeKeys } = await openPersonalKeys(
      at(config.personalKeysUrl),
      config.masterKeys,
      logger,
    );
    opened.push(closeKeys);
    const personalData = new PersonalDataCipher(keys);
    const storeAt = { ...at(config.eventStoreUrl), appendersMax: APPENDERS_MAX };
    const storedLog = await openBareEventStore(storeAt, logger);
    opened.push(() => storedLog.close());
    const stored = { log: storedLog, index: await openEventIndex(storeAt) };
    opened.push(() => stored.index.close());
    const log = asPrograms(storedLog, personalDataCodec(personalData));
    await requireLogOfReadModels(pool, log);
    const logStream = await openLogStream({ kafka: config.kafka, pool, logger });
    opened.push(() => logStream.close());
    const store = await withSnapshots(log, { pool, logger, sealed: asPrograms(storedLog) });
    opened.push(() => store.aggregates.close());
    const reading = await openReadPool(config, pool, logger);
    opened.push(reading.close);
    const readPool = reading.pool;
    const counting = await openRateCounter(config, logger);
    opened.push(() => counting.close());
    const rateCounter = counting.counter;
    const wallets = new ContractWallets(config.chains, logger);
    opened.push(async () => wallets.close());
    const { isSignedByContract } = wallets;
    return await run(
      api,
      {
        logger,
        store,
        stored,
        personalData,
        logStream,
        pool,
        readPool,
        rateCounter,
        healthChecks,
        isSignedByContract,
      },
      close,
    );
  } catch (error) {
    await close();
    throw error;
  }
}

async function openOwnPool(
  { connectionsMax, databaseUrl: connectionString }: ApiConfig,
  logger: Logger,
): Promise<pg.Pool> {
  const needed = connectionsMax + LISTENING_CONNECTIONS;
  await requireSessions(connectionString, { variable: 'DATABASE_URL', needed });
  const max = connectionsMax - APPENDERS_MAX;
  return openPool({ connectionString, name: 'api', max, limits: LIMITS, logger, askedFor });
}

/** Queries need no session: they may come by way of a pooler that gives a connection to each transaction. */
async function openReadPool(
  { connectionsMax: max, databaseReadUrl: connectionString, databaseUrl }: ApiConfig,
  pool: pg.Pool,
  logger: Logger,
): Promise<PoolAt> {
  if (connectionString === databaseUrl) return { pool, close: () => Promise.resolve() };
  const { pooled } = await inspectDatabase(connectionString, 'DATABASE_READ_URL');
  const own = openPool({
    connectionString,
    name: 'api-reading',
    max,
    limits: LIMITS,
    pooled,
    logger,
    askedFor,
  });
  return { pool: own, close: () => own.end() };
}

async function openRateCounter({ redisUrl }: ApiConfig, logger: Logger): Promise<OpenRateCounter> {
  if (redisUrl === null) return { counter: new MemoryRateCounter(), close: () => Promise.resolve() };
  const { openRedisRateCounter } = await import('../rate-limits/redis-rate-counter.js');
  return openRedisRateCounter(redisUrl, logger);
}

async function run(
  config: ApiSettings,
  parts: {
    readonly logger: Logger;
    readonly store: LogWithSnapshots;
    readonly stored: StoredLog;
    readonly personalData: PersonalDataCipher;
    readonly logStream: LogStream;
    readonly pool: pg.Pool;
    readonly readPool: pg.Pool;
    readonly rateCounter: RateCounter;
    readonly healthChecks: HealthChecks;
    readonly isSignedByContract: IsSignedByContract;
  },
  close: () => Promise<void>,
): Promise<RunningApi> {
  const { logger, store, stored, personalData, logStream, pool, readPool, rateCounter, healthChecks } = parts;
  const { isSignedByContract } = parts;
  const metrics = new Registry();
  addRuntimeMetrics(metrics);
  addSnapshotMetrics(metrics, () => store.aggregates.statistics);
  const publishedHead = publishedBlockReader(logStream, config.chains);
  const running = await startApi({
    config,
    logger,
    clock: Date.now,
    store,
    stored,
    personalData,
    pool,
    readPool,
    rateCounter,
    metrics,
    healthChecks,
    isSignedByContract,
    publishedHead,
  });
  logger.info({ url: running.url }, 'the API answers');
  let stopped: Promise<void> | null = null;
  return {
    ...running,
    stop: () => (stopped ??= running.stop().then(close)),
  };
}

const [MINUTE_MS, DAY_MS] = [60 * 1000, 24 * 60 * 60 * 1000];

const sessionSettings = ({ sessions }: ApiConfig): SessionSettings => ({
  issuer: sessions.issuer,
  audience: sessions.audience,
  accessTokenMs: sessions.accessTokenMinutes * MINUTE_MS,
  sessionMs: sessions.sessionDays * DAY_MS,
});

function apiSettings(config: ApiConfig): ApiSettings {
  return {
    port: config.port,
    host: config.host,
    publicUrl: config.publicUrl,
    jwtSecret: config.jwtSecret,
    jwtOtherSecrets: config.jwtOtherSecrets,
    sessionSettings: sessionSettings(config),
    corsOrigins: config.corsOrigins,
    operators: config.operatorAddresses,
    creatorsAppointed: config.creatorsAppointed,
    approvals: config.approvals,
    operatorsConfirm: config.operatorsConfirm,
    developmentAccounts: config.developmentAccounts,
    developmentRpcUrl:
      config.developmentAccounts.length === 0
        ? null
        : (config.chains[0]?.rpcUrls[0]?.replace(/^ws/, 'http') ?? null),
    rateLimits: config.rateLimits,
    ...config.graphql,
    requestsInHandMax: config.requestsInHandMax,
    trustedProxies: config.trustedProxies,
    chains: config.chains.map(({ contracts, path: _path, rpcUrls: _rpcUrls, ...chain }) => ({
      ...chain,
      ...contracts,
    })),
  };
}
