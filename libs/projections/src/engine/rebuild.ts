import type { Clock, EventStore, Logger, Position } from '@abland/kernel';
import { type HeldLease, LONG_LIMITS, takeLease } from '@abland/postgres';
import type { Client, Pool } from 'pg';
import { handleBatch, JOURNAL_KEPT_MS } from './batch.js';
import { createIndexesSql, REBUILD_SCHEMA } from './ddl.js';
import { FinalBlocksRevertedError, RebuildInProgressError } from './errors.js';
import type { Projection } from './projection.js';
import { withSession } from './session.js';
import { beginOrResumeRebuild, discardForFinalRevert, eventsAfter, type Rebuild } from './stored-rebuild.js';
import { switchTables } from './switch.js';

export interface RebuildProgress {
  readonly handled: number;
  readonly position: Position;
  readonly eventsPerSecond: number;
  /** Positions left to the head of the log, and at this rate the seconds for them. */
  readonly left: bigint;
  readonly secondsLeft: number;
}

export interface RebuildOutcome {
  /** False where the signal stopped it: what was built stays, and the next call goes on from there. */
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

const BATCH_SIZE = 10_000;
const CACHED_ROWS_MAX = 100_000;

/**
 * Builds a projection's tables from the first event beside the live ones, and switches once they are level.
 * @throws RebuildInProgressError where another process does; one that is gone without a word counts for ten seconds
 */
export async function rebuildTables(options: RebuildOptions): Promise<RebuildOutcome> {
  const { pool, projection, logger } = options;
  const lead = await takeLease({ pool, logger, name: `rebuild-${projection.name}` });
  if (lead === null) {
    throw new RebuildInProgressError(`Projection ${projection.name} is being rebuilt already`, {
      projection: projection.name,
    });
  }
  try {
    const limits = LONG_LIMITS; // indexes are built, and whole tables moved
    const applicationName = `abland-rebuild-${projection.name}`;
    const session = { pool, logger, limits, signal: lead.lost, applicationName };
    return await withSession(session, (client) => rebuildKnowing(options, client, lead));
  } finally {
    await lead
      .release()
      .catch((error: unknown) => logger.warn({ err: error }, 'the lease of a rebuild expires'));
  }
}

/** Begins once more for each place of the log that takes final blocks back, unless that is known. */
async function rebuildKnowing(
  options: RebuildOptions,
  session: Client,
  lead: HeldLease,
): Promise<RebuildOutcome> {
  for (;;) {
    try {
      return await rebuildLed(options, session, lead);
    } catch (error) {
      if (!(error instanceof FinalBlocksRevertedError)) throw error;
      await discardForFinalRevert(session, lead.lease, options.projection, error);
    }
  }
}

async function rebuildLed(
  options: RebuildOptions,
  session: Client,
  { lease }: HeldLease,
): Promise<RebuildOutcome> {
  const { store, projection, logger, clock } = options;
  const started = clock();
  const run = await beginOrResumeRebuild(session, lease, projection, store);
  const rebuild: Rebuild = {
    context: {
      session,
      lease,
      logger,
      clock,
      cachedRowsMax: CACHED_ROWS_MAX,
      journalKeptMs: options.journalKeptMs ?? JOURNAL_KEPT_MS,
    },
    session,
    store,
    run,
    filter: { types: typesOf(projection) },
    batchSize: options.batchSize ?? BATCH_SIZE,
  };
  await catchUp(rebuild, options);
  const stopped = options.signal?.aborted === true;
  if (!stopped) {
    await createIndexes(session, projection);
    await switchTables(rebuild);
  }
  return { switched: !stopped, handled: run.handled, seconds: (clock() - started) / 1_000 };
}

/** Handles everything from the rebuild's checkpoint to the log's end as it is now, or until the signal. */
async function catchUp(rebuild: Rebuild, options: RebuildOptions): Promise<void> {
  const { context, store, run } = rebuild;
  const tell = progressTeller(options);
  for await (const page of eventsAfter(rebuild, null)) {
    if (options.signal?.aborted === true) return;
    await handleBatch(context, [run], page, {
      state: 'REBUILDING',
      eventsPerSecond: tell.eventsPerSecond(),
    });
    tell.batch(page.length, await store.head(), page.at(-1)?.position ?? 0n);
  }
}

async function createIndexes(session: Client, projection: Projection): Promise<void> {
  for (const table of projection.tables) {
    for (const statement of createIndexesSql(REBUILD_SCHEMA, table)) {
      await session.query(statement.replace('CREATE INDEX', 'CREATE INDEX IF NOT EXISTS'));
    }
    await session.query(`ANALYZE ${REBUILD_SCHEMA}.${table.name as string}`);
  }
}

/** The events that the projection handles, and those that the engine itself needs. */
function typesOf(projection: Projection): readonly string[] {
  return [...new Set([...Object.keys(projection.handlers), 'BlocksReverted', 'BlocksFinalized'])];
}

function progressTeller({ clock, onProgress }: RebuildOptions) {
  const started = clock();
  let handled = 0;
  const eventsPerSecond = (): number => handled / Math.max((clock() - started) / 1_000, 0.001);
  return {
    eventsPerSecond,
    batch(count: number, head: Position | null, position: Position): void {
      handled += count;
      const rate = eventsPerSecond();
      const left = head === null || head < position ? 0n : head - position;
      onProgress?.({ handled, position, eventsPerSecond: rate, left, secondsLeft: Number(left) / rate });
    },
  };
}
