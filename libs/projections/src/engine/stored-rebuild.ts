import {
  type EventFilter,
  type EventReference,
  type EventStore,
  isInLog,
  type Position,
  type RecordedEvent,
} from '@abland/kernel';
import type { Lease } from '@abland/postgres';
import type { Client } from 'pg';
import type { BatchContext } from './batch.js';
import { readCheckpoints } from './checkpoints.js';
import { definitionHash, REBUILD_SCHEMA } from './ddl.js';
import { type FinalBlocksRevertedError, RebuildDiscardedError } from './errors.js';
import { noteFinalRevert, readFinalReverts } from './final-reverts.js';
import { createRun, type ProjectionRun } from './projection-run.js';
import { createTables, forget } from './migrations.js';
import type { Projection } from './projection.js';
import { beginLed } from './session.js';

/** What a rebuild works with. */
export interface Rebuild {
  readonly context: BatchContext;
  readonly session: Client;
  readonly store: EventStore;
  readonly run: ProjectionRun;
  readonly filter: EventFilter;
  readonly batchSize: number;
}

/** Goes on with what an interrupted rebuild left, if it was of the same tables, handlers and log. */
export async function beginOrResumeRebuild(
  session: Client,
  lease: Lease,
  projection: Projection,
  store: EventStore,
): Promise<ProjectionRun> {
  const { name } = projection;
  const definition = definitionHash(projection);
  if (!(await mayResume(session, store, name, definition))) {
    await beginLed(session, lease);
    await createTables(session, projection, REBUILD_SCHEMA);
    await forget(session, name, 'rebuild');
    await session.query(`DELETE FROM projections.checkpoints WHERE projection = $1 AND target = 'rebuild'`, [
      name,
    ]);
    await session.query(
      `INSERT INTO projections.checkpoints (projection, target, definition, state)
       VALUES ($1, 'rebuild', $2, 'REBUILDING')`,
      [name, definition],
    );
    await session.query('COMMIT');
  }
  return storedRun(session, projection);
}

async function mayResume(
  session: Client,
  store: EventStore,
  name: string,
  definition: string,
): Promise<boolean> {
  const { rows } = await session.query<{ position: string | null; last_event: EventReference | null }>(
    `SELECT position, last_event FROM projections.checkpoints
     WHERE projection = $1 AND target = 'rebuild' AND definition = $2`,
    [name, definition],
  );
  if (rows[0] === undefined) return false;
  const { last_event: event, position } = rows[0];
  if (position === null || event === null) return true;
  return isInLog(store, { position: BigInt(position), event });
}

/** Drops what was built without knowing that the log takes final blocks back. */
export async function discardForFinalRevert(
  session: Client,
  lease: Lease,
  projection: Projection,
  error: FinalBlocksRevertedError,
): Promise<void> {
  await session.query('ROLLBACK');
  await beginLed(session, lease);
  await noteFinalRevert(session, error);
  await session.query(`DELETE FROM projections.checkpoints WHERE projection = $1 AND target = 'rebuild'`, [
    projection.name,
  ]);
  await session.query('COMMIT');
}

/** The rebuild as the database has it. */
export async function storedRun(session: Client, projection: Projection): Promise<ProjectionRun> {
  const { name } = projection;
  const stored = (await readCheckpoints(session, 'rebuild', [name])).get(name);
  if (stored === undefined) throw new RebuildDiscardedError(`The rebuild of ${name} was discarded meanwhile`);
  return createRun(projection, 'rebuild', REBUILD_SCHEMA, stored, await readFinalReverts(session));
}

/** What the rebuild has not handled yet, up to a position or to the log's end as it is now. */
export function eventsAfter(
  rebuild: Rebuild,
  until: Position | null,
): AsyncIterable<readonly RecordedEvent[]> {
  const { store, run, filter, batchSize } = rebuild;
  return store.readAll({
    ...(run.position === null ? {} : { after: run.position }),
    ...(until === null ? {} : { until }),
    filter,
    pageSize: batchSize,
  });
}
