import { inPatientTransaction } from '@abland/postgres';
import { type ClientBase, escapeIdentifier, type Pool } from 'pg';
import type { Build } from '../engine/build.js';
import { lockBuildsOf } from '../engine/build-rows.js';
import { noteSkipped, type SkippedEvent } from '../engine/skipped-events.js';
import type { NoteBuilds } from './acts.js';
import { PARKED_EVENTS } from './build-schema.js';

/** Whether the live build of a projection left an event out, and nobody decided on it. */
export async function isParked(
  pool: Pool,
  { eventId, projection }: Pick<SkippedEvent, 'projection' | 'eventId'>,
): Promise<boolean> {
  const { rows } = await pool.query<{ schema: string }>(
    `SELECT schema FROM projections.builds WHERE projection = $1 AND state = 'LIVE'`,
    [projection],
  );
  const [live] = rows;
  if (live === undefined) return false;
  const found = await pool.query(`SELECT FROM ${parkedIn(live.schema)} WHERE event_id = $1`, [eventId]);
  return found.rowCount === 1;
}

/**
 * Leaves an event out of a projection for good: no build of it, of whatever definition, handles it from now on, and none tells it as
 * parked any more. Who keeps them learns of it before their next batch.
 */
export async function skipParkedIn(pool: Pool, skipped: SkippedEvent, note: NoteBuilds): Promise<void> {
  await inPatientTransaction(pool, async (client) => {
    const builds = await lockBuildsOf(client, skipped.projection);
    await noteSkipped(client, [skipped]);
    for (const build of builds) await forget(client, build, skipped.eventId);
    await note(client, builds);
  });
}

async function forget(client: ClientBase, { id, schema }: Build, eventId: string): Promise<void> {
  await client.query(
    `WITH gone AS (DELETE FROM ${parkedIn(schema)} WHERE event_id = $2 RETURNING defect)
     UPDATE projections.builds SET generation = generation + 1, parked = parked - (SELECT count(*) FROM gone),
       defects = defects - (SELECT count(*) FROM gone WHERE defect) WHERE id = $1`,
    [id, eventId],
  );
}

const parkedIn = (schema: string): string => `${escapeIdentifier(schema)}.${PARKED_EVENTS}`;
