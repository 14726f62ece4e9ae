import { openEventStore } from '@abland/event-codec';
import type { Logger } from '@abland/kernel';
import { type ProjectorConfig, startHealthServer } from '@abland/platform';
import { openPool } from '@abland/postgres';
import { projectorMetrics } from './projector-metrics.js';
import { isReady } from './projector-status.js';
import { type Projector, startProjector } from './start-projector.js';

/** For migrations and the status; the projections have a connection of their own. */
const CONNECTIONS_MAX = 5;

/**
 * The projector with connections of its own, as production runs it.
 * @throws PortInUseError, EventStoreUnavailableError
 */
export async function openProjector(config: ProjectorConfig, logger: Logger): Promise<Projector> {
  const opened: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (let last = opened.pop(); last !== undefined; last = opened.pop()) await last();
  };
  try {
    const store = await openEventStore(config.eventStoreUrl, logger);
    opened.push(() => store.close());
    const pool = openPool({
      connectionString: config.databaseUrl,
      name: 'projector',
      max: CONNECTIONS_MAX,
      logger,
    });
    opened.push(() => pool.end());
    const projector = await startProjector({ store, pool, clock: Date.now, logger });
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
