import { ed25519 } from '@noble/curves/ed25519';
import { fromBase64, toBase64 } from '../bytes/base64.js';
import { concatenated, toHex, toUtf8 } from '../bytes/bytes.js';
import { malformed } from '../faults/proof-error.js';
import { PORTABLE_HASHER } from '../merkle/tree-hasher.js';

/** Signature types of C2SP signed-note: a log signs notes with ED25519, a witness cosigns checkpoints. */
export const SIGNATURE_TYPES = { ED25519: 0x01, COSIGNATURE: 0x04 } as const;
export type SignatureType = keyof typeof SIGNATURE_TYPES;

/** Whose signatures can be told: C2SP signed-note, verifier keys. */
export interface VerifierKey {
  readonly name: string;
  /** Four bytes, big-endian, as they begin each signature. */
  readonly id: Uint8Array;
  readonly type: SignatureType;
  readonly publicKey: Uint8Array;
}

const PUBLIC_KEY_BYTES = 32;
const ID_BYTES = 4;
/** Of a name that a signature line can carry. `\s` is Unicode's White_Space but for U+0085, and has U+FEFF besides. */
// eslint-disable-next-line no-control-regex -- what must not be in a note
const NAME = /^[^\s+\u0085\u0000-\u001f]+$/u;

export const isKeyName = (name: string): boolean => NAME.test(name);

export function verifierKey(name: string, type: SignatureType, publicKey: Uint8Array): VerifierKey {
  if (!isKeyName(name)) throw malformed('A key name is not empty and has no blanks and no plus sign', name);
  if (publicKey.length !== PUBLIC_KEY_BYTES) throw malformed('A public key of Ed25519 has 32 bytes', name);
  const named = concatenated(toUtf8(`${name}\n`), typed(type, publicKey));
  const id = PORTABLE_HASHER.sha256(named).slice(0, ID_BYTES);
  return { name, id, type, publicKey };
}

export const formatVerifierKey = ({ id, name, publicKey, type }: VerifierKey): string =>
  `${name}+${toHex(id)}+${toBase64(typed(type, publicKey))}`;

/** Of one line without its end. @throws ProofError MALFORMED */
export function parseVerifierKey(text: string): VerifierKey {
  const [name = '', id, ...rest] = text.split('+');
  const encoded = fromBase64(rest.join('+'), 'verifier key');
  const type = typeOf(encoded[0]);
  if (type === null) throw malformed('The verifier key is of no kind that is known here', name);
  const key = verifierKey(name, type, encoded.slice(1));
  if (toHex(key.id) !== id) throw malformed('The verifier key does not have the id that it names', name);
  return key;
}

/** Whether a key made a signature of a message, as RFC 8032 says it strictly. */
export function isSignedBy(key: VerifierKey, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    return ed25519.verify(signature, message, key.publicKey, { zip215: false });
  } catch {
    return false; // no point of the curve, or no signature by its length
  }
}

const typed = (type: SignatureType, publicKey: Uint8Array): Uint8Array =>
  concatenated(Uint8Array.of(SIGNATURE_TYPES[type]), publicKey);

function typeOf(byte: number | undefined): SignatureType | null {
  const types = Object.keys(SIGNATURE_TYPES) as readonly SignatureType[];
  return types.find((type) => SIGNATURE_TYPES[type] === byte) ?? null;
}
