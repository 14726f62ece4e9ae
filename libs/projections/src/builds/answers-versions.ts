import type { Pool } from 'pg';

/**
 * By the name of each live read model what changes whenever what is read of it may: which build is live, up to where it is, and
 * whether something of it was left out or taken back.
 */
export async function answersVersions(pool: Pool): Promise<ReadonlyMap<string, string>> {
  const { rows } = await pool.query<{ projection: string; version: string }>({
    name: 'answers-versions',
    text: `SELECT projection, concat_ws('-', id, generation, coalesce(position, 0), parked) AS version
           FROM projections.builds WHERE state = 'LIVE'`,
  });
  return new Map(rows.map(({ projection, version }) => [projection, version]));
}
