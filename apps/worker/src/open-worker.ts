import { openEventStore } from '@abland/event-codec';
import type { Logger } from '@abland/kernel';
import { openPostgresLogStream } from '@abland/log-stream';
import { isPersonal, openKeyEraser } from '@abland/personal-data';
import { startHealthServer, type WorkerConfig } from '@abland/platform';
import { openPool } from '@abland/postgres';
import { withSnapshots } from '@abland/snapshots';
import { startWorker, type Worker } from './start-worker.js';
import { workerMetrics } from './worker-metrics.js';
import { isReady } from './worker-status.js';

/** Each leading part holds one: three of a chain, and the erasure. */
const CONNECTIONS_A_CHAIN = 3;
/** For the erasure, the status and the relays in hand. */
const CONNECTIONS_BESIDE = 6;

/**
 * The worker with connections of its own, as production runs it.
 * @throws PortInUseError, ChainNotOfLogError, RelayerNonceMismatchError, ChainUnavailableError, EventStoreUnavailableError
 */
export async function openWorker(config: WorkerConfig, logger: Logger): Promise<Worker> {
  const { chains, databaseUrl, relayerPrivateKey } = config;
  const opened: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (let last = opened.pop(); last !== undefined; last = opened.pop()) await last();
  };
  try {
    const log = await openEventStore(config.eventStoreUrl, logger);
    opened.push(() => log.close());
    const logStream = await openPostgresLogStream({ connectionString: databaseUrl, logger });
    opened.push(() => logStream.close());
    const pool = openPool({
      connectionString: databaseUrl,
      name: 'worker',
      max: CONNECTIONS_BESIDE + CONNECTIONS_A_CHAIN * chains.length,
      logger,
    });
    opened.push(() => pool.end());
    const store = await withSnapshots(log, { pool, logger, isPersonal });
    opened.push(() => store.aggregates.close());
    const { keys, close: closeKeys } = await openKeyEraser(config.personalKeysUrl, logger);
    opened.push(closeKeys);
    const parts = { chains, relayerPrivateKey, store, logStream, keys, pool };
    const worker = await startWorker({ ...parts, clock: Date.now, logger });
    opened.push(() => worker.stop());
    if (config.metricsPort !== null) opened.push(await serveHealth(config.metricsPort, worker));
    logger.info({}, 'the worker runs');
    return { ...worker, stop: close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function serveHealth(port: number, worker: Worker): Promise<() => Promise<void>> {
  const server = await startHealthServer({
    port,
    metrics: workerMetrics(() => worker.status()),
    health: async () => {
      const status = await worker.status();
      return { ready: isReady(status), details: { ...status } };
    },
  });
  return () => server.stop();
}
