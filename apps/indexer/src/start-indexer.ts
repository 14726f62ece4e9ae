import {
  ChainRpc,
  type ChainSource,
  type FollowOptions,
  ChainTokenDescriber,
  HeadWatch,
  type ProviderStatus,
  type PublishersBook,
  ReadAheadSource,
  type ReorgDecisions,
  startChainPublisher,
  toldFinal,
  type TokensFollowed,
  type PublisherStatus,
} from '@abland/chain';
import type { Logger, LogStream, Running } from '@abland/kernel';
import type { ChainConfig } from '@abland/platform';
import { blockReader } from './block-reader.js';
import { pollIntervalOf } from './poll-interval.js';
import { headStands } from './standing-head.js';

export interface IndexerParts {
  readonly chain: ChainConfig;
  /** Of the lease by which it runs. */
  readonly epoch: bigint;
  readonly logger: Logger;
  /** Stays its owner's: stopping the indexer does not close it. */
  readonly logStream: LogStream;
  /** As the publisher takes them. */
  readonly tokens?: Omit<TokensFollowed, 'tokenFactory'>;
  /** Of the chain, before its first block is asked for, until it has succeeded once. */
  readonly check?: (rpc: ChainRpc) => Promise<void>;
  /** As the publisher takes them. */
  readonly decisions?: ReorgDecisions;
  /** Where other indexers leave what they read ahead of this one. */
  readonly readAhead?: PublishersBook;
  /** How often the chain is looked at where no head was pushed. Default: twice a second, or as its blocks come. */
  readonly pollIntervalMs?: number;
}

export interface IndexerStatus extends PublisherStatus {
  readonly chainId: number;
  /** Whether the provider pushes new heads at the moment; else they are polled for. */
  readonly pushed: boolean;
  /** Whether no block has come for longer than a chain that goes on lets one wait. */
  readonly headStands: boolean;
  /** Published since the start that another indexer had read and proved. */
  readonly blocksReadAhead: number;
  /** In order of preference. */
  readonly providers: readonly ProviderStatus[];
}

export interface Indexer extends Running {
  status(): IndexerStatus;
}

const RANGE_SIZE = 25;
const PARALLEL_RANGES = 4;

/** Follows one chain and publishes it on the log stream; where no provider answers it says so, and asks on. */
export function startIndexer({
  chain,
  check = () => Promise.resolve(),
  decisions,
  epoch,
  logger,
  logStream,
  pollIntervalMs = pollIntervalOf(chain),
  readAhead,
  tokens,
}: IndexerParts): Indexer {
  const { rpcUrls: urls, chainId, requestsPerSecond, startBlock, contracts } = chain;
  const rpc = new ChainRpc({ urls, chainId, requestsPerSecond, logger });
  const watch = new HeadWatch({ urls, pollIntervalMs, logger });
  const finality = finalityOf(chain, rpc);
  const checked = onceChecked(blockReader(rpc, chain, logger), () => check(rpc));
  const ahead =
    readAhead === undefined
      ? null
      : new ReadAheadSource({
          ...{ source: checked, book: readAhead, epoch, rangeSize: RANGE_SIZE, logger },
          finalityDepth: finality.finalityDepth,
        });
  const publisher = startChainPublisher({
    chainId,
    epoch,
    startBlock,
    ...finality,
    rangeSize: RANGE_SIZE,
    parallelRanges: PARALLEL_RANGES,
    source: ahead ?? checked,
    ...(ahead === null ? {} : { onProgress: (next, head) => ahead.tell(next, head) }),
    describer: new ChainTokenDescriber(rpc, contracts),
    ...(tokens === undefined ? {} : { tokens: { ...tokens, tokenFactory: contracts.tokenFactory } }),
    logStream,
    logger,
    nextHead: (signal) => watch.next(signal),
    onHead: ({ number }) => watch.found(number),
    onDistrust: () => rpc.distrust(),
    ...(decisions === undefined ? {} : { decisions }),
    requireChain: () => rpc.requireChain(),
  });
  const status = (): IndexerStatus => {
    const published = publisher.status();
    return {
      ...published,
      headStands: headStands(published.headAgeMs, blockTimeOf(chain, published.usualBlockMs)),
      chainId,
      pushed: watch.pushed,
      blocksReadAhead: ahead?.taken ?? 0,
      providers: rpc.status(),
    };
  };
  return {
    name: publisher.name,
    ended: publisher.ended,
    status,
    stop: async () => {
      await publisher.stop();
      watch.close();
      rpc.close();
    },
  };
}

/** As told, else as learnt; where a chain is known to mine on demand there is none. */
const blockTimeOf = ({ blockTimeMs, minesOnDemand }: ChainConfig, learntMs: number | null): number | null =>
  blockTimeMs ?? (minesOnDemand === true ? null : learntMs);

/** By depth alone, or by the chain's own word. */
function finalityOf(
  { finalityDepth, finalityTag, quorum = 1 }: ChainConfig,
  rpc: ChainRpc,
): Pick<FollowOptions, 'finalityDepth' | 'finalized'> {
  if (finalityTag === undefined) return { finalityDepth };
  const tag = finalityTag === 'SAFE' ? 'safe' : 'finalized';
  return { finalityDepth, finalized: () => toldFinal(rpc, tag, quorum) };
}

/** The source, of which no head is told before the check has succeeded. */
function onceChecked(reader: ChainSource, check: () => Promise<void>): ChainSource {
  let isChecked = false;
  return {
    followed: reader.followed,
    async head() {
      if (!isChecked) await check();
      isChecked = true;
      return reader.head();
    },
    headerAt: (number) => reader.headerAt(number),
    blocks: (from, to, known) => reader.blocks(from, to, known),
  };
}
