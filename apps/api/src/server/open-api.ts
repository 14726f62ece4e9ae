import { openEventStore } from '@abland/event-codec';
import { isPersonal, openPersonalKeys, PersonalDataCipher, personalDataCodec } from '@abland/personal-data';
import { type LogWithSnapshots, withSnapshots } from '@abland/snapshots';
import type { Logger, LogStream } from '@abland/kernel';
import { openPostgresLogStream } from '@abland/log-stream';
import type { ApiConfig } from '@abland/platform';
import { openPool } from '@abland/postgres';
import type pg from 'pg';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { addSnapshotMetrics } from '../health/snapshot-metrics.js';
import { publishedBlockReader } from './published-block.js';
import type { ApiSettings } from './dependencies.js';
import { type RunningApi, startApi } from './start-api.js';

const CONNECTIONS_MAX = 10;

/** The API with connections of its own, as production runs it. */
export async function openApi(config: ApiConfig, logger: Logger): Promise<RunningApi> {
  const { databaseUrl: url } = config;
  const api = apiSettings(config);
  for (const variable of config.unused) logger.warn({ variable }, 'this version does not use this setting');
  const opened: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const end of opened.reverse()) await end();
  };
  try {
    const { keys, close: closeKeys } = await openPersonalKeys(
      config.personalKeysUrl,
      config.masterKeys,
      logger,
    );
    opened.push(closeKeys);
    const personalData = new PersonalDataCipher(keys);
    const log = await openEventStore(config.eventStoreUrl, logger, personalDataCodec(personalData));
    opened.push(() => log.close());
    const logStream = await openPostgresLogStream({ connectionString: url, logger });
    opened.push(() => logStream.close());
    const pool = openPool({ connectionString: url, name: 'api', max: CONNECTIONS_MAX, logger });
    opened.push(() => pool.end());
    const store = await withSnapshots(log, { pool, logger, isPersonal });
    opened.push(() => store.aggregates.close());
    const readPool = openPool({
      connectionString: config.databaseReadUrl,
      name: 'api-reading',
      max: CONNECTIONS_MAX,
      logger,
    });
    opened.push(() => readPool.end());
    return await run(api, { logger, store, personalData, logStream, pool, readPool }, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function run(
  config: ApiSettings,
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
  const chainHead = publishedBlockReader(logStream, config.chains);
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

function apiSettings(config: ApiConfig): ApiSettings {
  return {
    port: config.port,
    host: '0.0.0.0',
    publicUrl: config.publicUrl,
    jwtSecret: config.jwtSecret,
    corsOrigins: config.corsOrigins,
    operators: config.operatorAddresses,
    chains: config.chains.map(({ chainId, finalityDepth, contracts }) => ({
      chainId,
      finalityDepth,
      ...contracts,
    })),
  };
}
