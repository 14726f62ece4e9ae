import {
  beatingPause,
  type Clock,
  codeOf,
  type Logger,
  Outages,
  type PartFailure,
  type PartRun,
  type PartStatus,
  type PauseRange,
  GrowingPause,
  type Running,
  supervise,
  systemTiming,
} from '@abland/kernel';
import { TILE_WIDTH } from '@abland/audit-verify';
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
  /** Milliseconds between two looks at the chain while something is due. */
  readonly lookEveryMs?: number;
  /** The same while nothing is. */
  readonly idleLookEveryMs?: number;
  /** Milliseconds from the start to the first anchor, at least; no more than the interval. */
  readonly settledAfterMs?: number;
  /** Milliseconds after which an instance that stands by tries to lead. */
  readonly standbyIntervalMs?: number;
  /** After a look that failed. */
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
const IDLE_LOOK_EVERY_MS = 60_000;
/** Whoever starts again and again sends nothing each time, and a system that was just started has other things to do. */
const SETTLED_AFTER_MS = 60_000;
/** What a chain does not answer is asked again after a while: nobody waits for an anchor. */
const PAUSE_MS = { min: 1_000, max: 60_000 };
/** Of the log hashed again at a look: of those that are new, and, one after another all of them, of the others. */
const TILES_READ_AGAIN = 20;

/** Anchors the log's tree on one chain at intervals until it is stopped, where no other instance does. */
export function startAnchoring(options: AnchoringOptions): RunningAnchoring {
  const { logger, name, pool, standbyIntervalMs } = options;
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
      classify: postgresFailureClassOf,
      ...(standbyIntervalMs === undefined ? {} : { standbyPauseMs: standbyIntervalMs }),
    },
  );
  const status = (): AnchoringStatus => {
    const own = supervised.status();
    const leads = own.state === 'RUNNING' || own.state === 'STARTING';
    return {
      ...own,
      ...anchoring.told(),
      failure: own.failure ?? (leads ? anchoring.failure() : null),
    };
  };
  return { ...supervised, status };
}

type Anchored = NonNullable<Awaited<ReturnType<AnchorPlace['newest']>>>;

class Anchoring {
  private readonly tree: AnchoredTree;
  private readonly pauses: GrowingPause;
  private readonly outages: Outages;
  /** Of the process, whoever leads meanwhile. */
  private readonly settledAt: number;
  /** By the machine's clock, which is set by nobody: when this process first saw the anchor that came last; null where it came before. */
  private seenAt: number | null = null;
  /** Undefined before the first look. */
  private known: Anchored | null | undefined;
  /** Up to where nothing is worth an anchor. */
  private nothingUpTo = 0;
  /** By the clock; null where nothing waits. */
  private dueSince: number | null = null;
  /** What the last look failed of. */
  private failed: { readonly error: unknown; readonly at: number } | null = null;
  /** Up to where the log was hashed again since it grew; an anchor waits for the rest of it. */
  private checkedTiles = 0;
  /** Begun anywhere: a process that is often started anew would look at the same ones only. */
  private nextTile = Math.floor(Math.random() * Number.MAX_SAFE_INTEGER);
  private askedAt = -Infinity;

  constructor(private readonly options: AnchoringOptions) {
    const { intervalMs, logger, pauseMs = PAUSE_MS, settledAfterMs = SETTLED_AFTER_MS } = options;
    this.tree = new AnchoredTree(options);
    this.pauses = new GrowingPause(pauseMs, systemTiming);
    this.outages = new Outages({ logger, message: 'the tree of the log is not anchored', level: 'error' });
    this.settledAt = systemTiming.now() + Math.min(settledAfterMs, intervalMs);
  }

  told(): Pick<AnchoringStatus, 'anchored' | 'lateMs'> {
    const known = this.known ?? null;
    const now = this.options.clock();
    const anchored =
      known === null ? null : { treeSize: known.treeSize, ageMs: Math.max(0, now - msOf(known)) };
    return { anchored, lateMs: this.dueSince === null ? null : Math.max(0, now - this.dueSince) };
  }

  /** Until a look gets through: another try does not make it well. */
  failure(): PartFailure | null {
    if (this.failed === null) return null;
    const { at, error } = this.failed;
    const message = error instanceof Error ? error.message : String(error);
    const [code, failureClass] = [codeOf(error), postgresFailureClassOf(error)];
    return { code, message, failureClass, awaitsDecision: false, ageMs: systemTiming.now() - at };
  }

