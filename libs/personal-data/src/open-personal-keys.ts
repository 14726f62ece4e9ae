import type { Logger } from '@abland/kernel';
import { type DatabaseAt, poolAt } from '@abland/postgres';
import type pg from 'pg';
import type { KeyEraser } from './key-store.js';
import { MasterKeys } from './master-keys.js';
import { migratePersonalKeys, PostgresKeyEraser, PostgresKeyStore } from './postgres-key-store.js';

/** Where they are in a database of their own. */
const CONNECTIONS_MAX = 4;

/** The keys of persons, with what closes them. */
export interface OpenKeys<Keys extends KeyEraser> {
  readonly keys: Keys;
  close(): Promise<void>;
}

/**
 * @param masterKeys 32 bytes each; the first wraps, all unwrap
 * @throws MasterKeyUnknownError where keys are stored that none of them unwraps
 */
export function openPersonalKeys(
  at: DatabaseAt,
  masterKeys: readonly Uint8Array[],
  logger: Logger,
): Promise<OpenKeys<PostgresKeyStore>> {
  const master = new MasterKeys(masterKeys);
  return openOn(at, logger, async (pool) => {
    const keys = new PostgresKeyStore(pool, master);
    await keys.assertReadable();
    return keys;
  });
}

/** For who destroys keys and reads none: no master key is needed. */
export function openKeyEraser(at: DatabaseAt, logger: Logger): Promise<OpenKeys<KeyEraser>> {
  return openOn(at, logger, (pool) => Promise.resolve(new PostgresKeyEraser(pool)));
}

async function openOn<Keys extends KeyEraser>(
  at: DatabaseAt,
  logger: Logger,
  make: (pool: pg.Pool) => Promise<Keys>,
): Promise<OpenKeys<Keys>> {
  const { pool, close } = poolAt(at, { logger, name: 'keys', max: CONNECTIONS_MAX });
  try {
    await migratePersonalKeys(pool);
    return { keys: await make(pool), close };
  } catch (error) {
    await close();
    throw error;
  }
}
