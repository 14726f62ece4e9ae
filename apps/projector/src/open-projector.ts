import { openEventStore } from '@abland/event-codec';
import type { Logger } from '@abland/kernel';
import {
  LISTENING_CONNECTIONS,
  LIVE_CONNECTIONS,
  PROJECTOR_POOL,
  type ProjectorConfig,
  startHealthServer,
} from '@abland/platform';
import { openPool, type Pulses, requireSessions, startPulses } from '@abland/postgres';
import { projectorMetrics } from './projector-metrics.js';
import { isReady } from './projector-status.js';
import { type Projector, startProjector } from './start-projector.js';

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
    const { connectionsMax, databaseUrl: connectionString, eventStoreUrl } = config;
    const needed = connectionsMax + LISTENING_CONNECTIONS;
    await requireSessions(connectionString, { variable: 'DATABASE_URL', needed });
    const max = PROJECTOR_POOL;
    const pool = openPool({ connectionString, name: 'projector', max, logger });
    opened.push(() => pool.end());
    const shared = eventStoreUrl === connectionString ? pool : undefined;
    const store = await openEventStore({ connectionString: eventStoreUrl, pool: shared }, logger);
    opened.push(() => store.close());
    const projector = await startProjector({
      ...{ store, pool, clock: Date.now, logger },
      journalKeptMs: config.historyKeptDays * 86_400_000,
      promotesItself: config.promotesItself,
      buildEventsPerSecond: config.buildEventsPerSecond,
      groupsMax: LIVE_CONNECTIONS + config.buildConnections,
    });
    const pulses = startPulses({ pool, logger, parts: () => projector.pulses() });
    opened.push(() => pulses.stop());
    opened.push(() => projector.stop());
    if (config.metricsPort !== null) opened.push(await serveHealth(config.metricsPort, projector, pulses));
    return { ...projector, stop: close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function serveHealth(port: number, projector: Projector, pulses: Pulses): Promise<() => Promise<void>> {
  const server = await startHealthServer({
    port,
    metrics: projectorMetrics(() => projector.status()),
    health: async () => {
      const status = await projector.status();
      return { ready: isReady(status) && pulses.areHeard(), details: { ...status, ...pulses.told() } };
    },
  });
  return () => server.stop();
}
