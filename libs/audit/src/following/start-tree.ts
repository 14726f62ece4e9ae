import {
  type Clock,
  type EventStore,
  type Logger,
  type PartRun,
  type PartStatus,
  type Position,
  requireSameLog,
  type Running,
  Slices,
  supervise,
  systemTiming,
} from '@abland/kernel';
import { type HeldLease, postgresFailureClassOf, takeLease } from '@abland/postgres';
import type pg from 'pg';
import type { LogSigner } from '../signing/log-signer.js';
import { GrowingTree } from './growing-tree.js';
import { canWait } from './waiting-masses.js';

export interface TreeOptions {
  /** As it is stored: nothing decoded, nothing opened. */
  readonly log: EventStore;
  /** Of the tree and its lease. */
  readonly pool: pg.Pool;
  readonly signer: LogSigner;
  readonly logger: Logger;
  /** Milliseconds after which an instance that stands by tries to lead. */
  readonly standbyIntervalMs?: number;
  /** By which masses that were only just recorded wait until other programs are done with them; absent: none waits. */
  readonly clock?: Clock;
  /** Milliseconds that each batch of them waits. */
  readonly massesPauseMs?: number;
}

/** What is known without asking anybody. */
export interface TreeStatus extends PartStatus {
  /** Last position that was hashed by this instance; null before its first. */
  readonly position: Position | null;
  /** Events in the tree, as far as this instance knows. */
  readonly size: number | null;
}

export interface RunningTree extends Running {
  status(): TreeStatus;
}

const NAME = 'audit';
/** Reading the log. */
const LOOP = 'log';
const BEAT_EVERY_MS = 1_000;
const BATCH_SIZE = 2_000;
/** Milliseconds between two checkpoints: what comes in between is in the next one. */
const CHECKPOINT_INTERVAL_MS = 50;
/** Between two batches of masses that can wait: so much of a first sync is hashed beside it. */
const MASSES_PAUSE_MS = 3_000;

/** Grows the tree with the log until it is stopped, where no other instance does. */
export function startTree(options: TreeOptions): RunningTree {
  const { logger, pool, standbyIntervalMs } = options;
  let tree: GrowingTree | null = null;
  const run = async (leading: PartRun<HeldLease>): Promise<void> => {
    try {
      tree = await GrowingTree.open(pool, leading.lead.lease, options.signer);
      await follow(options, tree, leading);
    } finally {
      tree = null;
    }
  };
  const supervised = supervise<HeldLease>(
    { name: NAME, loops: [LOOP], lead: () => takeLease({ name: NAME, pool, logger }), run },
    {
      logger,
      classify: postgresFailureClassOf,
      ...(standbyIntervalMs === undefined ? {} : { standbyPauseMs: standbyIntervalMs }),
    },
  );
  return {
    ...supervised,
    status: () => ({
      ...supervised.status(),
      position: tree?.reached?.position ?? null,
      size: tree?.size ?? null,
    }),
  };
}

async function follow(
  { clock, log, massesPauseMs = MASSES_PAUSE_MS }: TreeOptions,
  tree: GrowingTree,
  run: PartRun<HeldLease>,
): Promise<void> {
  const { reached } = tree;
  if (reached !== null) await requireSameLog(log, 'the tree of the log', reached);
  const { beat, progress, signal } = run;
  progress();
  const onLook = (): void => beat(LOOP);
  const after = reached === null ? {} : { after: reached.position };
  const slices = new Slices();
  let storedAt = systemTiming.now();
  let unstored = 0;
  const batches = log.subscribeToAll({ ...after, batchSize: BATCH_SIZE, onLook, signal });
  for await (const { events, live } of batches) {
    onLook();
    if (clock !== undefined && canWait(events, clock())) {
      await pauseOnPurpose(massesPauseMs, onLook, signal);
      if (signal.aborted) break;
    }
    for (const event of events) {
      tree.add(event);
      if (slices.over) await slices.next();
    }
    unstored += events.length;
    const leftMs = storedAt + CHECKPOINT_INTERVAL_MS - systemTiming.now();
    if (unstored === 0 || (!live && leftMs > 0)) continue;
    if (leftMs > 0) await systemTiming.pause(leftMs, signal);
    // Reading and hashing go on while this is stored; what was to be stored before it is by then.
    await tree.stored();
    tree.store().catch(() => undefined); // thrown by stored()
    [storedAt, unstored] = [systemTiming.now(), 0];
    if (live) await tree.stored();
    progress();
  }
  await tree.stored();
}

/** What waits because it may does not stand. */
async function pauseOnPurpose(ms: number, beat: () => void, signal: AbortSignal): Promise<void> {
  const until = systemTiming.now() + ms;
  for (let left = ms; left > 0 && !signal.aborted; left = until - systemTiming.now()) {
    await systemTiming.pause(Math.min(left, BEAT_EVERY_MS), signal);
    beat();
  }
}
