import {
  checkedChain,
  ChainOfLog,
  type Ingester,
  type IngesterStatus,
  openRelaySenders,
  startIngester,
} from '@abland/chain';
import type { Clock, EventStore, Logger, LogStream, PartStatus, Running, Supervised } from '@abland/kernel';
import { type ChainConfig, firstEnd } from '@abland/platform';
import {
  relayProcess,
  type RunningProcess,
  type Sender,
  type SenderPartStatus,
  Senders,
  sendingWhereRight,
  settlementProcess,
  startProcess,
} from '@abland/processes';
import { acceptedBranch, PostgresIngestedTokens, startAlone } from '@abland/postgres';
import type pg from 'pg';

export interface ChainWorkOptions {
  /** Addresses checksummed. */
  readonly chain: ChainConfig;
  /** Whether it is the only one that this worker works for. */
  readonly isOnly: boolean;
  /** Of the accounts that pay for relayed commands: one at least, all different. */
  readonly relayerPrivateKeys: readonly string[];
  /** The most that each offers for a unit of gas. */
  readonly relayerMaxFeeGwei: number;
  /** The most gas that a transaction of theirs may take. */
  readonly relayerMaxGas: number;
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
  /** Whether the provider's chain is known to be that of the log: RUNNING once it is. */
  providerStatus(): PartStatus;
  /** Whether it ingests, stands by, or waits for what it needs. */
  ingestionStatus(): PartStatus;
  /** Null while it does not ingest. */
  ingesterStatus(): IngesterStatus | null;
  /** Of the accounts that send; none where nothing is relayed, or another worker does. */
  senderStatus(): readonly SenderPartStatus[];
}

/**
 * Ingests a chain's blocks, settles its requests and sends its relayed commands. A chain that cannot be asked is asked again
 * while everything that needs no answer of it goes on.
 * @throws ChainNotOfLogError, RelayerNonceMismatchError
 */
export async function startChainWork(options: ChainWorkOptions): Promise<ChainWork> {
  const { clock, isOnly, logger, pool, store } = options;
  const { chainId, requestsPerSecond, rpcUrls } = options.chain;
  const asked = { chainId, requestsPerSecond, rpcUrls };
  const chainOfLog = new ChainOfLog({ ...asked, eventStore: store, logger });
  const require = (): Promise<void> => chainOfLog.require();
  const relaying = openRelaying(options, require);
  const close = (): void => {
    relaying.close();
    chainOfLog.close();
  };
  const check = { chainId, isOnly, open: relaying.open, require, logger };
  const provider = await checkedChain(check).catch((error: unknown) => {
    close();
    throw error;
  });
  const ingestion = startIngestion(options);
  const process = settlementProcess({ chainId, store, logger });
  const settlement = startProcess({ process, store, pool, clock, logger });
  const processes = [settlement, ...relaying.start()];
  const parts: readonly Running[] = [...processes, ingestion, provider];
  let stopped: Promise<void> | null = null;
  return {
    name: `chain-${chainId}`,
    chainId,
    processes,
    providerStatus: () => provider.status(),
    ingestionStatus: () => ingestion.status(),
    ingesterStatus: () => ingestion.ingester(),
    senderStatus: relaying.status,
    ended: firstEnd(parts),
    stop: () => (stopped ??= Promise.all(parts.map((part) => part.stop())).then(close)),
  };
}

function startIngestion(
  options: ChainWorkOptions,
): Supervised & { readonly ingester: () => IngesterStatus | null } {
  const { chain, logStream, logger, pool, store } = options;
  const { chainId, contracts, startBlock } = chain;
  let current: Ingester | null = null;
  const alone = startAlone({
    name: `ingester-${chainId}`,
    pool,
    logger,
    start: () => {
      const followed = { chainId, contracts, startBlock };
      const tokensBook = new PostgresIngestedTokens(pool, chainId);
      const acceptedTip = () => acceptedTipOf(pool, chainId);
      const books = { tokensBook, acceptedTip };
      const ingester = startIngester({ ...followed, eventStore: store, logStream, ...books, logger });
      current = ingester;
      const stop = (): Promise<void> => {
        current = null;
        return ingester.stop();
      };
      return Promise.resolve({ ...ingester, stop });
    },
  });
  return { ...alone, ingester: () => current?.status() ?? null };
}

/** Of the branch that an indexer has let go of by an operator's word. */
async function acceptedTipOf(pool: pg.Pool, chainId: number): Promise<string | null> {
  const accepted = await acceptedBranch(pool, chainId);
  return accepted === null || accepted.outcome?.kind === 'FAILED' ? null : accepted.begunAtTip;
}

interface Relaying {
  /** Checks the chain, and our accounts on it. */
  readonly open: () => Promise<void>;
  readonly start: () => readonly RunningProcess[];
  readonly status: () => readonly SenderPartStatus[];
  close(): void;
}

/** No process where the chain has no forwarder. */
function openRelaying(options: ChainWorkOptions, requireChain: () => Promise<void>): Relaying {
  const { chain, clock, logger, pool, store } = options;
  const { relayerMaxFeeGwei: maxFeeGwei, relayerMaxGas: maxGas, relayerPrivateKeys: privateKeys } = options;
  const accounts = { privateKeys, maxFeeGwei, maxGas };
  const { chainId, dataFee = 'DETECT', requestsPerSecond, rpcUrls } = chain;
  const asked = { chainId, requestsPerSecond, rpcUrls };
  const { forwarder } = chain.contracts;
  if (forwarder === null)
    return { open: requireChain, start: () => [], status: () => [], close: () => undefined };
  const shared = { store, clock, logger };
  const opened = openRelaySenders({ ...shared, ...accounts, ...asked, dataFee, forwarder });
  const where = (sender: Sender): Sender => sendingWhereRight(sender, requireChain);
  const ours = opened.senders.map(where);
  const retired = (relayer: string): Sender => where(opened.retired(relayer));
  const senders = new Senders({ ...shared, senders: ours, retired, chainId, pool });
  return {
    open: async () => void (await Promise.all(ours.map((sender) => sender.open()))),
    start: () => [
      startProcess({ ...shared, process: relayProcess({ ...shared, pool, chainId, senders }), pool }),
    ],
    status: () => senders.status(),
    close: opened.close,
  };
}
