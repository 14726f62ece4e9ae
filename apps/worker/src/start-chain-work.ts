import {
  type Ingester,
  type IngesterStatus,
  openRelaySender,
  requireChainOfLog,
  startIngester,
} from '@abland/chain';
import type { Clock, EventStore, Logger, LogStream, Running } from '@abland/kernel';
import { type ChainConfig, firstEnd } from '@abland/platform';
import { relayProcess, type RunningProcess, settlementProcess, startProcess } from '@abland/processes';
import { startAlone } from '@abland/postgres';
import type pg from 'pg';

export interface ChainWorkOptions {
  /** Addresses checksummed. */
  readonly chain: ChainConfig;
  readonly relayerPrivateKey: string;
  readonly store: EventStore;
  readonly logStream: LogStream;
  readonly pool: pg.Pool;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What is done for one chain. */
export interface ChainWork extends Running {
  readonly chainId: number;
  readonly processes: readonly RunningProcess[];
  /** Null while another worker ingests. */
  ingesterStatus(): IngesterStatus | null;
}

/**
 * Ingests a chain's blocks, settles its requests and sends its relayed commands.
 * @throws ChainNotOfLogError, RelayerNonceMismatchError, ChainUnavailableError
 */
export async function startChainWork(options: ChainWorkOptions): Promise<ChainWork> {
  const { clock, logger, pool, store } = options;
  const { chainId, rpcUrls } = options.chain;
  await requireChainOfLog({ eventStore: store, chainId, rpcUrls, logger });
  const relaying = await openRelaying(options);
  const ingestion = startIngestion(options);
  const process = settlementProcess({ chainId, store, logger });
  const settlement = startProcess({ process, store, pool, clock, logger });
  const processes = [settlement, ...relaying.processes];
  const parts: readonly Running[] = [...processes, ingestion];
  let stopped: Promise<void> | null = null;
  return {
    name: `chain-${chainId}`,
    chainId,
    processes,
    ingesterStatus: () => ingestion.status(),
    ended: firstEnd(parts),
    stop: () => (stopped ??= Promise.all(parts.map((part) => part.stop())).then(relaying.close)),
  };
}

function startIngestion(
  options: ChainWorkOptions,
): Running & { readonly status: () => IngesterStatus | null } {
  const { chain, logStream, logger, pool, store } = options;
  const { chainId, contracts } = chain;
  let current: Ingester | null = null;
  const alone = startAlone({
    name: `ingester-${chainId}`,
    pool,
    logger,
    start: async () => {
      const ingester = await startIngester({ chainId, contracts, eventStore: store, logStream, logger });
      current = ingester;
      return {
        ...ingester,
        async stop() {
          current = null;
          await ingester.stop();
        },
      };
    },
  });
  return { ...alone, status: () => current?.status() ?? null };
}

/** Nothing where the chain has no forwarder. */
async function openRelaying(
  options: ChainWorkOptions,
): Promise<{ readonly processes: readonly RunningProcess[]; close(): void }> {
  const { chain, clock, logger, pool, relayerPrivateKey: privateKey, store } = options;
  const { chainId, rpcUrls } = chain;
  const { forwarder } = chain.contracts;
  if (forwarder === null) return { processes: [], close: () => undefined };
  const shared = { store, clock, logger };
  const { sender, close } = await openRelaySender({ ...shared, rpcUrls, chainId, forwarder, privateKey });
  const process = relayProcess({ ...shared, pool, chainId, sender, relayer: sender.relayer });
  return { processes: [startProcess({ ...shared, process, pool })], close };
}
