import { openEventStore } from '@abland/event-codec';
import { isPersonal, openKeyEraser } from '@abland/personal-data';
import { withSnapshots } from '@abland/snapshots';
import type { Logger } from '@abland/kernel';
import { openPostgresLogStream } from '@abland/log-stream';
import {
  type Config,
  ConfigError,
  eventStoreUrl,
  personalKeysUrl,
  requireChain,
  requireDatabase,
  startHealthServer,
} from '@abland/platform';
import pg from 'pg';
import { projectorMetrics } from './projector-metrics.js';
import { isReady } from './projector-status.js';
import { type Projector, startProjector } from './start-projector.js';

/** Each leading part holds one; the rest is for status and the relays in hand. */
const CONNECTIONS_MAX = 12;

/**
 * The projector with connections of its own, as production runs it.
 * @throws ConfigError, PortInUseError, ChainNotOfLogError, RelayerNonceMismatchError, ChainUnavailableError,
 *   EventStoreUnavailableError
 */
export async function openProjector(config: Config, logger: Logger): Promise<Projector> {
  const url = requireDatabase(config);
  const chain = requireChain(config);
  const opened: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (let last = opened.pop(); last !== undefined; last = opened.pop()) await last();
  };
  try {
    const log = await openEventStore(eventStoreUrl(config), logger);
    opened.push(() => log.close());
    const logStream = await openLogStream(config, url, logger);
    opened.push(() => logStream.close());
    const pool = openPool(url, logger);
    opened.push(() => pool.end());
    const store = await withSnapshots(log, { pool, logger, isPersonal });
    opened.push(() => store.aggregates.close());
    const { keys, close: closeKeys } = await openKeyEraser(personalKeysUrl(config), logger);
    opened.push(closeKeys);
    const { relayerPrivateKey } = config;
    const clock = Date.now;
    const projector = await startProjector({
      chain,
      relayerPrivateKey,
      store,
      logStream,
      keys,
      pool,
      clock,
      logger,
    });
    opened.push(() => projector.stop());
    if (config.metricsPort !== null) opened.push(await serveHealth(config.metricsPort, projector));
    logger.info({}, 'the projector runs');
    return { ...projector, stop: close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function serveHealth(port: number, projector: Projector): Promise<() => Promise<void>> {
  const server = await startHealthServer({
    port,
    metrics: projectorMetrics(() => projector.status()),
    health: async () => {
      const status = await projector.status();
      return { ready: isReady(status), details: { ...status } };
    },
  });
  return () => server.stop();
}

async function openLogStream(
  config: Config,
  url: string,
  logger: Logger,
): ReturnType<typeof openPostgresLogStream> {
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
