import {
  type EventReference,
  type EventStore,
  isInLog,
  lastPlace,
  type Position,
  retrying,
} from '@abland/kernel';
import type { Client } from 'pg';
import { foldBatch, prefetch, READ_MODEL_CHANNEL, settle } from './batch.js';
import { writeParked } from './checkpoints.js';
import { LIVE_SCHEMA, qualified, REBUILD_SCHEMA } from './ddl.js';
import type { ProjectionRun } from './projection-run.js';
import { beginLed } from './session.js';
import { eventsAfter, type Rebuild, storedRun } from './stored-rebuild.js';

const ATTEMPTS_MAX = 20;
const PAUSE_MS = { min: 200, max: 200 };
/** Below PostgreSQL's deadlock_timeout of a second, so that it is never a reader who is chosen as the victim. */
const LOCK_TIMEOUT_MS = 500;
/** SQLSTATEs of a lock that was not to be had, and of a deadlock: a reader was in the way. */
const IN_THE_WAY: ReadonlySet<unknown> = new Set(['55P03', '40P01']);

/**
 * Puts the rebuilt tables in the place of the live ones, in one transaction: it holds the live checkpoint, handles what the
 * live tables have and the new ones have not, and renames. Readers wait for milliseconds; who reads too long makes it try again.
 */
export async function switchTables(rebuild: Rebuild): Promise<void> {
  const { run, session } = rebuild;
  const attempt = async (): Promise<void> => {
    try {
      await switchOnce(rebuild, await storedRun(session, run.projection));
    } catch (error) {
      await session.query('ROLLBACK');
      throw error;
    }
  };
  await retrying(attempt, {
    attemptsMax: ATTEMPTS_MAX,
    pauseMs: PAUSE_MS,
    classify: (error) => (IN_THE_WAY.has((error as { code?: unknown }).code) ? 'LATER' : 'OURS'),
  });
}

async function switchOnce(rebuild: Rebuild, run: ProjectionRun): Promise<void> {
  const { context, session } = rebuild;
  const { name, tables } = run.projection;
  await beginLed(session, context.lease);
  await session.query(`SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`);
  // Without live tables of this log the rebuilt ones are as far as the log, not as the last event that they handle.
  const live = await livePlace(session, name);
  const ofThisLog = live !== null && (await isOf(rebuild.store, live));
  const level = ofThisLog ? live : await lastPlace(rebuild.store);
  if (level !== null && level.position > (run.position ?? 0n)) {
    await drawLevel({ ...rebuild, run }, level.position);
    // What lies between is nothing that this projection handles.
    run.position = level.position;
    run.lastEvent = level.event;
  }
  // Positions of another log say nothing of this one: no state that a reader knows can be found again.
  if (live !== null && !ofThisLog) run.keptFrom = run.position;
  for (const table of tables) {
    await session.query(`DROP TABLE IF EXISTS ${qualified(LIVE_SCHEMA, table)}`);
    await session.query(`ALTER TABLE ${qualified(REBUILD_SCHEMA, table)} SET SCHEMA ${LIVE_SCHEMA}`);
  }
  for (const kept of ['journal', 'parked_events']) {
    await session.query(`DELETE FROM projections.${kept} WHERE projection = $1 AND target = 'live'`, [name]);
    await session.query(
      `UPDATE projections.${kept} SET target = 'live' WHERE projection = $1 AND target = 'rebuild'`,
      [name],
    );
  }
  await moveCheckpoint(session, run);
  const change = {
    position: run.position?.toString() ?? null,
    tables: tables.map((table) => table.name as string),
  };
  await session.query('SELECT pg_notify($1, $2)', [READ_MODEL_CHANNEL, JSON.stringify(change)]);
  await session.query('COMMIT');
}

/** How far tables are, and the event there. */
interface Place {
  readonly position: Position;
  readonly event: EventReference | null;
}

/** Holds the live checkpoint until the transaction ends. Null where there are no live tables, or they were emptied. */
async function livePlace(session: Client, projection: string): Promise<Place | null> {
  const { rows } = await session.query<{ position: string | null; last_event: EventReference | null }>(
    `SELECT position, last_event FROM projections.checkpoints WHERE projection = $1 AND target = 'live' FOR UPDATE`,
    [projection],
  );
  const position = rows[0]?.position ?? null;
  return position === null ? null : { position: BigInt(position), event: rows[0]?.last_event ?? null };
}

/** Whether live tables follow this log, and not the one that was followed before the programs were pointed at another. */
async function isOf(store: EventStore, { event, position }: Place): Promise<boolean> {
  return event === null || isInLog(store, { position, event });
}

/** Handles, within the transaction, what the live tables have seen and the rebuilt ones have not. */
async function drawLevel(rebuild: Rebuild, position: Position): Promise<void> {
  const { context, session, run } = rebuild;
  for await (const page of eventsAfter(rebuild, position)) {
    await prefetch(session, run, page);
    const { sent } = await foldBatch(context, [run], page);
    await Promise.all([...sent, ...writeParked(session, run)]);
    settle(context, [run]);
  }
}

async function moveCheckpoint(session: Client, run: ProjectionRun): Promise<void> {
  await session.query(
    `INSERT INTO projections.checkpoints
       (projection, target, definition, generation, position, last_event, finalized, handled, defects, kept_from)
     SELECT projection, 'live', definition, 1, $2, $3, $4, $5, $6, greatest(kept_from, $7)
     FROM projections.checkpoints WHERE projection = $1 AND target = 'rebuild'
     ON CONFLICT (projection, target) DO UPDATE SET definition = EXCLUDED.definition,
       generation = checkpoints.generation + 1, position = $2, last_event = $3, finalized = $4, handled = $5, defects = $6,
       kept_from = EXCLUDED.kept_from, updated_at = now()`,
    [
      run.projection.name,
      run.position?.toString() ?? null,
      JSON.stringify(run.lastEvent),
      JSON.stringify(Object.fromEntries(run.finalized)),
      run.handled,
      run.defects,
      run.keptFrom?.toString() ?? null,
    ],
  );
  await session.query(`DELETE FROM projections.checkpoints WHERE projection = $1 AND target = 'rebuild'`, [
    run.projection.name,
  ]);
}
