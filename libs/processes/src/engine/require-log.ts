import { type EventStore, requireSameLog } from '@abland/kernel';
import type { Pool } from 'pg';
import { loadCheckpoint } from './checkpoints.js';

/**
 * Checks that the log is the one that the processes follow, before a program writes to it: one that was emptied or replaced while
 * nothing ran is not begun anew.
 * @throws LogMismatchError
 */
export async function requireLogOfProcesses(pool: Pool, store: EventStore): Promise<void> {
  const { rows } = await pool.query<{ process: string }>(
    'SELECT process FROM processes.checkpoints ORDER BY position DESC LIMIT 1',
  );
  const [furthest] = rows;
  const checkpoint = furthest === undefined ? null : await loadCheckpoint(pool, furthest.process);
  if (furthest === undefined || checkpoint === null) return;
  await requireSameLog(store, `the state of process ${furthest.process}`, checkpoint.known);
}
