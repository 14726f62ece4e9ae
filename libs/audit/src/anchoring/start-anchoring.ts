import {
  beatingPause,
  type Clock,
  type Logger,
  type PartRun,
  type PartStatus,
  type PauseRange,
  type Running,
  supervise,
  systemTiming,
} from '@abland/kernel';
import { type HeldLease, postgresFailureClassOf, takeLease } from '@abland/postgres';
import type pg from 'pg';
import { type AnchoredRoot, AnchoredTree, type AnchoredTreePorts } from './anchored-tree.js';

/** Of one log on one chain. */
export interface AnchorPlace {
  /** The newest tree that the chain has; null where it has none. */
  newest(): Promise<(AnchoredRoot & { readonly anchoredAt: number }) | null>;
  /** Hands a larger one to the chain. Called again while the chain does not have it. */
  anchor(treeSize: number, rootHash: string): Promise<unknown>;
}

export interface AnchoringOptions extends AnchoredTreePorts {
  /** Of the lease and the part: `anchor-<chain>`. */
  readonly name: string;
  readonly place: AnchorPlace;
  /** Of the tree and of the lease. */
  readonly pool: pg.Pool;
  /** Milliseconds from an anchor to the next one, where something came since. */
  readonly intervalMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Milliseconds between two looks at the chain. */
  readonly lookEveryMs?: number;
  /** Milliseconds after which an instance that stands by tries to lead. */
  readonly standbyIntervalMs?: number;
  readonly pauseMs?: PauseRange;
}

export interface AnchoringStatus extends PartStatus {
  /** The newest anchor, as the chain told this instance last. Null where there is none, or where that is not known. */
  readonly anchored: { readonly treeSize: number; readonly ageMs: number } | null;
  /** Milliseconds for which something has waited longer than it should to be anchored; null where nothing does. */
  readonly lateMs: number | null;
}

export interface RunningAnchoring extends Running {
  status(): AnchoringStatus;
}

const LOOP = 'look';
const LOOK_EVERY_MS = 5_000;
/** Whoever starts again and again sends nothing each time, and a system that was just started has other things to do. */
const SETTLED_AFTER_MS = 60_000;
/** What a chain does not answer is asked again after a while: nobody waits for an anchor. */
const PAUSE_MS = { min: 1_000, max: 60_000 };

/** Anchors the log's tree on one chain at intervals until it is stopped, where no other instance does. */
export function startAnchoring(options: AnchoringOptions): RunningAnchoring {
  const { logger, name, pauseMs = PAUSE_MS, pool, standbyIntervalMs } = options;
  const anchoring = new Anchoring(options);
  const supervised = supervise<HeldLease>(
    {
      name,
      loops: [LOOP],
      lead: () => takeLease({ name, pool, logger }),
      run: (run) => anchoring.run(run),
    },
    {
      logger,
      pauseMs,
      classify: postgresFailureClassOf,
      ...(standbyIntervalMs === undefined ? {} : { standbyPauseMs: standbyIntervalMs }),
    },
  );
  return { ...supervised, status: () => ({ ...supervised.status(), ...anchoring.told() }) };
}

type Anchored = NonNullable<Awaited<ReturnType<AnchorPlace['newest']>>>;

class Anchoring {
  private readonly tree: AnchoredTree;
  private known: Anchored | null = null;
  /** By the clock; null where nothing waits. */
  private dueSince: number | null = null;
  private settledAt = 0;

  constructor(private readonly options: AnchoringOptions) {
    this.tree = new AnchoredTree(options);
  }

  told(): Pick<AnchoringStatus, 'anchored' | 'lateMs'> {
    const { known } = this;
    const now = this.options.clock();
    const anchored =
      known === null ? null : { treeSize: known.treeSize, ageMs: Math.max(0, now - msOf(known)) };
    return { anchored, lateMs: this.dueSince === null ? null : Math.max(0, now - this.dueSince) };
  }

  async run(run: PartRun<HeldLease>): Promise<void> {
    const { intervalMs, lookEveryMs = LOOK_EVERY_MS } = this.options;
    this.settledAt = systemTiming.now() + Math.min(SETTLED_AFTER_MS, intervalMs);
    this.known = null; // held against our tree anew by each run
    try {
      while (!run.signal.aborted) {
        await this.look();
        run.progress();
        await beatingPause(lookEveryMs, LOOP, run);
      }
    } finally {
      if (run.lead.lost.aborted) [this.known, this.dueSince] = [null, null]; // another tells of it
    }
  }

  private async look(): Promise<void> {
    const { clock, intervalMs, logger, place } = this.options;
    const newest = await place.newest();
    if (newest !== null && !isSame(newest, this.known)) await this.tree.requireOurs(newest);
    this.known = newest;
    // A clock that was set back, or a chain's that is ahead, puts nothing off for longer than the interval.
    const sinceMs = newest === null ? Infinity : Math.abs(clock() - msOf(newest));
    const mayBeDue = sinceMs >= intervalMs && systemTiming.now() >= this.settledAt;
    const served = mayBeDue ? await this.tree.served() : null;
    const isDue = served !== null && (await this.tree.hasNews(served.treeSize, newest?.treeSize ?? 0));
    if (!isDue) {
      this.dueSince = null;
      return;
    }
    this.dueSince ??= clock();
    await place.anchor(served.treeSize, served.rootHash);
    logger.debug({ treeSize: served.treeSize }, 'a tree is handed to the chain');
  }
}

const msOf = ({ anchoredAt }: Anchored): number => anchoredAt * 1_000;
const isSame = (one: AnchoredRoot, other: AnchoredRoot | null): boolean =>
  one.treeSize === other?.treeSize && one.rootHash === other.rootHash;
