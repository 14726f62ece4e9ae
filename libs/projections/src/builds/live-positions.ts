import type { Position } from '@abland/kernel';
import type { Pool } from 'pg';

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
