import { migrateAudit } from '@abland/audit';
import type { Clock, EventStore, Logger, LogStream, Running } from '@abland/kernel';
import { readToldSeen } from '@abland/chain';
import { startOperationSettler } from '@abland/operations';
import type { SeenElsewhere } from '@abland/domain';
import { type ChainConfig, firstEnd } from '@abland/platform';
import {
  migrateFollowBook,
  type Pulse,
  pulseOf,
  readDetails,
  readPulses,
  undoneParts,
} from '@abland/postgres';
import {
  erasureProcess,
  migrateProcesses,
  requireLogOfProcesses,
  ReorgOutcomes,
  type RunningProcess,
  type SenderPartStatus,
  startChainAlarms,
  startProcess,
} from '@abland/processes';
import { startRecordingStates } from '@abland/projections';
import type pg from 'pg';
import { type ChainWork, startChainWork } from './start-chain-work.js';
import { type AnchorsOptions, startAnchors } from './start-anchors.js';
import { startTreeParts, type WitnessedTree } from './start-tree-parts.js';
import { failureOf, type WorkerStatus } from './worker-status.js';

export interface WorkerOptions {
  /** Addresses checksummed. */
  readonly chains: readonly ChainConfig[];
  /** Of the accounts that pay for relayed commands. */
  readonly relayerPrivateKeys: readonly string[];
  /** The most that each offers for a unit of gas. */
  readonly relayerMaxFeeGwei: number;
  /** The most gas that a transaction of theirs may take. */
  readonly relayerMaxGas: number;
  readonly store: EventStore;
  readonly logStream: LogStream;
  /** What the tree of the log is grown from, signed with and cosigned by; absent: it is not grown here. */
  readonly tree?: WitnessedTree;
  /** With what the tree is anchored on the chains; absent: it is not. */
  readonly anchoring?: Pick<AnchorsOptions, 'anchoring' | 'origin' | 'log'>;
  /** Destroys keys of persons; it need not be able to read any. */
  readonly keys: { erase(subject: string): Promise<void> };
  /** Of the processes' state; every part holds a connection while it runs. */
  readonly pool: pg.Pool;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface Worker extends Running {
  /** Of every part, for other programs to see. */
  pulses(): readonly Pulse[];
  status(): Promise<WorkerStatus>;
}

/**
 * Ingests the log stream, runs the processes and sends relayed commands, each chain apart, tells in the log when a chain stands and what came
 * of operators' acts whose program is gone, and grows the log's tree of hashes and anchors it. What another worker does already is left to it until it
 * stops.
 * @throws ChainNotOfLogError, RelayerNonceMismatchError, LogMismatchError
 */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { clock, keys, logger, pool, store } = options;
  await migrateProcesses(pool);
  await migrateAudit(pool);
  await migrateFollowBook(pool);
  await requireLogOfProcesses(pool, store);
  const works = await startChains(options);
  const erasure = startProcess({ process: erasureProcess({ keys }), store, pool, clock, logger });
  const processes = [...works.flatMap((work) => work.processes), erasure];
  const trees = options.tree === undefined ? [] : startTreeParts({ ...options.tree, pool, clock, logger });
  const anchors =
    options.anchoring === undefined
      ? []
      : startAnchors({ ...options, ...options.anchoring, maxFeeGwei: options.relayerMaxFeeGwei });
  const outcomes = new ReorgOutcomes({ eventStore: store, pool, clock });
  const alarms = startChainAlarms({
    ...{ chainIds: works.map(({ chainId }) => chainId), eventStore: store, clock, logger },
    pulses: () => readPulses(pool),
    seen: async (chainId) => seenBy(`indexer-${chainId}`, pool),
    tellOutcome: (chainId, followedAgeMs) => outcomes.tell(chainId, followedAgeMs),
  });
  const operations = startOperationSettler({ log: store, pool, clock, logger });
  const states = startRecordingStates({ pool, store, clock, logger });
  const beside = [alarms, operations, states];
  const parts: readonly Running[] = [...works, erasure, ...beside, ...trees, ...anchors];
  // An anchor that waits is nothing that another worker would have done: who stands by for it is as ready.
  const pulsesOfAnchors = (): readonly Pulse[] => anchors.map((part) => pulseOf(part.status()));
  const needed = (): readonly Pulse[] => [
    ...works.flatMap(ingestionPulse),
    ...works.flatMap(senderPulses),
    ...processes.map(processPulse),
    ...beside.map((part) => pulseOf(part.status())),
    ...trees.map((part) => part.pulse()),
  ];
  const pulses = (): readonly Pulse[] => [...needed(), ...pulsesOfAnchors()];
  return {
    name: 'worker',
    ended: firstEnd(parts),
    stop: () => stopAll(parts),
    pulses,
    status: async () => ({
      chains: works.map((work) => ({
        chainId: work.chainId,
        provider: work.providerStatus(),
        ingestion: work.ingestionStatus(),
        ingester: work.ingesterStatus(),
        senders: work.senderStatus(),
      })),
      processes: await Promise.all(processes.map((process) => process.status())),
      anchors: anchors.map((part) => part.status()),
      undone: await undoneParts(pool, needed()),
      degraded: [
        ...works.flatMap(degradedSenders),
        ...[...works.map((work) => work.ingestionStatus()), ...processes.map((process) => process.progress())]
          .filter(({ state }) => state === 'STANDBY')
          .flatMap(failureOf),
        ...beside.flatMap((part) => failureOf(part.status())),
        ...trees.flatMap((part) => part.degraded()),
        ...anchors.flatMap((part) => failureOf(part.status())),
      ],
    }),
  };
}

async function seenBy(part: string, pool: pg.Pool): Promise<SeenElsewhere | null> {
  const told = (await readDetails(pool, [part])).get(part);
  return told === undefined || !told.holds ? null : readToldSeen(told.detail);
}

function ingestionPulse(work: ChainWork): Pulse {
  const ingester = work.ingesterStatus();
  const reached = ingester?.ingested ?? null;
  return pulseOf(ingester ?? work.ingestionStatus(), {
    part: `ingester-${work.chainId}`,
    reached: reached === null ? null : BigInt(reached.number),
  });
}

const degradedSenders = (work: ChainWork): readonly string[] =>
  work.senderStatus().flatMap((sender) => {
    const { failure } = senderPulse(sender);
    return failure === null ? [] : [`${sender.part.name}: ${failure}`];
  });

/** Of the accounts that send here; a worker that does not send tells nothing of them. */
function senderPulses(work: ChainWork): readonly Pulse[] {
  return work.senderStatus().map(senderPulse);
}

function senderPulse({ failure, part }: SenderPartStatus): Pulse {
  const pulse = pulseOf(part);
  return { ...pulse, failure: failure ?? pulse.failure };
}

function processPulse(process: RunningProcess): Pulse {
  const progress = process.progress();
  return pulseOf(progress, { reached: progress.position });
}

/** All of them, or none; at once, so that a chain that does not answer is waited for by no other. */
async function startChains({ chains, ...shared }: WorkerOptions): Promise<readonly ChainWork[]> {
  const isOnly = chains.length === 1;
  const starting = chains.map((chain) => startChainWork({ ...shared, chain, isOnly }));
  const started = (await Promise.allSettled(starting)).flatMap((one) =>
    one.status === 'fulfilled' ? [one.value] : [],
  );
  try {
    return await Promise.all(starting);
  } catch (error) {
    await stopAll(started);
    throw error;
  }
}

async function stopAll(parts: readonly Running[]): Promise<void> {
  await Promise.all(parts.map((part) => part.stop()));
}
