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

/** What everything that read models answer is of. */
export interface LiveState {
  /** Another one as soon as any live read model has taken anything in, or another build is live. */
  readonly digest: string;
  /** Where the slowest is; null where one is before its first event. */
  readonly position: Position | null;
}

export async function liveState(pool: Pool): Promise<LiveState> {
  const { rows } = await pool.query<{ digest: string | null; position: string | null }>({
    name: 'live-state',
    text: `SELECT md5(string_agg(id || ':' || generation || ':' || coalesce(position::text, ''), ',' ORDER BY id)) AS digest,
                  CASE WHEN bool_and(position IS NOT NULL) THEN min(position) END AS position
           FROM projections.builds WHERE state = 'LIVE'`,
  });
  const [row] = rows;
  const position = row?.position ?? null;
  return { digest: row?.digest ?? '', position: position === null ? null : BigInt(position) };
}
