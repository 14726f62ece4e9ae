import {
  type Clock,
  type EventStore,
  failureClassOf,
  isWorthTelling,
  type Logger,
  mayPass,
  type PartRun,
  retrying,
  supervise,
  type Supervised,
  systemTiming,
  type Timing,
  withoutSecrets,
} from '@abland/kernel';
import { type HeldLeases, holdLeases, inTransaction, takeLeases } from '@abland/postgres';
import type { Pool } from 'pg';
import { JOURNAL_KEPT_MS } from '../engine/batch.js';
import { type Build, isFollowed, leaseOfBuild } from '../engine/build.js';
import { readBuilds } from '../engine/build-rows.js';
import { chooseGroups, groupsOf } from './groups.js';
import { type BuildGroup, keepGroup, type KeepOptions, type Watch } from './keep-group.js';
import { promoteWhatIsReady } from './promote-by-itself.js';
import { definitionHash } from '../engine/ddl.js';
import { Precedence } from '../engine/precedence.js';
import type { Projection } from '../engine/projection.js';
import type { Activity } from './status.js';

export interface RunProjectionsOptions {
  readonly store: EventStore;
  /** Of leases and builds; batches have connections of their own with its settings. */
  readonly pool: Pool;
  readonly projections: readonly Projection[];
  readonly logger: Logger;
  readonly clock: Clock;
  /** By which time passes; absent: the machine's. */
  readonly timing?: Pick<Timing, 'now'>;
  readonly batchSize?: number;
  readonly cachedRowsMax?: number;
  /** Milliseconds for which readers can go on in an earlier state. */
  readonly journalKeptMs?: number;
  /** How often it is looked for builds to keep, and whether one may be taken over. */
  readonly standbyPauseMs?: number;
  /** Milliseconds before what no repetition helps is tried again. */
  readonly failedPauseMs?: number;
  /** Subscriptions at a time, each with a connection of its own, of what is live or being built: others wait for their turn. One more is for what is ready. */
  readonly groupsMax?: number;
  /** The most events that builds which are not live read in, each group of them; absent: as many as they can. */
  readonly buildEventsPerSecond?: number | null;
}

const BATCH_SIZE = 2_000;
const CACHED_ROWS_MAX = 200_000;
const STANDBY_PAUSE_MS = 250;
/** Positions within which builds share a subscription. */
const NEARBY = 1_000n;
const GROUPS_MAX = 2;
/** The looking for builds to keep. */
const BUILDS = 'builds';
/** The following of the log by all that is live. */
const LOG = 'log';

/**
 * Keeps the builds whose definition this program has, until stopped: each in one process at a time, those at the same place on one
 * subscription; another process may keep others. What the database or the store fails at is tried again; so is, now and then, a log
 * that is not the one of the checkpoints: nothing is taken from it.
 */
export function runProjections(options: RunProjectionsOptions): Supervised {
  const { failedPauseMs, logger, standbyPauseMs = STANDBY_PAUSE_MS } = options;
  const runner = new ProjectionRunner(options);
  return supervise(
    { name: 'projections', loops: [BUILDS, LOG], lead: () => runner.lead(), run: (run) => runner.run(run) },
    {
      logger,
      standbyPauseMs,
      ...(failedPauseMs === undefined ? {} : { failedPauseMs }),
    },
  );
}

/** A group that is being kept. */
interface Task {
  readonly isLive: boolean;
  readonly stop: AbortController;
  readonly ended: Promise<void>;
  /** Whether it came round since that was asked last. */
  cameRound: boolean;
}

class ProjectionRunner {
  private readonly definitions: ReadonlyMap<string, string>;
  private readonly keeping: KeepOptions;
  private readonly tasks = new Map<string, Task>();
  private wakeUp = Promise.withResolvers<void>();

  constructor(private readonly options: RunProjectionsOptions) {
    const { projections } = options;
    this.definitions = new Map(projections.map((one) => [one.name, definitionHash(one)]));
    this.keeping = {
      ...options,
      batchSize: options.batchSize ?? BATCH_SIZE,
      cachedRowsMax: options.cachedRowsMax ?? CACHED_ROWS_MAX,
      journalKeptMs: options.journalKeptMs ?? JOURNAL_KEPT_MS,
      compares: true,
      precedence: new Precedence(),
    };
  }

  /** Of those of our builds that nobody keeps; null where there is none. */
  async lead(): Promise<HeldLeases | null> {
    const { logger, pool } = this.options;
    const builds = await readBuilds(pool);
    return takeLeases({ pool, logger, names: this.toKeep(builds).map(({ id }) => leaseOfBuild(id)) });
  }

  /** Returns when the signal aborted. @throws what broke a live build */
  async run(run: PartRun<HeldLeases>): Promise<void> {
    const { standbyPauseMs = STANDBY_PAUSE_MS } = this.options;
    const broken = Promise.withResolvers<never>();
    broken.promise.catch(() => undefined); // awaited only where it is raced
    try {
      while (!run.signal.aborted) {
        this.wakeUp = Promise.withResolvers();
        this.beat(run);
        await Promise.race([this.arrange(run, broken.reject), broken.promise]);
        const pause = systemTiming.pause(standbyPauseMs, run.signal);
        await Promise.race([pause, this.wakeUp.promise, broken.promise]);
      }
      await this.stopTasks([...this.tasks.keys()]);
      await this.noteActivity(run.lead, 'STOPPED', null);
    } catch (error) {
      await this.stopTasks([...this.tasks.keys()]);
      await this.noteActivity(run.lead, mayPass(failureClassOf(error)) ? 'RETRYING' : 'FAILED', error);
      throw error;
    }
  }

