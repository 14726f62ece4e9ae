import { areEqual } from '../bytes/bytes.js';
import { ProofError } from '../faults/proof-error.js';
import type { TreeHasher } from '../merkle/tree-hasher.js';
import { decodeBundle } from '../tiles/entry-bundle.js';
import { hashAt } from '../tiles/tile-hashes.js';
import { TILE_WIDTH, type TileName, widthInTree } from '../tiles/tile-path.js';
import { Finding } from './finding.js';
import type { ServedTop } from './follow-heads.js';
import { type Frontier, rootOf, withLeaves } from './frontier.js';
import { judgeGrowth } from './growth.js';
import { hashesOfTree, wholeTile } from './watched-place.js';

/**
 * Reads the entries that were not read yet, a bundle at a time, and gives how far each came: each entry is the one that was hashed,
 * and all of them are the beginning of the tree that is signed. It ends where the place keeps entries back.
 * @throws Finding
 */
export async function* readEntries(
  from: Frontier,
  { head, place }: ServedTop,
  hasher: TreeHasher,
): AsyncGenerator<Frontier, void> {
  let read = from;
  while (read.size < head.size) {
    const number = Math.floor(read.size / TILE_WIDTH);
    const width = widthInTree({ level: 'entries', number }, head.size);
    const leaves = await leavesOf({ head, place }, { level: 'entries', number, width }, hasher);
    if (leaves === null) return;
    read = withLeaves(read, leaves.slice(read.size % TILE_WIDTH), hasher);
    await requireInTree(read, { head, place }, hasher);
    yield read;
  }
}

async function leavesOf(
  { head, place }: ServedTop,
  name: TileName,
  hasher: TreeHasher,
): Promise<readonly Uint8Array[] | null> {
  const bundle = await place.entries(name);
  if (bundle === null) return null;
  const leaves = decoded(bundle, place.url).map((entry) => hasher.leaf(entry));
  if (leaves.length !== name.width) {
    const told = `bundle ${name.number} has ${leaves.length} entries, not ${name.width}`;
    throw new Finding('WRONG_ANSWER', told, place.url);
  }
  const tile = await wholeTile(place, { ...name, level: 0 });
  const changed = leaves.findIndex((leaf, at) => !areEqual(leaf, hashAt(tile, at)));
  if (changed === -1) return leaves;
  const message = `entry ${name.number * TILE_WIDTH + changed} is not the one that was hashed`;
  throw new Finding('REWRITTEN', message, place.url, [head.note]);
}

function decoded(bundle: Uint8Array, url: string): readonly Uint8Array[] {
  try {
    return decodeBundle(bundle);
  } catch (error) {
    if (!(error instanceof ProofError)) throw error;
    throw new Finding('WRONG_ANSWER', error.message, url);
  }
}

async function requireInTree(read: Frontier, { head, place }: ServedTop, hasher: TreeHasher): Promise<void> {
  const begins = { size: read.size, root: rootOf(read, hasher) };
  const growth = await judgeGrowth(begins, head, hashesOfTree(place, head, hasher), hasher);
  if (growth === 'CONTINUES') return;
  const message = `the first ${read.size} entries are not those of the tree that is signed`;
  throw new Finding(growth === 'REWRITTEN' ? 'REWRITTEN' : 'WRONG_ANSWER', message, place.url, [head.note]);
}
