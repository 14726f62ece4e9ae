import type { Logger } from '@abland/kernel';
import type pg from 'pg';
import { openPool } from './open-pool.js';

/** Where an adapter's database is: for connections of its own, or with those of a pool that stays its owner's. */
export type DatabaseAt = string | { readonly connectionString: string; readonly pool?: pg.Pool | undefined };

export interface PoolAt {
  readonly pool: pg.Pool;
  /** Ends the pool where it is no other's. */
  close(): Promise<void>;
}

/** @param options of the pool where it is the adapter's own */
export function poolAt(
  at: DatabaseAt,
  options: { readonly name: string; readonly max: number; readonly logger: Logger },
): PoolAt {
  const { connectionString, pool } = typeof at === 'string' ? { connectionString: at, pool: undefined } : at;
  if (pool !== undefined) return { pool, close: () => Promise.resolve() };
  const own = openPool({ connectionString, ...options });
  return { pool: own, close: async () => void (own.ending || (await own.end())) };
}
