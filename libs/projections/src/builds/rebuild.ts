import {
  type Clock,
  type EventStore,
  type Logger,
  type Position,
  retrying,
  systemTiming,
} from '@abland/kernel';
import { type HeldLeases, takeLeases } from '@abland/postgres';
import type { Pool } from 'pg';
import { JOURNAL_KEPT_MS } from '../engine/batch.js';
import { type Build, isFollowed, leaseOfBuild } from '../engine/build.js';
import { readBuildsById } from '../engine/build-rows.js';
import { BuildStateError } from './errors.js';
import { keepGroup, type Kept } from './keep-group.js';
import { promote } from './promote.js';
import { RebuildDiscardedError } from '../engine/errors.js';
import type { Projection } from '../engine/projection.js';

export interface RebuildProgress {
  /** Events handled since the call. */
  readonly handled: number;
  readonly position: Position;
  readonly eventsPerSecond: number;
  /** Positions left to the head of the log, and at this rate the seconds for them. */
  readonly left: bigint;
  readonly secondsLeft: number;
}

export interface RebuildOutcome {
  /** False where the signal stopped it: what was built stays, and is gone on with by the next call or by a projector. */
  readonly switched: boolean;
  readonly handled: number;
  readonly seconds: number;
}

export interface RebuildOptions {
  readonly pool: Pool;
  readonly store: EventStore;
  readonly projection: Projection;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly onProgress?: (progress: RebuildProgress) => void;
  readonly signal?: AbortSignal;
  readonly batchSize?: number;
  readonly journalKeptMs?: number;
}

const PROMOTIONS_MAX = 10;
const BATCH_SIZE = 10_000;
const CACHED_ROWS_MAX = 100_000;
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
  const { clock, logger, pool, signal } = options;
  const started = clock();
  for (;;) {
    const held = lead ?? (await takeLeases({ pool, logger, names: [leaseOfBuild(build.id)] }));
    const [now] = await readBuildsById(pool, [build.id]);
    const isLive = now?.state === 'LIVE';
    if (isLive || signal?.aborted === true) {
      await giveBack(held, logger);
      return { switched: isLive, handled: now?.handled ?? 0, seconds: (clock() - started) / 1_000 };
    }
    if (now !== undefined && held !== null && isFollowed(now)) return carryAndGiveBack(options, now, held);
    await giveBack(held, logger);
    if (now === undefined || !isFollowed(now)) await tellWhyNot(pool, build);
    await systemTiming.pause(LOOK_AGAIN_MS, signal);
  }
}

/** As `carryThrough`; the lease is given back at its end. */
export async function carryAndGiveBack(
  options: RebuildOptions,
  build: Build,
  lead: HeldLeases,
): Promise<RebuildOutcome> {
  try {
    return await carryThrough(options, build, lead);
  } finally {
    await giveBack(lead, options.logger);
  }
}

async function giveBack(lead: HeldLeases | null, logger: Logger): Promise<void> {
  await lead
    ?.release()
    .catch((error: unknown) => logger.warn({ err: error }, 'the lease of a build expires'));
}

/**
 * Keeps one build in this process until it is level with the log, and promotes it.
 * @throws RebuildDiscardedError, BuildStateError where an operator discarded or paused it meanwhile
 */
async function carryThrough(
  options: RebuildOptions,
  build: Build,
  lead: HeldLeases,
): Promise<RebuildOutcome> {
  const { clock, pool, projection, store } = options;
  const started = clock();
  const done = new AbortController();
  const asked = options.signal === undefined ? [] : [options.signal];
  const signal = AbortSignal.any([done.signal, lead.lost, ...asked]);
  const level = Promise.withResolvers<boolean>();
  const tell = progressTeller(options);
  const keeping = keepGroup(
    {
      ...options,
      projections: [projection],
      batchSize: options.batchSize ?? BATCH_SIZE,
      cachedRowsMax: CACHED_ROWS_MAX,
      journalKeptMs: options.journalKeptMs ?? JOURNAL_KEPT_MS,
    },
    { builds: [build], leases: [...lead.leases.values()] },
    {
      signal,
      onBatch(kept) {
        tell(kept);
        if (kept.level) level.resolve(true);
      },
    },
  );
  try {
    const switched = await Promise.race([level.promise, keeping.then(() => false)]);
    lead.lost.throwIfAborted();
    // Where more comes in than it can follow within a second, it is level a little later.
    if (switched)
      await retrying(() => promote({ pool, store }, build), { attemptsMax: PROMOTIONS_MAX, signal });
    else if (options.signal?.aborted !== true) await tellWhyNot(pool, build);
    const [now] = await readBuildsById(pool, [build.id]);
    return { switched, handled: now?.handled ?? 0, seconds: (clock() - started) / 1_000 };
  } finally {
    done.abort();
    await keeping.catch(() => undefined); // told by the race, or of no importance any more
  }
}

/** It was changed by another before it was level. */
async function tellWhyNot(pool: Pool, { id, projection }: Build): Promise<void> {
  const [build] = await readBuildsById(pool, [id]);
  const details = { projection, build: id };
  if (build === undefined)
    throw new RebuildDiscardedError(`The rebuild of ${projection} was discarded meanwhile`, details);
  throw new BuildStateError(
    `Build ${id} of ${projection} was changed meanwhile: it is ${build.state}`,
    details,
  );
}

function progressTeller({ clock, onProgress }: RebuildOptions): (kept: Kept) => void {
  const started = clock();
  let handled = 0;
  return ({ batch, head }) => {
    handled += batch.events.length;
    const position = batch.scannedTo;
    const eventsPerSecond = handled / Math.max((clock() - started) / 1_000, 0.001);
    const left = head < position ? 0n : head - position;
    const secondsLeft = left === 0n ? 0 : Number(left) / eventsPerSecond;
    onProgress?.({ handled, position, eventsPerSecond, left, secondsLeft });
  };
}
