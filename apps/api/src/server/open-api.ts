import { openEventStore } from '@abland/event-codec';
import { isPersonal, openPersonalKeys, PersonalDataCipher, personalDataCodec } from '@abland/personal-data';
import { type LogWithSnapshots, withSnapshots } from '@abland/snapshots';
import type { Logger, LogStream } from '@abland/kernel';
import { openPostgresLogStream } from '@abland/log-stream';
import {
  type Config,
  ConfigError,
  eventStoreUrl,
  personalKeysUrl,
  requireChain,
  requireDatabase,
} from '@abland/platform';
import pg from 'pg';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { addSnapshotMetrics } from '../health/snapshot-metrics.js';
import { publishedBlockReader } from './published-block.js';
import type { ApiConfig } from './dependencies.js';
import { type RunningApi, startApi } from './start-api.js';

const CONNECTIONS_MAX = 10;

/** The API with connections of its own, as production runs it. */
export async function openApi(config: Config, logger: Logger): Promise<RunningApi> {
  const url = requireDatabase(config);
  const api = apiConfig(config);
  const opened: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const end of opened.reverse()) await end();
  };
  try {
    const { keys, close: closeKeys } = await openPersonalKeys(
      personalKeysUrl(config),
      config.personalData.masterKeys,
      logger,
    );
    opened.push(closeKeys);
    const personalData = new PersonalDataCipher(keys);
    const log = await openEventStore(eventStoreUrl(config), logger, personalDataCodec(personalData));
    opened.push(() => log.close());
    const logStream = await openLogStream(config, url, logger);
    opened.push(() => logStream.close());
    const pool = openPool(url, logger);
    opened.push(() => pool.end());
    const store = await withSnapshots(log, { pool, logger, isPersonal });
    opened.push(() => store.aggregates.close());
    const readPool = openPool(config.databaseReadUrl ?? url, logger);
    opened.push(() => readPool.end());
    return await run(api, { logger, store, personalData, logStream, pool, readPool }, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function run(
  config: ApiConfig,
  parts: {
    readonly logger: Logger;
    readonly store: LogWithSnapshots;
    readonly personalData: PersonalDataCipher;
    readonly logStream: LogStream;
    readonly pool: pg.Pool;
    readonly readPool: pg.Pool;
  },
  close: () => Promise<void>,
): Promise<RunningApi> {
  const { logger, store, personalData, logStream, pool, readPool } = parts;
  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics });
  addSnapshotMetrics(metrics, () => store.aggregates.statistics);
  const chainHead = publishedBlockReader(logStream, config.chain);
  const running = await startApi({
    config,
    logger,
    clock: Date.now,
    store,
    personalData,
    pool,
    readPool,
    metrics,
    chainHead,
  });
  logger.info({ url: running.url }, 'the API answers');
  let stopped: Promise<void> | null = null;
  return {
    ...running,
    stop: () => (stopped ??= running.stop().then(close)),
  };
}

/** @throws ConfigError */
export function apiConfig(config: Config): ApiConfig {
  const chain = requireChain(config);
  return {
    port: config.port,
    host: '0.0.0.0',
    publicUrl: config.publicUrl,
    jwtSecret: config.jwtSecret,
    corsOrigins: config.corsOrigins,
    operators: config.operatorAddresses,
    chain: {
      chainId: chain.chainId,
      finalityDepth: chain.finalityDepth,
      ...chain.contracts,
    },
  };
}

async function openLogStream(config: Config, url: string, logger: Logger): Promise<LogStream> {
  if (config.kafkaBrokers !== null) {
    throw new ConfigError(
      'KAFKA_BROKERS',
      'must be absent: this version has no other log stream than PostgreSQL',
    );
  }
  return openPostgresLogStream({ connectionString: url, logger });
}

function openPool(connectionString: string, logger: Logger): pg.Pool {
  const pool = new pg.Pool({ connectionString, max: CONNECTIONS_MAX });
  pool.on('error', (error) => logger.warn({ err: error }, 'idle database connection lost'));
  return pool;
}
