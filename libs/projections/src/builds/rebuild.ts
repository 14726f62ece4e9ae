import {
  type Clock,
  type EventStore,
  invariant,
  type Logger,
  type Position,
  retrying,
  systemTiming,
} from '@abland/kernel';
import { type HeldLeases, isPassingFailure, takeLeases } from '@abland/postgres';
import type { Pool } from 'pg';
import { JOURNAL_KEPT_MS } from '../engine/batch.js';
import { type Build, isFollowed, leaseOfBuild } from '../engine/build.js';
import { readBuildsById } from '../engine/build-rows.js';
import type { NoteBuilds } from './acts.js';
import { BuildBehindError, BuildStateError } from './errors.js';
import { keepGroup, type KeepOptions, type KeptBatch } from './keep-group.js';
import { promote } from './promote.js';
import { RebuildDiscardedError } from '../engine/errors.js';
import type { TimeLeft } from '../engine/pace.js';
import type { Projection } from '../engine/projection.js';

export interface RebuildProgress {
  /** Events handled since the call. */
  readonly handled: number;
  readonly position: Position;
  readonly eventsPerSecond: number;
  /** Positions left to the head of the log. */
  readonly left: bigint;
  /** Null: not known yet. */
  readonly timeLeft: TimeLeft | null;
}

export interface RebuildOutcome {
  readonly projection: string;
  /** False where the signal stopped it: what was built stays, and is gone on with by the next call or by a projector. */
  readonly switched: boolean;
  readonly handled: number;
  readonly seconds: number;
}

export interface RebuildOptions {
  readonly pool: Pool;
  readonly store: EventStore;
  readonly projections: readonly Projection[];
  readonly logger: Logger;
  readonly clock: Clock;
  readonly onProgress?: (progress: RebuildProgress) => void;
  readonly signal?: AbortSignal;
  readonly batchSize?: number;
  readonly journalKeptMs?: number;
  readonly storeEvery?: number;
  readonly cachedRowsMax?: number;
  /** Of all builds, in the transaction that promotes the last of them. */
  readonly note?: NoteBuilds;
}

const PROMOTIONS_MAX = 10;
const BATCH_SIZE = 2_000;
const CACHED_ROWS_MAX = 300_000;
const LOOK_AGAIN_MS = 100;

/**
 * Until a build that promotes itself is live: kept here where nobody else keeps it, else as whoever does brings it on.
 * @throws as `carryThrough`
 */
export async function seeThrough(
  options: RebuildOptions,
  build: Build,
  lead: HeldLeases | null,
): Promise<RebuildOutcome> {
  const { logger, pool, signal } = options;
  const started = systemTiming.now();
  for (;;) {
    const held = lead ?? (await takeLeases({ pool, logger, names: [leaseOfBuild(build.id)] }));
    const [now] = await readBuildsById(pool, [build.id]);
    const isLive = now?.state === 'LIVE';
    if (isLive || signal?.aborted === true) {
      await giveBack(held, logger);
      const { projection } = build;
      const seconds = (systemTiming.now() - started) / 1_000;
      return { projection, switched: isLive, handled: now?.handled ?? 0, seconds };
    }
    if (now !== undefined && held !== null && isFollowed(now)) {
      const [outcome] = await carryThrough(options, [now], new Map([[now.id, held]]));
      invariant(outcome !== undefined, 'One build has one outcome');
      return outcome;
    }
    await giveBack(held, logger);
    if (now === undefined || !isFollowed(now)) await tellWhyNot(pool, [build]);
    await systemTiming.pause(LOOK_AGAIN_MS, signal);
  }
}

async function giveBack(lead: HeldLeases | null, logger: Logger): Promise<void> {
  await lead
    ?.release()
    .catch((error: unknown) => logger.warn({ err: error }, 'the lease of a build expires'));
}

/** Of builds, by their numbers. */
export type Leads = Map<number, HeldLeases>;

/**
 * Keeps builds in this process, in one pass over the log, until they are level with it, and promotes them.
 * @param leads given back, each as soon as it is not needed any more
 * @throws RebuildDiscardedError, BuildStateError where an operator discarded or paused one of them meanwhile
 */
export async function carryThrough(
  options: RebuildOptions,
  builds: readonly Build[],
  leads: Leads,
): Promise<readonly RebuildOutcome[]> {
  try {
    return await promoteAll(options, builds, leads);
  } finally {
    await giveAllBack(leads, options.logger);
  }
}

export async function giveAllBack(leads: Leads, logger: Logger): Promise<void> {
  const held = [...leads.values()];
  leads.clear();
  for (const lead of held) await giveBack(lead, logger);
}

