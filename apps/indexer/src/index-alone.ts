import { ChainRpc } from '@abland/chain';
import type { Logger, LogStream, Running } from '@abland/kernel';
import type { ChainConfig } from '@abland/platform';
import { startAlone } from '@abland/postgres';
import type pg from 'pg';
import { type Indexer, type IndexerStatus, startIndexer } from './start-indexer.js';

export interface AloneIndexerParts {
  readonly chain: ChainConfig;
  readonly logger: Logger;
  readonly logStream: LogStream;
  /** With the leases. */
  readonly pool: pg.Pool;
}

export interface ChainFollowing {
  readonly chainId: number;
  /** Null while another indexer follows this chain. */
  readonly indexer: IndexerStatus | null;
}

export interface AloneIndexer extends Running {
  status(): ChainFollowing;
}

/**
 * Follows a chain where no other indexer does, else stands by.
 * @throws RpcUnavailableError, WrongChainError at the start, so that a wrong address is noticed at once
 */
export async function indexAlone({
  chain,
  logger,
  logStream,
  pool,
}: AloneIndexerParts): Promise<AloneIndexer> {
  const { chainId } = chain;
  await requireProvider(chain, logger);
  let current: Indexer | null = null;
  const alone = startAlone({
    name: `indexer-${chainId}`,
    pool,
    logger,
    start: async () => {
      const indexer = await startIndexer({ chain, logger, logStream });
      current = indexer;
      return {
        ...indexer,
        async stop() {
          current = null;
          await indexer.stop();
        },
      };
    },
  });
  return { ...alone, status: () => ({ chainId, indexer: current?.status() ?? null }) };
}

async function requireProvider({ chainId, rpcUrls: urls }: ChainConfig, logger: Logger): Promise<void> {
  const rpc = new ChainRpc({ urls, chainId, logger });
  try {
    await rpc.request('eth_blockNumber');
  } finally {
    rpc.close();
  }
}
