import {
  formatNote,
  formatVerifierKey,
  parseNote,
  parseSignature,
  type NoteSignature,
  type VerifierKey,
  verifyNote,
} from '@abland/audit-verify';
import { inTransaction } from '@abland/postgres';
import type pg from 'pg';
import {
  lockCosignatures,
  publish,
  publishFirst,
  readCosignatures,
  readPublished,
  type StoredCosignature,
  writeCosignature,
} from '../storage/cosignature-rows.js';
import { type Queryable, readTree, type StoredTree } from '../storage/tree-rows.js';

/** Who is asked, and how many of them must have cosigned what is served. */
export interface WitnessPolicy {
  readonly keys: readonly VerifierKey[];
  readonly needed: number;
}

/**
 * Begins to serve what witnesses cosign. @returns the newest checkpoint; null before the first event was hashed
 */
export async function newestToCosign(pool: pg.Pool): Promise<StoredTree | null> {
  await publishFirst(pool);
  return readTree(pool);
}

/**
 * Keeps what a witness signed of a checkpoint, and serves the checkpoint where enough have signed it by then.
 * @param signed null: there is nothing new, and what was kept may be enough
 * @returns keys of those that signed it
 */
export function keepCosignature(
  pool: pg.Pool,
  candidate: StoredTree,
  policy: WitnessPolicy,
  signed: Pick<StoredCosignature, 'witnessKey' | 'line'> | null,
): Promise<readonly string[]> {
  return inTransaction(pool, async (db) => {
    await lockCosignatures(db);
    const { text } = parseNote(candidate.checkpoint);
    if (signed !== null) await writeCosignature(db, { ...signed, size: candidate.size, text });
    const signatures = await cosignaturesOf(db, text, policy.keys);
    const witnessKeys = [...signatures.keys()].map(formatVerifierKey);
    if (signatures.size >= policy.needed) {
      const own = parseNote(candidate.checkpoint).signatures;
      const checkpoint = formatNote({ text, signatures: [...own, ...signatures.values()] });
      await publish(db, { ...candidate, checkpoint, witnessKeys });
    }
    return witnessKeys;
  });
}

/** All that is known of a text: what was kept, and what is served with it already. In the order of the keys. */
async function cosignaturesOf(
  db: Queryable,
  text: string,
  keys: readonly VerifierKey[],
): Promise<ReadonlyMap<VerifierKey, NoteSignature>> {
  const published = await readPublished(db);
  const served = published === null ? null : parseNote(published.checkpoint);
  const kept = (await readCosignatures(db)).filter((one) => one.text === text);
  const lines = [
    ...kept.map(({ line }) => parseSignature(line.trimEnd())),
    ...(served?.text === text ? served.signatures : []),
  ];
  const found = new Map<VerifierKey, NoteSignature>();
  for (const key of keys) {
    const own = lines.find((line) => isOf(text, line, key));
    if (own !== undefined) found.set(key, own);
  }
  return found;
}

const isOf = (text: string, line: NoteSignature, key: VerifierKey): boolean => {
  const [first] = line.name === key.name ? verifyNote({ text, signatures: [line] }, [key]) : [];
  return first !== undefined;
};