async function promoteAll(
  options: RebuildOptions,
  builds: readonly Build[],
  leads: Leads,
): Promise<readonly RebuildOutcome[]> {
  const { pool } = options;
  const started = systemTiming.now();
  const tell = progressTeller(options);
  const switched = new Set<number>();
  let left = builds;
  while (left.length > 0) {
    const note: NoteBuilds = (client) => options.note?.(client, builds) ?? Promise.resolve();
    const gone = await untilPromoted({ ...options, note }, left, leads, tell);
    if (gone.length === 0) break;
    for (const { id } of gone) switched.add(id);
    // What keeps them stops where something came after the first of them became live.
    left = await readBuildsById(
      pool,
      left.map(({ id }) => id).filter((id) => !switched.has(id)),
    );
  }
  const seconds = (systemTiming.now() - started) / 1_000;
  const now = await readBuildsById(
    pool,
    builds.map(({ id }) => id),
  );
  return builds.map(({ id, projection }) => {
    const handled = now.find((build) => build.id === id)?.handled ?? 0;
    return { projection, switched: switched.has(id), handled, seconds };
  });
}

/** With a note of what is promoted last. */
type Promoting = Omit<RebuildOptions, 'note'> & { readonly note: NoteBuilds };

/** The builds that were promoted once all of them were level; none where the signal stopped it. */
async function untilPromoted(
  options: Promoting,
  builds: readonly Build[],
  leads: Leads,
  tell: (kept: KeptBatch) => void,
): Promise<readonly Build[]> {
  const { pool } = options;
  const done = new AbortController();
  const asked = options.signal === undefined ? [] : [options.signal];
  const held = [...leads.values()];
  const signal = AbortSignal.any([done.signal, ...held.map(({ lost }) => lost), ...asked]);
  const level = Promise.withResolvers<boolean>();
  const onBatch = (kept: KeptBatch): void => {
    tell(kept);
    if (kept.level) level.resolve(true);
  };
  const leases = held.flatMap((lead) => [...lead.leases.values()]);
  const keeping = keepGroup(keepingOf(options), { builds, leases }, { signal, onBatch });
  try {
    const isLevel = await Promise.race([level.promise, keeping.then(() => false)]);
    for (const { lost } of held) lost.throwIfAborted();
    if (!isLevel && options.signal?.aborted !== true) await tellWhyNot(pool, builds);
    return isLevel ? await promoteLevel({ ...options, signal }, builds, leads) : [];
  } finally {
    done.abort();
    await keeping.catch(() => undefined); // told by the race, or of no importance any more
  }
}

/** Those of them that are level with what is live: the first, and all after it for as long as nothing comes. */
async function promoteLevel(
  { logger, note, pool, signal, store }: Promoting & { readonly signal: AbortSignal },
  builds: readonly Build[],
  leads: Leads,
): Promise<readonly Build[]> {
  const promoted: Build[] = [];
  for (const build of builds) {
    const noteLast = build === builds.at(-1) ? note : undefined;
    const put = (levelWithinMs?: number): Promise<void> =>
      promote({ pool, store, note: noteLast, levelWithinMs }, build);
    try {
      // Where more comes in than it can follow within a second, it is level a little later.
      if (promoted.length === 0) await retrying(() => put(), { attemptsMax: PROMOTIONS_MAX, signal });
      else await put(0);
    } catch (error) {
      // What was promoted stays so; the rest is opened anew.
      const mayFollow = error instanceof BuildBehindError || isPassingFailure(error);
      if (promoted.length > 0 && mayFollow) break;
      throw error;
    }
    promoted.push(build);
    await giveBack(leads.get(build.id) ?? null, logger); // a projector keeps it from now on
    leads.delete(build.id);
    if (signal.aborted) break;
  }
  return promoted;
}

const keepingOf = (options: Omit<RebuildOptions, 'note'>): KeepOptions => ({
  ...options,
  batchSize: options.batchSize ?? BATCH_SIZE,
  cachedRowsMax: options.cachedRowsMax ?? CACHED_ROWS_MAX,
  journalKeptMs: options.journalKeptMs ?? JOURNAL_KEPT_MS,
});

/** One was changed by another before all were level. */
async function tellWhyNot(pool: Pool, builds: readonly Build[]): Promise<void> {
  const now = await readBuildsById(
    pool,
    builds.map(({ id }) => id),
  );
  for (const { generation, id, projection } of builds) {
    const build = now.find((one) => one.id === id);
    const details = { projection, build: id };
    if (build === undefined)
      throw new RebuildDiscardedError(`The rebuild of ${projection} was discarded meanwhile`, details);
    if (build.generation === generation && isFollowed(build)) continue;
    throw new BuildStateError(
      `Build ${id} of ${projection} was changed meanwhile: it is ${build.state}`,
      details,
    );
  }
}

function progressTeller({ onProgress }: RebuildOptions): (kept: KeptBatch) => void {
  const started = systemTiming.now();
  let handled = 0;
  return ({ batch, head, timeLeft }) => {
    handled += batch.events.length;
    const position = batch.scannedTo;
    const eventsPerSecond = handled / Math.max((systemTiming.now() - started) / 1_000, 0.001);
    const left = head < position ? 0n : head - position;
    onProgress?.({ handled, position, eventsPerSecond, left, timeLeft });
  };
}
