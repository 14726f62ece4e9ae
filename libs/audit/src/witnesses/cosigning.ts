import {
  formatNote,
  formatVerifierKey,
  parseNote,
  parseSignature,
  type NoteSignature,
  type VerifierKey,
  verifyNote,
} from '@abland/audit-verify';
import { holdLease, inTransaction, type Lease } from '@abland/postgres';
import type pg from 'pg';
import {
  lockCosignatures,
  publish,
  endPublishing,
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

/** Who alone says what is served, for as long as the lease is held. */
export interface Cosigner {
  readonly pool: pg.Pool;
  readonly lease: Lease;
}

export interface ToCosign {
  /** The newest checkpoint; null before the first event was hashed. */
  readonly newest: StoredTree | null;
  /** Whether it is served from now on though nobody's cosignature was counted, as nothing was served for witnesses before. */
  readonly isFirst: boolean;
}

/** Begins to serve what witnesses cosign. @throws LeaseLostError */
export const beginPublishing = (cosigner: Cosigner): Promise<ToCosign> =>
  asCosigner(cosigner, async (db) => {
    const isFirst = await publishFirst(db);
    return { newest: await readTree(db), isFirst };
  });

/** Where no witness is asked any more: the newest checkpoint is served again. @throws LeaseLostError */
export const serveNewest = (cosigner: Cosigner): Promise<void> => asCosigner(cosigner, endPublishing);

/**
 * Keeps what a witness signed of a checkpoint, and serves the checkpoint where enough have signed it by then.
 * @param signed null: there is nothing new, and what was kept may be enough
 * @returns keys of those that signed it
 * @throws LeaseLostError
 */
export function keepCosignature(
  cosigner: Cosigner,
  candidate: StoredTree,
  policy: WitnessPolicy,
  signed: Pick<StoredCosignature, 'witnessKey' | 'line'> | null,
): Promise<readonly string[]> {
  return asCosigner(cosigner, async (db) => {
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

const asCosigner = <T>({ lease, pool }: Cosigner, work: (db: pg.ClientBase) => Promise<T>): Promise<T> =>
  inTransaction(pool, async (db) => {
    await holdLease(db, lease);
    return work(db);
  });

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
