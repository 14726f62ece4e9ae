import { type ChainRpc, recordedTokens } from '@abland/chain';
import type { EventStore, Logger, LogStream, PartStatus, Running } from '@abland/kernel';
import type { ChainConfig } from '@abland/platform';
import { PostgresFollowBook, startAlone } from '@abland/postgres';
import type pg from 'pg';
import { checkChain, checkChainBy, isAsTold } from './check-chain.js';
import { decisionsIn } from './reorg-decisions.js';
import { type Indexer, type IndexerStatus, startIndexer } from './start-indexer.js';

export interface AloneIndexerParts {
  readonly chain: ChainConfig;
  /** Whether this program follows no other chain: what refuses it refuses the start then. */
  readonly isOnly: boolean;
  readonly logger: Logger;
  readonly logStream: LogStream;
  /** The log, where it alone tells the tokens of a chain that was published before they were kept. */
  readonly openLog: () => Promise<EventStore>;
  /** With the leases and the book of what is followed. */
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
 * @throws WrongChainError, ConfigError at the start of an only chain, so that a wrong address is noticed at once; else it ends nothing
 */
export async function indexAlone(parts: AloneIndexerParts): Promise<AloneIndexer> {
  const { chain, isOnly, logger, logStream, openLog, pool } = parts;
  const { chainId } = chain;
  const check = (): Promise<void> => checkChain(parts);
  const isChecked = await isAsTold({ check, chainId, isOnly, logger });
  const book = new PostgresFollowBook(pool, chainId);
  const tokens = { book, recorded: () => tokensOfLog(openLog, chainId) };
  let current: Indexer | null = null;
  const alone = startAlone({
    name: `indexer-${chainId}`,
    pool,
    logger,
    start: ({ epoch }) => {
      const unchecked = isChecked ? {} : { check: (rpc: ChainRpc) => checkChainBy(rpc, parts) };
      const indexer = startIndexer({
        ...{ chain, epoch, logger, logStream, tokens, ...unchecked },
        decisions: decisionsIn(pool, chainId),
      });
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

async function* tokensOfLog(openLog: () => Promise<EventStore>, chainId: number): AsyncIterable<string> {
  const log = await openLog();
  try {
    yield* recordedTokens(log, chainId);
  } finally {
    await log.close();
  }
}
