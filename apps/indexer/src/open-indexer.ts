import { openPostgresLogStream } from '@abland/log-stream';
import type { Logger, Running } from '@abland/kernel';
import { ConfigError, requireChain, requireDatabase, startHealthServer, type Config } from '@abland/platform';
import { indexerMetrics } from './indexer-metrics.js';
import { startIndexer } from './start-indexer.js';

/** More blocks behind than this, and the indexer is not ready. */
const READY_LAG_BLOCKS = 5;

/** The indexer with its connections, as the configuration says. */
export async function openIndexer(config: Config, logger: Logger): Promise<Running> {
  const undo: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (let last = undo.pop(); last !== undefined; last = undo.pop()) await last();
  };
  try {
    const chain = requireChain(config);
    const connectionString = requireDatabase(config);
    if (config.kafkaBrokers !== null) {
      throw new ConfigError('KAFKA_BROKERS', 'is not offered yet: leave it out to use the database');
    }
    const logStream = await openPostgresLogStream({ connectionString, logger });
    undo.push(() => logStream.close());
    const indexer = await startIndexer({ chain, logger, logStream });
    undo.push(() => indexer.stop());
    if (config.metricsPort !== null) {
      const server = await startHealthServer({
        port: config.metricsPort,
        metrics: indexerMetrics(() => indexer.status()),
        health: () => {
          const details = indexer.status();
          const { failure, lagBlocks } = details;
          return {
            ready: failure === null && lagBlocks !== null && lagBlocks <= READY_LAG_BLOCKS,
            details: { ...details },
          };
        },
      });
      undo.push(() => server.stop());
    }
    return { name: indexer.name, ended: indexer.ended, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
