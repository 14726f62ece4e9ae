import type { Position } from '@abland/kernel';
import type { Pool } from 'pg';

/**
 * By the name of each live read model what changes whenever what is read of it may: which build is live, up to where it is, and
 * whether something of it was left out or taken back.
 */
export async function liveAnswers(pool: Pool): Promise<ReadonlyMap<string, string>> {
  const { rows } = await pool.query<{ projection: string; version: string }>({
    name: 'live-answers',
    text: `SELECT projection, concat_ws('-', id, generation, coalesce(position, 0), parked) AS version
           FROM projections.builds WHERE state = 'LIVE'`,
  });
  return new Map(rows.map(({ projection, version }) => [projection, version]));
}

/** How far each live read model is, by the name of its projection; null before its first event. */
export async function livePositions(pool: Pool): Promise<ReadonlyMap<string, Position | null>> {
  const { rows } = await pool.query<{ projection: string; position: string | null }>({
    name: 'live-positions',
    text: `SELECT projection, position FROM projections.builds WHERE state = 'LIVE'`,
  });
  return new Map(
    rows.map(({ position, projection }) => [projection, position === null ? null : BigInt(position)]),
  );
}
