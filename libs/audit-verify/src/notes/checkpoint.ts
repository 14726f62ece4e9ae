import { fromBase64, toBase64 } from '../bytes/base64.js';
import { fromDecimal } from '../bytes/decimal.js';
import { malformed } from '../faults/proof-error.js';
import type { TreeHead } from '../merkle/check-proof.js';
import { HASH_BYTES } from '../merkle/tree-hasher.js';

/** The text of a note that says how large a log is, and its root: C2SP tlog-checkpoint. */
export interface Checkpoint extends TreeHead {
  /** Names the log, for good. */
  readonly origin: string;
  readonly extensions: readonly string[];
}

export const formatCheckpoint = ({ extensions, origin, root, size }: Checkpoint): string =>
  [origin, size, toBase64(root), ...extensions].map((line) => `${line}\n`).join('');

/** @throws ProofError MALFORMED */
export function parseCheckpoint(text: string): Checkpoint {
  const [origin = '', size = '', root = '', ...rest] = text.split('\n');
  const extensions = rest.slice(0, -1);
  const isWhole = rest.at(-1) === '' && [origin, ...extensions].every((line) => line !== '');
  if (!isWhole) throw malformed('Not a checkpoint: three lines or more, none of them empty', 'checkpoint');
  const hash = fromBase64(root, 'checkpoint');
  if (hash.length !== HASH_BYTES) throw malformed('A root has 32 bytes', 'checkpoint');
  return { origin, size: fromDecimal(size, 'checkpoint'), root: hash, extensions };
}
