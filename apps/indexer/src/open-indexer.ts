import { tellProviders } from '@abland/chain';
import { openEventStore } from '@abland/event-codec';
import { openLogStream } from '@abland/log-stream';
import type { EventStore, Logger, Running } from '@abland/kernel';
import { firstEnd, type IndexerConfig, LISTENING_CONNECTIONS, startHealthServer } from '@abland/platform';
import {
  migrateFollowBook,
  migrateReadAhead,
  CHAIN_STANDS,
  migrateLeases,
  openPool,
  type PartDetail,
  type Pulse,
  pulseOf,
  type Pulses,
  requireSessions,
  startPulses,
  undoneParts,
} from '@abland/postgres';
import type pg from 'pg';
import { type AloneIndexer, type ChainFollowing, indexAlone } from './index-alone.js';
import { addReadAheadMetrics, indexerMetrics } from './indexer-metrics.js';
import { type AloneReconciler, reconcileAlone } from './reconcile-alone.js';
import { addReconciliationMetrics } from './reconciliation-metrics.js';

/** More blocks behind than this, and the indexer is not ready. */
const READY_LAG_BLOCKS = 5;
/** Not heard of the chain for longer than this, and nobody knows whether there is more. */
const READY_CONTACT_MS = 8_000;

/**
 * The indexer with its connections: follows each chain that no other indexer does, and compares the read models with it.
 * @throws PortInUseError, WrongChainError
 */
export async function openIndexer(config: IndexerConfig, logger: Logger): Promise<Running> {
  const undo: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (let last = undo.pop(); last !== undefined; last = undo.pop()) await last();
  };
  try {
    const { connectionsMax, databaseUrl: connectionString } = config;
    const needed = connectionsMax + LISTENING_CONNECTIONS;
    await requireSessions(connectionString, { variable: 'DATABASE_URL', needed });
    const pool = openPool({ connectionString, name: 'indexer', max: connectionsMax, logger });
    undo.push(() => pool.end());
    const logStream = await openLogStream({ kafka: config.kafka, pool, logger });
    undo.push(() => logStream.close());
    await migrateLeases(pool);
    await migrateFollowBook(pool);
    await migrateReadAhead(pool);
    const openLog = logOf(config, pool, logger);
    const indexers: AloneIndexer[] = [];
    const status = (): readonly ChainFollowing[] => indexers.map((indexer) => indexer.status());
    const details = (): readonly PartDetail[] => status().flatMap(providersDetail);
    const reconcilers: AloneReconciler[] = [];
    const parts = (): readonly Pulse[] => [
      ...status().map(followingPulse),
      ...reconcilers.map((reconciler) => pulseOf(reconciler.status())),
    ];
    const pulses = startPulses({ pool, logger, parts, details });
    undo.push(() => pulses.stop());
    // All at once: a chain that does not answer is waited for by no other.
    const isOnly = config.chains.length === 1;
    const starting = config.chains.map(async (chain) => {
      const indexer = await indexAlone({ chain, isOnly, logger, logStream, openLog, pool });
      undo.push(() => indexer.stop());
      return indexer;
    });
    await Promise.allSettled(starting);
    indexers.push(...(await Promise.all(starting)));
    reconcilers.push(...startReconciling(config, openLog, pool, logger));
    undo.push(() => stopAll(reconcilers));
    const undone = () => undoneParts(pool, status().map(followingPulse));
    const told = { pulses, status, reconcilers, undone };
    if (config.metricsPort !== null) undo.push(await serveHealth(config.metricsPort, told));
    return { name: 'indexer', ended: firstEnd(indexers), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Of each chain, and of none where nothing is to be asked. */
function startReconciling(
  { chains, reconcileCallsPerMinute: callsPerMinute }: IndexerConfig,
  openLog: () => Promise<EventStore>,
  pool: pg.Pool,
  logger: Logger,
): readonly AloneReconciler[] {
  if (callsPerMinute === 0) return [];
  return chains.map((chain) => reconcileAlone({ chain, callsPerMinute, openLog, pool, logger }));
}

/** On the pool where the log lies in its database, appends too: what was compared on a connection is told on one when that is given back. */
function logOf(
  { databaseUrl, eventStoreUrl }: IndexerConfig,
  pool: pg.Pool,
  logger: Logger,
): () => Promise<EventStore> {
  const shared = eventStoreUrl === databaseUrl ? pool : undefined;
  const at = { connectionString: eventStoreUrl, pool: shared, appendsByPool: true };
  return () => openEventStore(at, logger);
}

async function stopAll(parts: readonly Running[]): Promise<void> {
  await Promise.all(parts.map((part) => part.stop()));
}

interface Told {
  readonly pulses: Pulses;
  readonly status: () => readonly ChainFollowing[];
  readonly reconcilers: readonly AloneReconciler[];
  /** Chains that this indexer stands by for while no other one tells that it follows them. */
  readonly undone: () => Promise<readonly string[]>;
}

async function serveHealth(
  port: number,
  { pulses, reconcilers, status, undone: whatIsUndone }: Told,
): Promise<() => Promise<void>> {
  const reconciliation = (): object[] =>
    reconcilers.map((one) => ({ part: one.status(), reconciled: one.reconciled() }));
  const metrics = indexerMetrics(() => status().flatMap(({ indexer }) => indexer ?? []));
  addReadAheadMetrics(metrics, status);
  addReconciliationMetrics(metrics, () => reconcilers.flatMap((one) => one.reconciled() ?? []));
  const server = await startHealthServer({
    port,
    metrics,
    health: async () => {
      const undone = await whatIsUndone();
      return {
        // On a quiet chain nothing else asks the database for long.
        ready: status().every(isFollowed) && pulses.areHeard() && undone.length === 0,
        details: { chains: status(), undone, reconciliation: reconciliation(), ...pulses.told() },
      };
    },
  });
  return () => server.stop();
}

function followingPulse({ chainId, indexer, part }: ChainFollowing): Pulse {
  const numberOf = (block: { readonly number: number } | null): bigint | null =>
    block === null ? null : BigInt(block.number);
  const pulse = pulseOf(indexer ?? part, {
    part: `indexer-${chainId}`,
    contactAgeMs: indexer?.contactAgeMs ?? null,
    reached: numberOf(indexer?.published ?? null),
    head: numberOf(indexer?.head ?? null),
  });
  return indexer?.headStands === true ? { ...pulse, failure: pulse.failure ?? CHAIN_STANDS } : pulse;
}

/** How the providers of a chain are, and which of them stands in the way, while it is followed here. */
function providersDetail({ chainId, indexer }: ChainFollowing): readonly PartDetail[] {
  if (indexer === null) return [];
  return [{ part: `indexer-${chainId}`, ...tellProviders(indexer.providers, indexer.seen) }];
}

/** Here, closely enough, or by another indexer. */
function isFollowed({ indexer, part }: ChainFollowing): boolean {
  if (indexer === null) return part.state === 'STANDBY';
  const { contactAgeMs, following, headStands, lagBlocks, standsAt } = indexer;
  const recent = contactAgeMs !== null && contactAgeMs <= READY_CONTACT_MS;
  const goesOn = following === 'FOLLOWING' && standsAt === null && !headStands;
  return goesOn && recent && lagBlocks !== null && lagBlocks <= READY_LAG_BLOCKS;
}
