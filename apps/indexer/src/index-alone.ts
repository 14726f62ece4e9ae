import { ChainRpc, type RangeReader, recordedTokens, startRangeReader } from '@abland/chain';
import type { EventStore, Logger, LogStream, PartStatus, Running } from '@abland/kernel';
import type { ChainConfig } from '@abland/platform';
import {
  PostgresFollowBook,
  PostgresReadAhead,
  postgresFailureClassOf as classify,
  startAlone,
} from '@abland/postgres';
import type pg from 'pg';
import { blockReader, readingOf } from './block-reader.js';
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
  /** Ranges that it has read and proved for another indexer since the start. */
  readonly rangesReadAhead: number;
}

export interface AloneIndexer extends Running {
  status(): ChainFollowing;
}

/**
 * Follows a chain where no other indexer does, else stands by, and reads ahead of the other one while that is far behind. Where no provider answers, or none with this chain, it asks on
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
  const ahead = new PostgresReadAhead({ pool, chainId, reading: readingOf(chain) });
  let current: Indexer | null = null;
  const alone = startAlone({
    name: `indexer-${chainId}`,
    pool,
    logger,
    start: ({ epoch }) => {
      const unchecked = isChecked ? {} : { check: (rpc: ChainRpc) => checkChainBy(rpc, parts) };
      const indexer = startIndexer({
        ...{ chain, epoch, logger, logStream, tokens, readAhead: ahead, ...unchecked },
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
  const reader = readFor({ ahead, chain, logger, isPublisher: () => current !== null });
  const stop = async (): Promise<void> => {
    await Promise.all([alone.stop(), reader.stop()]);
  };
  return {
    ...{ ...alone, stop },
    status: () => ({
      ...{ chainId, part: alone.status(), indexer: current?.status() ?? null },
      rangesReadAhead: reader.ranges(),
    }),
  };
}

interface ReadingParts extends Pick<AloneIndexerParts, 'chain' | 'logger'> {
  readonly ahead: PostgresReadAhead;
  readonly isPublisher: () => boolean;
}

/** Reads ahead of another indexer, with providers of its own: what it asks changes nothing of how they are told. */
function readFor({ ahead, chain, isPublisher, logger }: ReadingParts): RangeReader {
  const { chainId, requestsPerSecond, rpcUrls: urls } = chain;
  const rpc = new ChainRpc({ urls, chainId, requestsPerSecond, logger });
  const blocks = blockReader(rpc, chain, logger);
  const source = {
    blocks: async (from: number, to: number) => {
      // Whether the chain's headers have the hash of their fields is known by its newest one.
      await blocks.head();
      return blocks.blocks(from, to);
    },
  };
  const reader = startRangeReader({
    ...{ chainId, book: ahead, logger, classify },
    source: () => (isPublisher() ? null : source),
  });
  const stop = async (): Promise<void> => {
    await reader.stop();
    rpc.close();
  };
  return { ...reader, stop };
}

async function* tokensOfLog(openLog: () => Promise<EventStore>, chainId: number): AsyncIterable<string> {
  const log = await openLog();
  try {
    yield* recordedTokens(log, chainId);
  } finally {
    await log.close();
  }
}
