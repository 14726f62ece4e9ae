import { openPostgresLogStream } from '@abland/log-stream';
import type { Logger, Running } from '@abland/kernel';
import { firstEnd, type IndexerConfig, startHealthServer } from '@abland/platform';
import { indexerMetrics } from './indexer-metrics.js';
import { type Indexer, type IndexerStatus, startIndexer } from './start-indexer.js';

/** More blocks behind than this, and the indexer is not ready. */
const READY_LAG_BLOCKS = 5;

/** The indexer with its connections: a follower of each chain. */
export async function openIndexer(config: IndexerConfig, logger: Logger): Promise<Running> {
  const undo: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (let last = undo.pop(); last !== undefined; last = undo.pop()) await last();
  };
  try {
    const logStream = await openPostgresLogStream({ connectionString: config.databaseUrl, logger });
    undo.push(() => logStream.close());
    const indexers: Indexer[] = [];
    for (const chain of config.chains) {
      const indexer = await startIndexer({ chain, logger, logStream });
      undo.push(() => indexer.stop());
      indexers.push(indexer);
    }
    const status = (): readonly IndexerStatus[] => indexers.map((indexer) => indexer.status());
    if (config.metricsPort !== null) undo.push(await serveHealth(config.metricsPort, status));
    return { name: 'indexer', ended: firstEnd(indexers), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function serveHealth(
  port: number,
  status: () => readonly IndexerStatus[],
): Promise<() => Promise<void>> {
  const server = await startHealthServer({
    port,
    metrics: indexerMetrics(status),
    health: () => ({ ready: status().every(follows), details: { chains: status() } }),
  });
  return () => server.stop();
}

const follows = ({ failure, lagBlocks }: IndexerStatus): boolean =>
  failure === null && lagBlocks !== null && lagBlocks <= READY_LAG_BLOCKS;
