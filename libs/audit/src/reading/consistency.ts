import { consistencyRanges, hashRanges, subtreeHashes } from '@abland/audit-verify';
import { readTiles, type Queryable } from '../storage/tree-rows.js';
import { SERVER_HASHER } from '../tree/server-hasher.js';

/** That the tree of a size is the beginning of that of another. @throws ProofError MALFORMED where there are no such trees */
export function proveConsistency(
  db: Queryable,
  oldSize: number,
  size: number,
): Promise<readonly Uint8Array[]> {
  const hashes = subtreeHashes((tiles) => readTiles(db, tiles), SERVER_HASHER);
  return hashRanges(consistencyRanges(oldSize, size), hashes, SERVER_HASHER);
}
