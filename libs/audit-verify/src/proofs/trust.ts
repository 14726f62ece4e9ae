import { toHex } from '../bytes/bytes.js';
import { ProofError } from '../faults/proof-error.js';
import { type Checkpoint, parseCheckpoint } from '../notes/checkpoint.js';
import { parseNote, type VerifiedSignature, verifyNote } from '../notes/signed-note.js';
import type { VerifierKey } from '../notes/verifier-key.js';

/** Whom somebody believes, which no proof can say of itself. */
export interface Trust {
  /** Of the log, by its origin: one of them must have signed. */
  readonly logKeys: readonly VerifierKey[];
  readonly witnessKeys: readonly VerifierKey[];
  /** How many witnesses must have cosigned. */
  readonly witnessesMin: number;
  /**
   * Hashes of blocks that somebody knows to be of their chain, in lower case with 0x. Where they are told, each entry of a bundle must be proved by
   * one of them; absent: by the log alone is enough.
   */
  readonly blocks?: readonly string[];
}

export interface TrustedCheckpoint extends Checkpoint {
  readonly signatures: readonly VerifiedSignature[];
}

/**
 * A checkpoint that the log signed, and enough witnesses.
 * @throws ProofError MALFORMED, FORGED, OTHER_LOG, UNTRUSTED
 */
export function trustCheckpoint(note: Uint8Array | string, trust: Trust): TrustedCheckpoint {
  const parsed = parseNote(note);
  const checkpoint = parseCheckpoint(parsed.text);
  const ofLog = trust.logKeys.filter(({ name }) => name === checkpoint.origin);
  if (ofLog.length === 0)
    throw new ProofError(
      'OTHER_LOG',
      'The checkpoint is of a log that no trusted key is of',
      checkpoint.origin,
    );
  const signatures = verifyNote(parsed, [...ofLog, ...trust.witnessKeys]);
  if (!signatures.some(({ cosignedAt, key }) => cosignedAt === null && ofLog.includes(key)))
    throw new ProofError('UNTRUSTED', 'No trusted key of the log signed the checkpoint', checkpoint.origin);
  const witnesses = countWitnesses(signatures, trust.witnessKeys);
  if (witnesses < trust.witnessesMin) {
    const message = `${witnesses} trusted witnesses cosigned, ${trust.witnessesMin} are needed`;
    throw new ProofError('UNTRUSTED', message, checkpoint.origin);
  }
  return { ...checkpoint, signatures };
}

/** By their keys: one that has two names signs once. */
function countWitnesses(signatures: readonly VerifiedSignature[], known: readonly VerifierKey[]): number {
  const cosigned = signatures.filter(({ cosignedAt, key }) => cosignedAt !== null && known.includes(key));
  return new Set(cosigned.map(({ key }) => toHex(key.publicKey))).size;
}
