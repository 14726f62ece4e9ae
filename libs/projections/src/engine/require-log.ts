import { type EventReference, type EventStore, requireSameLog } from '@abland/kernel';
import type { Pool } from 'pg';

/**
 * Checks that the log is the one that the read models follow, before a program writes to it: one that was emptied or replaced while
 * nothing ran is not begun anew. Where there are no read models yet, any log will do.
 * @throws LogMismatchError
 */
export async function requireLogOfReadModels(pool: Pool, store: EventStore): Promise<void> {
  const { rows: tables } = await pool.query<{ there: boolean }>(
    `SELECT to_regclass('projections.builds') IS NOT NULL AS there`,
  );
  if (tables[0]?.there !== true) return;
  const { rows } = await pool.query<{ projection: string; position: string; last_event: EventReference }>(
    `SELECT projection, coalesce((last_event ->> 'position')::numeric, position) AS position, last_event FROM projections.builds
     WHERE state = 'LIVE' AND position IS NOT NULL AND last_event IS NOT NULL ORDER BY builds.position DESC LIMIT 1`,
  );
  const [furthest] = rows;
  if (furthest === undefined) return;
  const place = { position: BigInt(furthest.position), event: furthest.last_event };
  await requireSameLog(store, `the read model ${furthest.projection}`, place);
}