  /** Of the log where all that is live came round; where nothing is, none stands. */
  private beat({ beat }: PartRun<HeldLeases>): void {
    beat(BUILDS);
    const live = [...this.tasks.values()].filter(({ isLive }) => isLive);
    if (!live.every(({ cameRound }) => cameRound)) return;
    for (const task of live) task.cameRound = false;
    beat(LOG);
  }

  /** Brings what is kept in line with the builds as they are now. */
  private async arrange(run: PartRun<HeldLeases>, onBroken: (error: unknown) => void): Promise<void> {
    const { lead } = run;
    const builds = await readBuilds(this.options.pool);
    const wanted = this.toKeep(builds);
    const names = wanted.map(({ id }) => leaseOfBuild(id));
    await lead.keep([...lead.leases.keys(), ...names]);
    const held = wanted.filter(({ id }) => lead.leases.has(leaseOfBuild(id)));
    const chosen = chooseGroups(groupsOf(held, NEARBY), this.options.groupsMax ?? GROUPS_MAX);
    const groups = new Map(chosen.map((group) => [keyOf(group), group] as const));
    await this.stopTasks([...this.tasks.keys()].filter((key) => !groups.has(key)));
    await lead.keep(names); // gives back what nobody writes any more
    for (const [key, group] of groups) {
      if (run.signal.aborted) return;
      if (!this.tasks.has(key)) this.startTask(key, group, run, onBroken);
    }
    const { logger, pool, store } = this.options;
    const onTurn = (): void => run.beat(BUILDS);
    const promoted = await promoteWhatIsReady({ pool, store, logger, onTurn }, builds, held);
    if (promoted > 0) this.wakeUp.resolve();
  }

  /** Builds of our definitions; others are kept by programs that have theirs. */
  private toKeep(builds: readonly Build[]): readonly Build[] {
    return builds.filter(
      (build) => isFollowed(build) && this.definitions.get(build.projection) === build.definition,
    );
  }

  private startTask(
    key: string,
    builds: readonly Build[],
    run: PartRun<HeldLeases>,
    onBroken: (error: unknown) => void,
  ): void {
    const stop = new AbortController();
    const leases = builds.flatMap(({ id }) => run.lead.leases.get(leaseOfBuild(id)) ?? []);
    const signal = AbortSignal.any([stop.signal, run.signal]);
    const group = { builds, leases };
    const isLive = builds[0]?.state === 'LIVE';
    const task: Omit<Task, 'ended'> = { isLive, stop, cameRound: true };
    const watch: Watch = {
      signal,
      onLook: () => (task.cameRound = true),
      onBatch: () => {
        task.cameRound = true;
        run.progress();
      },
    };
    const kept = isLive ? this.keepLive(group, watch, onBroken) : this.keepBeside(group, watch);
    const ended = kept.finally(() => {
      this.tasks.delete(key);
      this.wakeUp.resolve();
    });
    this.tasks.set(key, Object.assign(task, { ended }));
  }

  private async stopTasks(keys: readonly string[]): Promise<void> {
    const tasks = keys.flatMap((key) => this.tasks.get(key) ?? []);
    for (const { stop } of tasks) stop.abort();
    await Promise.all(tasks.map(({ ended }) => ended));
  }

  /** What breaks it breaks the run: it is begun again, and the part says why. */
  private async keepLive(group: BuildGroup, watch: Watch, onBroken: (error: unknown) => void): Promise<void> {
    await keepGroup(this.keeping, group, watch).catch(onBroken);
  }

  /** What breaks it is felt by nobody else: where no repetition helps, its builds have failed. */
  private async keepBeside(group: BuildGroup, watch: Watch): Promise<void> {
    const { logger } = this.options;
    const { signal } = watch;
    const ids = group.builds.map(({ id }) => id);
    try {
      await retrying(() => keepGroup(this.keeping, group, watch), {
        signal,
        onRetry: ({ attempts, error, pauseMs }) => {
          if (isWorthTelling(attempts))
            logger.warn({ err: error, attempts, builds: ids, pauseMs }, 'builds interrupted');
        },
      });
    } catch (error) {
      if (signal.aborted || mayPass(failureClassOf(error))) return;
      logger.error({ err: error, builds: ids }, 'builds have failed');
      await this.noteFailure(ids, error).catch((cause: unknown) =>
        logger.warn({ err: cause, builds: ids }, 'that builds have failed could not be noted'),
      );
    }
  }

  private async noteFailure(ids: readonly number[], error: unknown): Promise<void> {
    await this.options.pool.query(
      `UPDATE projections.builds SET state = 'FAILED', generation = generation + 1, activity = 'FAILED', last_error = $2,
         updated_at = now() WHERE id = ANY($1) AND state IN ('BUILDING', 'READY')`,
      [ids, withoutSecrets(String(error))],
    );
  }

  /** For operators to see; where the database is what failed, the next batch tells by itself. */
  private async noteActivity({ leases }: HeldLeases, activity: Activity, error: unknown): Promise<void> {
    const { logger, pool } = this.options;
    const held = [...leases.values()];
    if (held.length === 0) return;
    const note = inTransaction(pool, async (client) => {
      await holdLeases(client, held);
      await client.query(
        `UPDATE projections.builds SET activity = $2, last_error = $3, updated_at = now()
         WHERE 'build-' || id = ANY($1)`,
        [held.map(({ name }) => name), activity, error === null ? null : withoutSecrets(String(error))],
      );
    });
    await note.catch((cause: unknown) => logger.debug({ err: cause }, 'the state could not be noted'));
  }
}

/** Other builds, or one that became live, are another group. */
const keyOf = (builds: readonly Build[]): string =>
  builds.map(({ id, state }) => (state === 'LIVE' ? `live ${id}` : `${id}`)).join(', ');
