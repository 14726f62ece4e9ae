import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import {
  type Checkpoint,
  cosignedMessage,
  formatCheckpoint,
  formatNote,
  formatVerifierKey,
  type NoteSignature,
  type SignatureType,
  toUtf8,
  type VerifierKey,
  verifierKey,
  encodeCosignature,
} from '@abland/audit-verify';

/** Signs with one Ed25519 key in one name. */
export class NoteSigner {
  readonly key: VerifierKey;
  private readonly privateKey: KeyObject;

  /** @param seed RFC 8032's private key, 32 bytes */
  constructor(name: string, seed: Uint8Array, type: SignatureType = 'ED25519') {
    this.privateKey = privateKeyOf(seed);
    this.key = verifierKey(name, type, publicKeyOf(this.privateKey));
  }

  /** @param text a note's, with its last newline */
  sign(text: string): NoteSignature {
    return this.signed(sign(null, toUtf8(text), this.privateKey));
  }

  /** As a witness that saw a checkpoint. @param seconds since the epoch */
  cosign(text: string, seconds: number): NoteSignature {
    const ed25519 = sign(null, cosignedMessage(text, seconds), this.privateKey);
    return this.signed(encodeCosignature(seconds, ed25519));
  }

  private signed(signature: Uint8Array): NoteSignature {
    return { name: this.key.name, keyId: this.key.id, signature };
  }
}

/** The log's keys: the first is the one that stays, the others sign too while those who know only them learn of it. */
export class LogSigner {
  private readonly signers: readonly NoteSigner[];

  /** @param origin names the log, for good; its keys have the same name */
  constructor(
    readonly origin: string,
    seeds: readonly Uint8Array[],
  ) {
    this.signers = seeds.map((seed) => new NoteSigner(origin, seed));
  }

  /** A line each. */
  get verifierKeys(): string {
    return this.signers.map(({ key }) => `${formatVerifierKey(key)}\n`).join('');
  }

  /** A signed note. */
  checkpoint({ root, size }: Pick<Checkpoint, 'root' | 'size'>): string {
    const text = formatCheckpoint({ origin: this.origin, size, root, extensions: [] });
    return formatNote({ text, signatures: this.signers.map((signer) => signer.sign(text)) });
  }

  /** Another text as a signed note, by the key that stays. @param text with its last newline; it must begin as no checkpoint does */
  signed(text: string): string {
    return formatNote({ text, signatures: this.signers.slice(0, 1).map((signer) => signer.sign(text)) });
  }
}

/** Before the seed in PKCS #8: RFC 8410, section 7. */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const PUBLIC_KEY_BYTES = 32;

const privateKeyOf = (seed: Uint8Array): KeyObject =>
  createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });

const publicKeyOf = (key: KeyObject): Uint8Array =>
  new Uint8Array(createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-PUBLIC_KEY_BYTES));
