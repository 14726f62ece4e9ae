import type { Pool } from 'pg';
import { checksumTables, type StateChecksum } from './engine/checksum.js';
import { projectionNamed, PROJECTIONS } from './projections.js';

/** Checksums over the rows of one projection or of all, at one moment. */
export async function stateChecksum(pool: Pool, projection = 'all'): Promise<StateChecksum> {
  return checksumTables(pool, projection === 'all' ? PROJECTIONS : [projectionNamed(projection)]);
}
