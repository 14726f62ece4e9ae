import { type Ingester, openRelaySender, requireChainOfLog, startIngester } from '@abland/chain';
import type { Clock, EventStore, Logger, LogStream, Running } from '@abland/kernel';
import type { ChainConfig } from '@abland/platform';
import {
  erasureProcess,
  migrateProcesses,
  relayProcess,
  type RunningProcess,
  settlementProcess,
  startAlone,
  startProcess,
} from '@abland/processes';
import { migrateProjections, startProjections } from '@abland/projections';
import type pg from 'pg';
import { type ProjectorStatus, projectorStatus } from './projector-status.js';

export interface ProjectorOptions {
  /** Addresses checksummed. */
  readonly chain: ChainConfig;
  readonly relayerPrivateKey: string;
  readonly store: EventStore;
  readonly logStream: LogStream;
  /** Destroys keys of persons; it need not be able to read any. */
  readonly keys: { erase(subject: string): Promise<void> };
  /** Of the read models and of the processes' state; every part holds a connection while it runs. */
  readonly pool: pg.Pool;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface Projector extends Running {
  status(): Promise<ProjectorStatus>;
}

/**
 * Ingests the log stream, keeps the read models, runs the processes and sends relayed commands. What another projector
 * does already is left to it until it stops.
 * @throws ChainNotOfLogError, RelayerNonceMismatchError, ChainUnavailableError
 */
export async function startProjector(options: ProjectorOptions): Promise<Projector> {
  const { clock, logger, pool, store } = options;
  await Promise.all([migrateProjections(pool), migrateProcesses(pool)]);
  const { chainId, rpcUrls } = options.chain;
  await requireChainOfLog({ eventStore: store, chainId, rpcUrls, logger });
  const relaying = await openRelaying(options);
  let ingester: Ingester | null = null;
  const ingestion = startAlone({
    name: `ingester-${options.chain.chainId}`,
    pool,
    logger,
    start: async () => (ingester = await ingest(options)),
  });
  const projections = startProjections({ store, pool, logger, clock });
  const shared = { store, pool, clock, logger };
  const processes = [
    startProcess({
      ...shared,
      process: settlementProcess({ chainId: options.chain.chainId, logger }),
    }),
    startProcess({ ...shared, process: erasureProcess({ keys: options.keys }) }),
    ...relaying.processes,
  ];
  const parts: readonly Running[] = [...processes, projections, ingestion];
  let stopped: Promise<void> | null = null;
  return {
    name: 'projector',
    ended: Promise.race(parts.map((part) => part.ended)),
    stop: () => (stopped ??= Promise.all(parts.map((part) => part.stop())).then(relaying.close)),
    status: () => projectorStatus({ pool, store, processes, ingester: ingester?.status() ?? null }),
  };
}

function ingest({ chain, logStream, logger, store }: ProjectorOptions): Promise<Ingester> {
  const { chainId, contracts } = chain;
  return startIngester({ chainId, contracts, eventStore: store, logStream, logger });
}

/** Nothing where the chain has no forwarder. */
async function openRelaying(
  options: ProjectorOptions,
): Promise<{ processes: readonly RunningProcess[]; close: () => void }> {
  const { chain, clock, logger, pool, relayerPrivateKey, store } = options;
  const { forwarder } = chain.contracts;
  if (forwarder === null) return { processes: [], close: () => undefined };
  const { chainId, rpcUrls } = chain;
  const shared = { store, clock, logger };
  const opened = await openRelaySender({
    ...shared,
    ...{ rpcUrls, chainId, forwarder, privateKey: relayerPrivateKey },
  });
  const { sender } = opened;
  const process = relayProcess({ ...shared, pool, sender, relayer: sender.relayer });
  return { processes: [startProcess({ ...shared, process, pool })], close: opened.close };
}
