import { openLogStream } from '@abland/log-stream';
import type { Logger, Running } from '@abland/kernel';
import { firstEnd, type IndexerConfig, LISTENING_CONNECTIONS, startHealthServer } from '@abland/platform';
import { migrateLeases, openPool, type Pulse, pulseOf, requireSessions, startPulses } from '@abland/postgres';
import { type AloneIndexer, type ChainFollowing, indexAlone } from './index-alone.js';
import { indexerMetrics } from './indexer-metrics.js';

/** More blocks behind than this, and the indexer is not ready. */
const READY_LAG_BLOCKS = 5;
/** Not heard of the chain for longer than this, and nobody knows whether there is more. */
const READY_CONTACT_MS = 8_000;

/**
 * The indexer with its connections: follows each chain that no other indexer does.
 * @throws PortInUseError, WrongChainError
 */
export async function openIndexer(config: IndexerConfig, logger: Logger): Promise<Running> {
  const undo: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (let last = undo.pop(); last !== undefined; last = undo.pop()) await last();
  };
  try {
    const { connectionsMax: max, databaseUrl: connectionString } = config;
    const needed = max + LISTENING_CONNECTIONS;
    await requireSessions(connectionString, { variable: 'DATABASE_URL', needed });
    const pool = openPool({ connectionString, name: 'indexer', max, logger });
    undo.push(() => pool.end());
    const logStream = await openLogStream({ kafka: config.kafka, pool, logger });
    undo.push(() => logStream.close());
    await migrateLeases(pool);
    const indexers: AloneIndexer[] = [];
    const status = (): readonly ChainFollowing[] => indexers.map((indexer) => indexer.status());
    undo.push(startPulses({ pool, logger, parts: () => status().map(followingPulse) }));
    // All at once: a chain that does not answer is waited for by no other.
    const isOnly = config.chains.length === 1;
    const starting = config.chains.map(async (chain) => {
      const indexer = await indexAlone({ chain, isOnly, logger, logStream, pool });
      undo.push(() => indexer.stop());
      return indexer;
    });
    await Promise.allSettled(starting);
    indexers.push(...(await Promise.all(starting)));
    if (config.metricsPort !== null) undo.push(await serveHealth(config.metricsPort, status));
    return { name: 'indexer', ended: firstEnd(indexers), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function serveHealth(
  port: number,
  status: () => readonly ChainFollowing[],
): Promise<() => Promise<void>> {
  const server = await startHealthServer({
    port,
    metrics: indexerMetrics(() => status().flatMap(({ indexer }) => indexer ?? [])),
    health: () => ({ ready: status().every(isFollowed), details: { chains: status() } }),
  });
  return () => server.stop();
}

function followingPulse({ chainId, indexer, part }: ChainFollowing): Pulse {
  const numberOf = (block: { readonly number: number } | null): bigint | null =>
    block === null ? null : BigInt(block.number);
  return pulseOf(indexer ?? part, {
    part: `indexer-${chainId}`,
    contactAgeMs: indexer?.contactAgeMs ?? null,
    reached: numberOf(indexer?.published ?? null),
    head: numberOf(indexer?.head ?? null),
  });
}

/** Here, closely enough, or by another indexer. */
function isFollowed({ indexer, part }: ChainFollowing): boolean {
  if (indexer === null) return part.state === 'STANDBY';
  const { contactAgeMs, following, lagBlocks } = indexer;
  const recent = contactAgeMs !== null && contactAgeMs <= READY_CONTACT_MS;
  return following === 'FOLLOWING' && recent && lagBlocks !== null && lagBlocks <= READY_LAG_BLOCKS;
}
