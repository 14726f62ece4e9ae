import { fromBase64, toBase64 } from '../bytes/base64.js';
import { areEqual, concatenated, fromUtf8, toUtf8 } from '../bytes/bytes.js';
import { malformed, ProofError } from '../faults/proof-error.js';
import { cosignedMessage, decodeCosignature } from './cosignature.js';
import { isKeyName, isSignedBy, type VerifierKey } from './verifier-key.js';

/** One line of a note, not yet believed. */
export interface NoteSignature {
  readonly name: string;
  readonly keyId: Uint8Array;
  readonly signature: Uint8Array;
}

export interface SignedNote {
  /** With its last newline, which is signed too. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** A signature that verified. */
export interface VerifiedSignature {
  readonly key: VerifierKey;
  /** When the witness saw it, in seconds since the epoch; null of a log's own signature. */
  readonly cosignedAt: number | null;
}

const NOTE_BYTES_MAX = 1_000_000;
const SIGNATURES_MAX = 100;
const KEY_ID_BYTES = 4;
const LINE = /^\u2014 (\S+) (\S+)$/u;
// eslint-disable-next-line no-control-regex -- what must not be in a note
const CONTROL = /[\u0000-\u0009\u000b-\u001f]/;

/** C2SP signed-note. @throws ProofError MALFORMED */
export function parseNote(bytes: Uint8Array | string): SignedNote {
  const note = typeof bytes === 'string' ? bytes : fromUtf8(bytes, 'note');
  if (note.length > NOTE_BYTES_MAX) throw malformed('The note is too long', 'note');
  if (CONTROL.test(note) || !note.isWellFormed())
    throw malformed('The note has a character that none may have', 'note');
  const end = note.lastIndexOf('\n\n');
  if (end === -1 || !note.endsWith('\n') || end + 2 === note.length)
    throw malformed('The note has no signatures', 'note');
  const lines = note.slice(end + 2, -1).split('\n');
  if (lines.length > SIGNATURES_MAX) throw malformed('The note has too many signatures', 'note');
  return { text: note.slice(0, end + 1), signatures: lines.map(parseSignature) };
}

export function formatNote({ signatures, text }: SignedNote): string {
  return `${text}\n${signatures.map(formatSignature).join('')}`;
}

export function parseSignature(line: string): NoteSignature {
  const [, name = '', encoded = ''] = LINE.exec(line) ?? [];
  const bytes = fromBase64(encoded, 'signature');
  if (!isKeyName(name) || bytes.length <= KEY_ID_BYTES) throw malformed('Not a signature line', 'signature');
  return { name, keyId: bytes.slice(0, KEY_ID_BYTES), signature: bytes.slice(KEY_ID_BYTES) };
}

export const formatSignature = ({ keyId, name, signature }: NoteSignature): string =>
  `\u2014 ${name} ${toBase64(concatenated(keyId, signature))}\n`;

/**
 * The signatures of a note by keys that are known. Those by others are passed over; one that names a known key and does not verify
 * makes the whole note a forgery.
 * @throws ProofError FORGED, MALFORMED
 */
export function verifyNote(
  { signatures, text }: SignedNote,
  keys: readonly VerifierKey[],
): readonly VerifiedSignature[] {
  const verified = new Map<VerifierKey, VerifiedSignature>();
  for (const line of signatures) {
    const key = keys.find(({ id, name }) => name === line.name && areEqual(id, line.keyId));
    if (key !== undefined && !verified.has(key)) verified.set(key, verifySignature(text, line, key));
  }
  return [...verified.values()];
}

function verifySignature(text: string, line: NoteSignature, key: VerifierKey): VerifiedSignature {
  if (key.type === 'ED25519') {
    if (isSignedBy(key, toUtf8(text), line.signature)) return { key, cosignedAt: null };
  } else {
    const { ed25519, timestamp } = decodeCosignature(line.signature);
    if (isSignedBy(key, cosignedMessage(text, timestamp), ed25519)) return { key, cosignedAt: timestamp };
  }
  throw new ProofError('FORGED', 'A signature does not verify', key.name);
}
