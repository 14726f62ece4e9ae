import { hashesAtLevel, TILE_WIDTH, type TileAt } from '@abland/audit-verify';
import type { EventReference, LogPlace, Position } from '@abland/kernel';
import type pg from 'pg';
import { TreeDamagedError } from '../failures/tree-errors.js';
import type { Tile } from '../tree/tree-builder.js';

export type Queryable = Pick<pg.ClientBase, 'query'>;

/** The tree as it is stored. */
export interface StoredTree {
  readonly origin: string;
  readonly verifierKeys: string;
  readonly size: number;
  readonly root: Buffer;
  /** A signed note. */
  readonly checkpoint: string;
  /** The last event that was hashed. */
  readonly place: LogPlace;
}

export interface TreeRow {
  origin: string;
  verifier_keys: string;
  size: string;
  root: Buffer;
  checkpoint: string;
  position: string;
  known_event: EventReference;
}

/** Null where nothing was hashed yet. */
export async function readTree(db: Queryable): Promise<StoredTree | null> {
  const { rows } = await db.query<TreeRow>(
    'SELECT origin, verifier_keys, size, root, checkpoint, position, known_event FROM audit.tree',
  );
  return rows[0] === undefined ? null : treeOf(rows[0]);
}

export function treeOf(row: TreeRow): StoredTree {
  const { checkpoint, known_event: event, origin, position, root, size, verifier_keys: verifierKeys } = row;
  const place = { position: BigInt(position), event };
  return { origin, verifierKeys, size: Number(size), root, checkpoint, place };
}

/**
 * Stores what a tree grew by; to be the last statements of a transaction.
 * @param before its size until then; null where there was none
 * @throws TreeDamagedError where it has another size by now
 */
export async function writeTree(
  db: Queryable,
  before: number | null,
  tree: StoredTree,
  changes: readonly Tile[],
): Promise<void> {
  await writeTiles(db, changes);
  const { checkpoint, origin, place, root, size, verifierKeys } = tree;
  const values = [origin, verifierKeys, size, root, checkpoint, place.position, JSON.stringify(place.event)];
  const { rowCount } =
    before === null
      ? await db.query(INSERT_TREE, values)
      : await db.query(`${UPDATE_TREE} WHERE size = $8`, [...values, before]);
  if (rowCount !== 1) throw new TreeDamagedError('The tree was grown by somebody else', { before });
}

const INSERT_TREE = `INSERT INTO audit.tree (origin, verifier_keys, size, root, checkpoint, position, known_event)
  VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`;
const UPDATE_TREE = `UPDATE audit.tree SET origin = $1, verifier_keys = $2, size = $3, root = $4, checkpoint = $5,
  position = $6, known_event = $7, updated_at = clock_timestamp()`;

async function writeTiles(db: Queryable, tiles: readonly Tile[]): Promise<void> {
  if (tiles.length === 0) return;
  await db.query(
    `INSERT INTO audit.tiles AS tile (level, number, after_position, hashes)
     SELECT * FROM unnest($1::smallint[], $2::bigint[], $3::numeric[], $4::bytea[])
     ON CONFLICT (level, number) DO UPDATE SET hashes = excluded.hashes
       WHERE length(tile.hashes) < length(excluded.hashes)`,
    [
      tiles.map(({ level }) => level),
      tiles.map(({ number }) => number),
      tiles.map(({ afterPosition }) => afterPosition?.toString() ?? null),
      tiles.map(({ hashes }) => hashes),
    ],
  );
}

/** As wide as they are stored, in their order. @throws TreeDamagedError where one is missing */
export async function readTiles(db: Queryable, tiles: readonly TileAt[]): Promise<readonly Buffer[]> {
  const { rows } = await db.query<{ hashes: Buffer | null }>(
    `SELECT tile.hashes FROM unnest($1::smallint[], $2::bigint[]) WITH ORDINALITY AS wanted (level, number, place)
     LEFT JOIN audit.tiles AS tile USING (level, number) ORDER BY place`,
    [tiles.map(({ level }) => level), tiles.map(({ number }) => number)],
  );
  return rows.map(({ hashes }, at) => {
    if (hashes === null) throw new TreeDamagedError('A tile is missing', { ...tiles[at] });
    return hashes;
  });
}

/** The tiles that are not full in a tree of a size. */
export async function readOpenTiles(db: Queryable, size: number): Promise<readonly Tile[]> {
  const wanted: TileAt[] = [];
  for (let level = 0; hashesAtLevel(level, size) > 0; level += 1)
    wanted.push({ level, number: Math.floor(hashesAtLevel(level, size) / TILE_WIDTH) });
  const { rows } = await db.query<{
    level: number;
    number: string;
    after_position: string | null;
    hashes: Buffer;
  }>(
    `SELECT level, number, after_position, hashes FROM audit.tiles
     JOIN unnest($1::smallint[], $2::bigint[]) AS wanted (level, number) USING (level, number)`,
    [wanted.map(({ level }) => level), wanted.map(({ number }) => number)],
  );
  return rows.map(({ after_position: after, hashes, level, number }) => ({
    ...{ level, number: Number(number), hashes },
    afterPosition: after === null ? null : BigInt(after),
  }));
}

export async function writeLargeEntries(
  db: Queryable,
  entries: readonly { readonly sha256: Buffer; readonly index: number }[],
): Promise<void> {
  if (entries.length === 0) return;
  await db.query(
    `INSERT INTO audit.large_entries (sha256, index) SELECT * FROM unnest($1::bytea[], $2::bigint[])
     ON CONFLICT DO NOTHING`,
    [entries.map(({ sha256 }) => sha256), entries.map(({ index }) => index)],
  );
}

/** A tile of leaves, and where in the log its events are. */
export interface LeafTile {
  readonly number: number;
  readonly hashes: Buffer;
  /** Of the event before its first. */
  readonly afterPosition: Position;
}

/** The one of a number, or the one that has the event at a position; null where there is none. */
export async function readLeafTile(
  db: Queryable,
  wanted: { readonly number: number } | { readonly position: Position },
): Promise<LeafTile | null> {
  const [condition, value] =
    'number' in wanted ? ['number = $1', wanted.number] : ['after_position < $1', wanted.position];
  const { rows } = await db.query<{ number: string; hashes: Buffer; after_position: string }>(
    `SELECT number, hashes, after_position FROM audit.tiles WHERE level = 0 AND ${condition}
     ORDER BY after_position DESC LIMIT 1`,
    [value.toString()],
  );
  const [row] = rows;
  if (row === undefined) return null;
  return { number: Number(row.number), hashes: row.hashes, afterPosition: BigInt(row.after_position) };
}

/** As wide as it is stored; null where it is not there. */
export async function readTile(db: Queryable, { level, number }: TileAt): Promise<Buffer | null> {
  const { rows } = await db.query<{ hashes: Buffer }>(
    'SELECT hashes FROM audit.tiles WHERE level = $1 AND number = $2',
    [level, number],
  );
  return rows[0]?.hashes ?? null;
}

/** Which entry stands for an envelope of a hash; null where none does. */
export async function readLargeEntry(db: Queryable, sha256: Buffer): Promise<number | null> {
  const { rows } = await db.query<{ index: string }>(
    'SELECT index FROM audit.large_entries WHERE sha256 = $1',
    [sha256],
  );
  return rows[0] === undefined ? null : Number(rows[0].index);
}
