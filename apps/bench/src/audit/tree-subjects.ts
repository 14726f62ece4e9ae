import { LogSigner, type RunningTree, startTree } from '@abland/audit';
import { type EventStore, silentLogger, systemTiming } from '@abland/kernel';
import type pg from 'pg';

export const TREE_SIGNER = new LogSigner('bench.example/log', [new Uint8Array(32).fill(1)]);

export const growTree = (log: EventStore, pool: pg.Pool): RunningTree =>
  startTree({ log, pool, signer: TREE_SIGNER, logger: silentLogger });

/** Events in the tree as it is stored. */
export async function storedSize(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ size: string }>('SELECT size FROM audit.tree');
  return Number(rows[0]?.size ?? 0);
}

/** From nothing to the end of the log; returns how many events that was. */
export async function buildTree(log: EventStore, pool: pg.Pool): Promise<number> {
  await pool.query('TRUNCATE audit.tree, audit.tiles, audit.large_entries');
  const events = Number((await log.head()) ?? 0n);
  const tree = growTree(log, pool);
  while ((await storedSize(pool)) < events) await systemTiming.pause(5);
  await tree.stop();
  return events;
}
