import {
  BlockReader,
  ChainRpc,
  ChainTokenDescriber,
  HeadWatch,
  recordedTokens,
  startChainPublisher,
  startIngester,
} from '@abland/chain';
import { openEventStore } from '@abland/event-codec';
import type { Logger, Running } from '@abland/kernel';
import { type KafkaConnection, openLogStream } from '@abland/log-stream';
import { migrateFollowBook, PostgresFollowBook, PostgresIngestedTokens, startAlone } from '@abland/postgres';
import { startProjections } from '@abland/projections';
import { SIMULATED_CONTRACTS } from '@abland/testing/simulated-chain';
import type pg from 'pg';
import type { Parts } from './parts.js';
import type { Opened } from './program.js';

export interface Deployment {
  readonly chainId: number;
  readonly rpcUrls: readonly string[];
  readonly finalityDepth: number;
  /** Without a sign of whoever leads for so many milliseconds, another does. */
  readonly leaseMs: number;
  /** Whether blocks are read whole. */
  readonly logs: 'ALL' | 'OURS';
  readonly parts: Parts;
  /** For so long a provider's newest block may lie behind that of another; default: the product's own. */
  readonly behindOthersMsMax?: number | undefined;
  /** Whom each indexer asked, so that it can be looked at what it made of them. */
  readonly asked: ChainRpc[];
  /** What carries blocks from indexer to ingester; null: the database. */
  readonly kafka: KafkaConnection | null;
  readonly logger: Logger;
}

const POLL_MS = 100;
const RPC_TIMEOUT_MS = 1_000;
const STANDBY_MS = 100;
const BEHIND_MS_MAX = 2_000;
/** Small, so that there are many places where a run may be cut. */
const RANGE = { rangeSize: 5, parallelRanges: 3 };
const BATCH_SIZE = 40;

type Open = (deployment: Deployment, pool: pg.Pool, url: string) => Promise<Opened>;

/** The programs of the chain's way to the read models, each of the same parts as in production. */
export const PROGRAMS: Readonly<Record<'indexer' | 'ingester' | 'projector', Open>> = {
  async indexer(
    { asked, behindOthersMsMax, chainId, finalityDepth, kafka, leaseMs, logger, logs, parts, rpcUrls: urls },
    pool,
    connectionString,
  ) {
    const logStream = parts.written(await openLogStream({ kafka, pool, logger }));
    const { proof, prove } = parts;
    const reading = behindOthersMsMax === undefined ? {} : { behindOthersMsMax };
    await migrateFollowBook(pool);
    const eventStore = await openEventStore({ connectionString, pool }, logger);
    const tokens = {
      book: new PostgresFollowBook(pool, chainId),
      tokenFactory: SIMULATED_CONTRACTS.tokenFactory,
      recorded: () => recordedTokens(eventStore, chainId),
    };
    const start = (epoch: bigint): Running => {
      const rpc = new ChainRpc({ urls, chainId, logger, timeoutMs: RPC_TIMEOUT_MS });
      asked.push(rpc);
      const watch = new HeadWatch({ urls, pollIntervalMs: POLL_MS, logger });
      const publisher = startChainPublisher({
        ...{
          chainId,
          epoch,
          finalityDepth,
          logStream,
          logger,
          tokens,
          ...RANGE,
          startBlock: 0,
          behindMsMax: BEHIND_MS_MAX,
        },
        source: new BlockReader(rpc, SIMULATED_CONTRACTS, { ...reading, logger, logs, proof, prove }),
        describer: new ChainTokenDescriber(rpc, SIMULATED_CONTRACTS),
        nextHead: (signal) => watch.next(signal),
        onHead: ({ number }) => watch.found(number),
        onDistrust: () => rpc.distrust(),
        requireChain: () => rpc.requireChain(),
      });
      const stop = async (): Promise<void> => {
        await publisher.stop();
        watch.close();
        rpc.close();
      };
      return { ...publisher, stop };
    };
    const name = `indexer-${chainId}`;
    const alone = { name, pool, logger, leaseMs, standbyIntervalMs: STANDBY_MS };
    const running = startAlone({ ...alone, start: ({ epoch }) => Promise.resolve(start(epoch)) });
    const close = async (): Promise<void> => {
      await logStream.close();
      await eventStore.close();
    };
    return { running, close };
  },

  async ingester({ chainId, kafka, leaseMs, logger }, pool, connectionString) {
    const eventStore = await openEventStore({ connectionString, pool }, logger);
    const logStream = await openLogStream({ kafka, pool, logger });
    await migrateFollowBook(pool);
    const tokensBook = new PostgresIngestedTokens(pool, chainId);
    const parts = { eventStore, logStream, tokensBook, logger };
    const options = { chainId, contracts: SIMULATED_CONTRACTS, startBlock: 0, ...parts };
    const name = `ingester-${chainId}`;
    const alone = { name, pool, logger, leaseMs, standbyIntervalMs: STANDBY_MS };
    const running = startAlone({ ...alone, start: () => Promise.resolve(startIngester(options)) });
    const close = async (): Promise<void> => {
      await logStream.close();
      await eventStore.close();
    };
    return { running, close };
  },

  async projector({ logger, parts }, pool, connectionString) {
    const store = await openEventStore({ connectionString, pool }, logger);
    const options = { store: parts.read(store), pool, logger, clock: Date.now, batchSize: BATCH_SIZE };
    const running = startProjections({ ...options, standbyPauseMs: STANDBY_MS, failedPauseMs: 1_000 });
    return { running, close: () => store.close() };
  },
};
