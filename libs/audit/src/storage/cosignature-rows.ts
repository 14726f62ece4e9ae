import { type Queryable, type StoredTree, treeOf, type TreeRow } from './tree-rows.js';

/** The checkpoint that is served where witnesses are asked: the newest that enough of them cosigned. */
export interface PublishedCheckpoint extends Pick<StoredTree, 'checkpoint' | 'root' | 'size'> {
  /** Of the log, as they signed it: a line each. */
  readonly verifierKeys: string;
  /** Of the witnesses that cosigned it. */
  readonly witnessKeys: readonly string[];
}

/** What a witness signed. */
export interface StoredCosignature {
  readonly witnessKey: string;
  readonly size: number;
  /** What was signed: the text of a checkpoint. */
  readonly text: string;
  /** A signature line, with its end. */
  readonly line: string;
}

/**
 * Lets the newest checkpoint be the one that is served until enough witnesses cosigned a newer one; nothing where there is one that is.
 * No tree that grows meanwhile can have been served. @returns whether there was none
 */
export async function publishFirst(db: Queryable): Promise<boolean> {
  const { rowCount } = await db.query(
    `INSERT INTO audit.published (size, root, checkpoint, verifier_keys, witness_keys)
     SELECT size, root, checkpoint, verifier_keys, '{}' FROM audit.tree FOR UPDATE
     ON CONFLICT DO NOTHING`,
  );
  return rowCount === 1;
}

/** Until the end of the transaction nobody else keeps a cosignature: who counts them sees all that were kept before. */
export async function lockCosignatures(db: Queryable): Promise<void> {
  await db.query('SELECT 1 FROM audit.published FOR UPDATE');
}

/** Serves a checkpoint in the place of one that is not larger. */
export async function publish(db: Queryable, published: PublishedCheckpoint): Promise<void> {
  const { checkpoint, root, size, verifierKeys, witnessKeys } = published;
  await db.query(
    `UPDATE audit.published SET size = $1, root = $2, checkpoint = $3, verifier_keys = $4, witness_keys = $5,
       published_at = clock_timestamp()
     WHERE size <= $1 AND checkpoint <> $3`,
    [size, root, checkpoint, verifierKeys, witnessKeys],
  );
}

/** From now on the newest checkpoint is served, whoever cosigned it. */
export async function endPublishing(db: Queryable): Promise<void> {
  await db.query('DELETE FROM audit.published');
}

/** Null where witnesses are not asked. */
export async function readPublished(db: Queryable): Promise<PublishedCheckpoint | null> {
  const { rows } = await db.query<PublishedRow>(`SELECT ${PUBLISHED} FROM audit.published AS p`);
  return rows[0] === undefined ? null : publishedOf(rows[0]);
}

/** The newest checkpoint, and the one that is served. */
export interface Heads {
  /** Null where nothing was hashed yet. */
  readonly newest: StoredTree | null;
  /** Null where witnesses are not asked: the newest is served. */
  readonly published: PublishedCheckpoint | null;
}

/** Both as of one moment: what is served never goes back. */
export async function readHeads(db: Queryable): Promise<Heads> {
  const { rows } = await db.query<TreeRow & (PublishedRow | NoPublishedRow)>(
    `SELECT tree.origin, tree.verifier_keys, tree.size, tree.root, tree.checkpoint, tree.position, tree.known_event,
       ${PUBLISHED} FROM audit.tree LEFT JOIN audit.published AS p ON true`,
  );
  const [row] = rows;
  if (row === undefined) return { newest: null, published: null };
  return { newest: treeOf(row), published: row.p_size === null ? null : publishedOf(row) };
}

interface PublishedRow {
  p_size: string;
  p_root: Buffer;
  p_checkpoint: string;
  p_verifier_keys: string;
  p_witness_keys: string[];
}

interface NoPublishedRow {
  p_size: null;
}

const PUBLISHED = ['size', 'root', 'checkpoint', 'verifier_keys', 'witness_keys']
  .map((column) => `p.${column} AS p_${column}`)
  .join(', ');

const publishedOf = (row: PublishedRow): PublishedCheckpoint => ({
  ...{ size: Number(row.p_size), root: row.p_root, checkpoint: row.p_checkpoint },
  ...{ verifierKeys: row.p_verifier_keys, witnessKeys: row.p_witness_keys },
});

/** Of each witness its newest. */
export async function readCosignatures(db: Queryable): Promise<readonly StoredCosignature[]> {
  const { rows } = await db.query<{ witness_key: string; size: string; text: string; line: string }>(
    'SELECT witness_key, size, text, line FROM audit.cosignatures ORDER BY witness_key',
  );
  return rows.map(({ line, size, text, witness_key: witnessKey }) => ({
    ...{ witnessKey, line, text },
    size: Number(size),
  }));
}

/** Keeps what a witness signed, in the place of what it signed before. */
export async function writeCosignature(db: Queryable, cosignature: StoredCosignature): Promise<void> {
  const { line, size, text, witnessKey } = cosignature;
  await db.query(
    `INSERT INTO audit.cosignatures (witness_key, size, text, line) VALUES ($1, $2, $3, $4)
     ON CONFLICT (witness_key) DO UPDATE SET size = excluded.size, text = excluded.text, line = excluded.line`,
    [witnessKey, size, text, line],
  );
}
