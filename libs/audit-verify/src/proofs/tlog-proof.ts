import { fromBase64, toBase64 } from '../bytes/base64.js';
import { fromUtf8 } from '../bytes/bytes.js';
import { fromDecimal } from '../bytes/decimal.js';
import { malformed } from '../faults/proof-error.js';
import { checkInclusion } from '../merkle/check-proof.js';
import { HASH_BYTES, PORTABLE_HASHER, type TreeHasher } from '../merkle/tree-hasher.js';
import { type Trust, trustCheckpoint, type TrustedCheckpoint } from './trust.js';

/** What proves offline that an entry is in a log: C2SP tlog-proof. */
export interface TlogProof {
  /** Nobody signs it: never believed. */
  readonly extra: Uint8Array | null;
  readonly index: number;
  readonly path: readonly Uint8Array[];
  /** A signed note. */
  readonly checkpoint: string;
}

const FIRST_LINE = 'c2sp.org/tlog-proof@v1';
/** A tree with more levels has more leaves than can be counted. */
const PATH_MAX = 64;

export function formatProof({ checkpoint, extra, index, path }: TlogProof): string {
  const lines = [
    FIRST_LINE,
    ...(extra === null ? [] : [`extra ${toBase64(extra)}`]),
    `index ${index}`,
    ...path.map(toBase64),
  ];
  return `${lines.join('\n')}\n\n${checkpoint}`;
}

/** @throws ProofError MALFORMED */
export function parseProof(bytes: Uint8Array | string): TlogProof {
  const text = typeof bytes === 'string' ? bytes : fromUtf8(bytes, 'proof');
  const end = text.indexOf('\n\n');
  const [first, ...rest] = text.slice(0, Math.max(0, end)).split('\n');
  if (first !== FIRST_LINE) throw malformed(`Not a proof: it does not begin with ${FIRST_LINE}`, 'proof');
  const extra = rest[0]?.startsWith('extra ') ? fromBase64(rest.shift()?.slice(6) ?? '', 'extra') : null;
  const [index = '', ...path] = rest;
  if (!index.startsWith('index ') || path.length > PATH_MAX) throw malformed('Not a proof', 'index');
  return {
    extra,
    index: fromDecimal(index.slice(6), 'index'),
    path: path.map((line, at) => hashOf(line, `path ${at}`)),
    checkpoint: text.slice(end + 2),
  };
}

function hashOf(line: string, at: string): Uint8Array {
  const hash = fromBase64(line, at);
  if (hash.length !== HASH_BYTES) throw malformed('A hash has 32 bytes', at);
  return hash;
}

/**
 * That an entry is in the log that somebody trusts.
 * @throws ProofError whatever is wrong with it
 */
export function verifyProof(
  proof: TlogProof,
  entry: Uint8Array,
  trust: Trust,
  hasher: TreeHasher = PORTABLE_HASHER,
): TrustedCheckpoint {
  const head = trustCheckpoint(proof.checkpoint, trust);
  checkInclusion({ index: proof.index, hash: hasher.leaf(entry) }, head, proof.path, hasher);
  return head;
}
