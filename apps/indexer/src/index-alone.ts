import { ChainRpc } from '@abland/chain';
import {
  failureClassOf,
  type Logger,
  type LogStream,
  mayPass,
  type PartStatus,
  type Running,
} from '@abland/kernel';
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
  /** Whether it follows, stands by, or waits for what it needs. */
  readonly part: PartStatus;
  /** Null while this indexer does not follow the chain. */
  readonly indexer: IndexerStatus | null;
}

export interface AloneIndexer extends Running {
  status(): ChainFollowing;
}

/**
 * Follows a chain where no other indexer does, else stands by. Where no provider answers, or none with this chain, it asks on
 * and is not ready meanwhile.
 * @throws WrongChainError at the start, so that a wrong address is noticed at once
 */
export async function indexAlone({
  chain,
  logger,
  logStream,
  pool,
}: AloneIndexerParts): Promise<AloneIndexer> {
  const { chainId } = chain;
  await refuseOtherChains(chain, logger);
  let current: Indexer | null = null;
  const alone = startAlone({
    name: `indexer-${chainId}`,
    pool,
    logger,
    start: ({ epoch }) => {
      const indexer = startIndexer({ chain, epoch, logger, logStream });
      current = indexer;
      const stop = (): Promise<void> => {
        current = null;
        return indexer.stop();
      };
      return Promise.resolve({ ...indexer, stop });
    },
  });
  return { ...alone, status: () => ({ chainId, part: alone.status(), indexer: current?.status() ?? null }) };
}

async function refuseOtherChains({ chainId, rpcUrls: urls }: ChainConfig, logger: Logger): Promise<void> {
  const rpc = new ChainRpc({ urls, chainId, logger });
  try {
    await rpc.request('eth_blockNumber');
  } catch (error) {
    if (!mayPass(failureClassOf(error))) throw error;
    logger.warn({ err: error, chainId }, 'no provider of the chain answers, trying again');
  } finally {
    rpc.close();
  }
}
