import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** Of what is sealed here: one byte of format, 12 of nonce, the ciphertext, 16 of tag. */
const FORMAT = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const OVERHEAD_BYTES = 1 + NONCE_BYTES + TAG_BYTES;

/** AES-256-GCM under a fresh random nonce. @param context authenticated with the text, and needed to open it */
export function seal(key: Uint8Array, context: readonly string[], text: Uint8Array): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(authenticated(context));
  return Buffer.concat([
    Buffer.from([FORMAT]),
    nonce,
    cipher.update(text),
    cipher.final(),
    cipher.getAuthTag(),
  ]);
}

/** @throws Error where key, context or bytes are not those of the sealing */
export function open(key: Uint8Array, context: readonly string[], sealed: Buffer): Buffer {
  if (sealed.length < OVERHEAD_BYTES || sealed[0] !== FORMAT) throw new Error('Not sealed in a known format');
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, 1 + NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(authenticated(context)).setAuthTag(sealed.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(sealed.subarray(1 + NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
}

/** JSON, so that no two contexts read the same. */
const authenticated = (context: readonly string[]): Buffer => Buffer.from(JSON.stringify(context), 'utf8');
