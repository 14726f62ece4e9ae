import { fromBase64, HASH_BYTES, malformed, toBase64 } from '@abland/audit-verify';

/** What a witness is asked with: C2SP tlog-witness, add-checkpoint. */
export interface AddCheckpoint {
  /** Of the newest tree that it cosigned; 0 where it did none. */
  readonly oldSize: number;
  /** That the tree of that size is the beginning of the checkpoint's. */
  readonly proof: readonly Uint8Array[];
  /** A signed note. */
  readonly checkpoint: string;
}

/** A tree with more levels has more leaves than can be counted. */
const PROOF_MAX = 63;

export const formatAddCheckpoint = ({ checkpoint, oldSize, proof }: AddCheckpoint): string =>
  [`old ${oldSize}`, ...proof.map(toBase64), '', checkpoint].join('\n');

/** @throws ProofError MALFORMED */
export function parseAddCheckpoint(body: string): AddCheckpoint {
  const end = body.indexOf('\n\n');
  const [old = '', ...proof] = body.slice(0, Math.max(0, end)).split('\n');
  if (!old.startsWith('old ') || proof.length > PROOF_MAX) throw malformed('Not a request', 'old');
  return {
    oldSize: parseTreeSize(`${old.slice('old '.length)}\n`),
    proof: proof.map((line, at) => {
      const hash = fromBase64(line, `proof ${at}`);
      if (hash.length !== HASH_BYTES) throw malformed('A hash has 32 bytes', `proof ${at}`);
      return hash;
    }),
    checkpoint: body.slice(end + 2),
  };
}

/** What a witness answers that cosigned a tree of another size than it was asked with. */
export const TREE_SIZE_TYPE = 'text/x.tlog.size';

/** A line. @throws ProofError MALFORMED */
export function parseTreeSize(body: string): number {
  const [, digits] = /^(0|[1-9][0-9]{0,15})\n$/.exec(body) ?? [];
  const size = Number(digits);
  if (!Number.isSafeInteger(size)) throw malformed('Not the size of a tree', 'size');
  return size;
}
