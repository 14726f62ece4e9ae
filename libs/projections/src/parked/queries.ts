import { isMissingTable } from '@abland/postgres';
import { ReadModelNotYetError } from '../engine/errors.js';
import type { Pool } from 'pg';
import type { ReadModel } from '../read-model/database.js';

/** How many logs of a chain are parked, for an operator to decide on; null before a projector of this version made their table. */
export async function parkedLogCount(db: ReadModel, chainId: number): Promise<number | null> {
  try {
    const { count } = await db
      .selectFrom('parked_logs')
      .select(({ fn }) => fn.countAll<string>().as('count'))
      .where('chain_id', '=', String(chainId))
      .executeTakeFirstOrThrow();
    return Number(count);
  } catch (error) {
    if (isMissingTable(error) || error instanceof ReadModelNotYetError) return null;
    throw error;
  }
}

/** Of the LogParked on its chain's stream, as its row has it; null where no log of this id is parked. */
export async function parkedLogRevision(
  pool: Pool,
  { chainId, eventId }: { readonly chainId: number; readonly eventId: string },
): Promise<bigint | null> {
  const { rows } = await pool.query<{ revision: string }>(
    'SELECT revision FROM read_model.parked_logs WHERE chain_id = $1 AND event_id = $2',
    [chainId, eventId],
  );
  const [row] = rows;
  return row === undefined ? null : BigInt(row.revision);
}
