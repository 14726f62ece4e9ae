import { BlockReader, ChainRpc, HeadWatch, startChainPublisher, type PublisherStatus } from '@abland/chain';
import type { Logger, LogStream, Running } from '@abland/kernel';
import type { ChainConfig } from '@abland/platform';

export interface IndexerParts {
  readonly chain: ChainConfig;
  readonly logger: Logger;
  /** Stays its owner's: stopping the indexer does not close it. */
  readonly logStream: LogStream;
  /** How often the chain is looked at where no head was pushed. Default: twice a second. */
  readonly pollIntervalMs?: number;
}

export interface IndexerStatus extends PublisherStatus {
  readonly chainId: number;
  /** Whether the provider pushes new heads at the moment; else they are polled for. */
  readonly pushed: boolean;
}

export interface Indexer extends Running {
  status(): IndexerStatus;
}

/** The net under pushed heads, and the pace where a provider pushes none. */
const POLL_INTERVAL_MS = 500;
const RANGE_SIZE = 50;
const PARALLEL_RANGES = 4;

/**
 * Follows one chain and publishes it on the log stream.
 * @throws RpcUnavailableError, WrongChainError at the start, so that a wrong address is noticed at once
 */
export async function startIndexer({
  chain,
  logger,
  logStream,
  pollIntervalMs = POLL_INTERVAL_MS,
}: IndexerParts): Promise<Indexer> {
  const { rpcUrls: urls, chainId, startBlock, finalityDepth, contracts } = chain;
  const rpc = new ChainRpc({ urls, chainId, logger });
  let heads: HeadWatch | null = null;
  try {
    const source = new BlockReader(rpc, contracts);
    await source.head();
    const watch = new HeadWatch({ urls, pollIntervalMs, logger });
    heads = watch;
    const publisher = await startChainPublisher({
      chainId,
      startBlock,
      finalityDepth,
      rangeSize: RANGE_SIZE,
      parallelRanges: PARALLEL_RANGES,
      source,
      logStream,
      logger,
      nextHead: (signal) => watch.next(signal),
      onDistrust: () => rpc.distrust(),
    });
    return {
      name: publisher.name,
      ended: publisher.ended,
      status: () => ({ ...publisher.status(), chainId, pushed: watch.pushed }),
      stop: async () => {
        await publisher.stop();
        watch.close();
        rpc.close();
      },
    };
  } catch (error) {
    heads?.close();
    rpc.close();
    throw error;
  }
}
