import { LogSigner } from '@abland/audit';
import { parseVerifierKey } from '@abland/audit-verify';
import { asPrograms } from '@abland/event-codec';
import { openBareEventStore } from '@abland/event-store';
import type { Logger, LogStream } from '@abland/kernel';
import { openLogStream } from '@abland/log-stream';
import { openKeyEraser } from '@abland/personal-data';
import { LISTENING_CONNECTIONS, startHealthServer, type WorkerConfig } from '@abland/platform';
import {
  type DatabaseAt,
  inspectDatabase,
  openPool,
  type Pulses,
  requireSessions,
  startPulses,
} from '@abland/postgres';
import { withSnapshots } from '@abland/snapshots';
import type pg from 'pg';
import type { WitnessedTree } from './start-tree-parts.js';
import { startWorker, type Worker } from './start-worker.js';
import { workerMetrics } from './worker-metrics.js';
import { isReady } from './worker-status.js';

/** Connections, beside the pool. */
const APPENDERS_MAX = 2;

/**
 * The worker with connections of its own, as production runs it.
 * @throws PortInUseError, ChainNotOfLogError, RelayerNonceMismatchError, EventStoreUnavailableError
 */
export async function openWorker(config: WorkerConfig, logger: Logger): Promise<Worker> {
  const { chains, databaseUrl, relayerPrivateKeys, relayerMaxFeeGwei, relayerMaxGas } = config;
  const opened: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (let last = opened.pop(); last !== undefined; last = opened.pop()) await last();
  };
  try {
    const shared = { connectionString: databaseUrl, pool: await openWorkersPool(config, logger) };
    const { pool } = shared;
    opened.push(() => pool.end());
    const at = (connectionString: string): DatabaseAt & object =>
      connectionString === databaseUrl ? shared : { connectionString };
    const storeAt = { ...at(config.eventStoreUrl), appendersMax: APPENDERS_MAX };
    const storedLog = await openBareEventStore(storeAt, logger);
    opened.push(() => storedLog.close());
    const log = asPrograms(storedLog);
    const logStream = await openLogStream({ kafka: config.kafka, pool, logger });
    opened.push(() => logStream.close());
    const store = await withSnapshots(log, { pool, logger });
    opened.push(() => store.aggregates.close());
    if (config.personalKeysUrl !== databaseUrl)
      await inspectDatabase(config.personalKeysUrl, 'PERSONAL_KEYS_URL');
    const { keys, close: closeKeys } = await openKeyEraser(at(config.personalKeysUrl), logger);
    opened.push(closeKeys);
    const relaying = { relayerPrivateKeys, relayerMaxFeeGwei, relayerMaxGas };
    const { keys: signingKeys, origin } = config.logSigning;
    const tree = {
      log: storedLog,
      signer: new LogSigner(origin, signingKeys),
      witnessed: witnessedBy(config),
    };
    const { anchoring } = config;
    const anchored = anchoring === null ? {} : { anchoring: { anchoring, origin, log: storedLog } };
    const parts = { chains, ...relaying, store, logStream, keys, pool, tree, ...anchored };
    const worker = await startWorker({ ...parts, clock: Date.now, logger });
    const pulses = startPulses({ pool, logger, parts: () => worker.pulses() });
    opened.push(() => pulses.stop());
    opened.push(() => worker.stop());
    const told = { worker, pulses, logStream };
    if (config.metricsPort !== null) opened.push(await serveHealth(config.metricsPort, told));
    return { ...worker, stop: close };
  } catch (error) {
    await close();
    throw error;
  }
}

function witnessedBy({ logWitnesses: { needed, witnesses } }: WorkerConfig): WitnessedTree['witnessed'] {
  return { needed, witnesses: witnesses.map(({ key, url }) => ({ key: parseVerifierKey(key), url })) };
}

/** Of all adapters: no part holds more than one connection while it waits for another. */
async function openWorkersPool(
  { connectionsMax, databaseUrl: connectionString }: WorkerConfig,
  logger: Logger,
): Promise<pg.Pool> {
  const needed = connectionsMax + LISTENING_CONNECTIONS;
  await requireSessions(connectionString, { variable: 'DATABASE_URL', needed });
  return openPool({ connectionString, name: 'worker', max: connectionsMax - APPENDERS_MAX, logger });
}

interface Told {
  readonly worker: Worker;
  readonly pulses: Pulses;
  readonly logStream: LogStream;
}

async function serveHealth(port: number, { logStream, pulses, worker }: Told): Promise<() => Promise<void>> {
  const server = await startHealthServer({
    port,
    metrics: workerMetrics(
      () => worker.status(),
      () => logStream.readers(),
    ),
    health: async () => {
      const status = await worker.status();
      return { ready: isReady(status) && pulses.areHeard(), details: { ...status, ...pulses.told() } };
    },
  });
  return () => server.stop();
}