  async run(run: PartRun<HeldLease>): Promise<void> {
    const { idleLookEveryMs = IDLE_LOOK_EVERY_MS, lookEveryMs = LOOK_EVERY_MS } = this.options;
    try {
      while (!run.signal.aborted) {
        const isWell = await this.tryToLook();
        run.progress();
        const idleMs =
          this.dueSince === null
            ? Math.max(lookEveryMs, Math.min(idleLookEveryMs, this.leftMs))
            : lookEveryMs;
        await beatingPause(isWell ? idleMs : this.pauses.take(), LOOP, run);
      }
    } finally {
      // Another tells of it from now on.
      if (run.lead.lost.aborted)
        [this.known, this.dueSince, this.failed, this.askedAt] = [undefined, null, null, -Infinity];
      this.checkedTiles = 0;
    }
  }

  private async tryToLook(): Promise<boolean> {
    try {
      await this.look();
      this.failed = null;
      this.pauses.reset();
      return true;
    } catch (error) {
      this.failed = { error, at: systemTiming.now() };
      this.outages.note(error, { part: this.options.name }, codeOf(error));
      return false;
    }
  }

  private async look(): Promise<void> {
    const { idleLookEveryMs = IDLE_LOOK_EVERY_MS, place } = this.options;
    if (systemTiming.now() - this.askedAt >= idleLookEveryMs) await this.askChain();
    const served = this.leftMs > 0 ? null : await this.tree.served();
    if (served === null || !(await this.isDue(served))) {
      this.dueSince = null;
      return;
    }
    const newest = await this.askChain();
    // Of what the chain has by now.
    if (this.leftMs > 0 || !(await this.isDue(served))) {
      this.dueSince = null;
      return;
    }
    if (!(await this.requireOurs(served.treeSize, newest))) return;
    await place.anchor(served.treeSize, served.rootHash);
  }

  private async askChain(): Promise<Anchored | null> {
    const newest = await this.options.place.newest();
    if (newest !== null && !isSame(newest, this.known ?? null)) await this.tree.requireOurs(newest);
    if (this.known !== undefined && !isSame(newest, this.known)) this.seenAt = systemTiming.now();
    this.known = newest;
    this.askedAt = systemTiming.now();
    return newest;
  }

  /** Milliseconds before which nothing is anchored, whatever comes. */
  private get leftMs(): number {
    const { clock, intervalMs } = this.options;
    const now = systemTiming.now();
    const known = this.known ?? null;
    // A chain's clock that is ahead puts nothing off for longer than the interval; one that differs by more lets nothing come sooner.
    const byClock = known === null ? 0 : intervalMs - Math.abs(clock() - msOf(known));
    const bySight = this.seenAt === null ? 0 : this.seenAt + intervalMs - now;
    return Math.max(0, this.settledAt - now, byClock, bySight);
  }

  private async isDue({ treeSize }: AnchoredRoot): Promise<boolean> {
    const { clock, intervalMs } = this.options;
    const newest = this.known ?? null;
    const since = Math.max(newest?.treeSize ?? 0, this.nothingUpTo);
    const { at, nothingUpTo } = await this.tree.newsOf(treeSize, since);
    this.nothingUpTo = nothingUpTo;
    if (at === null) return false;
    // By what the log and the chain tell, so that no start anew makes it less late.
    const dueAt = newest === null ? at : Math.max(at, msOf(newest) + intervalMs);
    this.dueSince = Math.min(dueAt, clock());
    return true;
  }

  /**
   * Before anything is paid for: that the chain's tree is ours, and that the log is what the tree was made of.
   * @returns whether all that is new was hashed again by now
   */
  private async requireOurs(size: number, newest: Anchored | null): Promise<boolean> {
    if (newest !== null) await this.tree.requireOurs(newest);
    const tiles = Math.ceil(size / TILE_WIDTH);
    // Of a tree that was built anew since.
    if (this.checkedTiles > tiles) this.checkedTiles = 0;
    const first = Math.max(this.checkedTiles, Math.floor((newest?.treeSize ?? 0) / TILE_WIDTH));
    const end = Math.min(first + TILES_READ_AGAIN, tiles);
    const fresh = Array.from({ length: Math.max(0, end - first) }, (_, at) => first + at);
    const again = Array.from(
      { length: Math.min(TILES_READ_AGAIN, tiles) },
      (_, at) => (this.nextTile + at) % tiles,
    );
    await this.tree.requireLog([...new Set([...fresh, ...again])], size);
    this.nextTile = (this.nextTile + TILES_READ_AGAIN) % tiles;
    // The last one may grow.
    this.checkedTiles = Math.max(this.checkedTiles, Math.min(end, Math.floor(size / TILE_WIDTH)));
    return end >= tiles;
  }
}

const msOf = ({ anchoredAt }: Anchored): number => anchoredAt * 1_000;
const isSame = (one: AnchoredRoot | null, other: AnchoredRoot | null): boolean =>
  one?.treeSize === other?.treeSize && one?.rootHash === other?.rootHash;
