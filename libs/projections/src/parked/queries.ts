import { isMissingTable } from '@abland/postgres';
import { ReadModelNotYetError } from '../engine/errors.js';
import type { ReadModel } from '../read-model/database.js';

/** How many logs of a chain wait for an operator; null before a projector of this version made their table. */
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
