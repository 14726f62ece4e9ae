import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Json } from '@abland/kernel';
import type { KeyStore } from './key-store.js';
import { PersonalDataDamagedError } from './personal-data-errors.js';

/** What stands in an event in place of a personal value. */
export type EncryptedValue = {
  readonly encryptedFor: string;
  /** AES-256-GCM: 12 bytes of nonce, the ciphertext, 16 bytes of tag; base64. */
  readonly value: string;
};

/** What a reader gets in place of a value whose key was destroyed. */
export const ERASED = '[erased]';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export function isEncrypted(value: unknown): value is EncryptedValue {
  if (typeof value !== 'object' || value === null) return false;
  const { encryptedFor, value: text, ...rest } = value as Partial<EncryptedValue>;
  return typeof encryptedFor === 'string' && typeof text === 'string' && Object.keys(rest).length === 0;
}

/**
 * Encrypts with a key per person. The place (event id and field) is authenticated with the value, so that a value cannot be
 * moved to another event, field or person without being noticed.
 */
export class PersonalDataCipher {
  constructor(private readonly keys: KeyStore) {}

  async encrypt(subject: string, place: string, value: Json): Promise<EncryptedValue> {
    const key = await this.keys.obtain(subject);
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(authenticated(subject, place));
    const parts = [nonce, cipher.update(JSON.stringify(value), 'utf8'), cipher.final(), cipher.getAuthTag()];
    return { encryptedFor: subject, value: Buffer.concat(parts).toString('base64') };
  }

  /** ERASED where the key is gone. @throws PersonalDataDamagedError where the value is not what was encrypted for this place. */
  async decrypt({ encryptedFor, value }: EncryptedValue, place: string): Promise<Json> {
    const key = await this.keys.find(encryptedFor);
    if (key === null) return ERASED;
    const bytes = Buffer.from(value, 'base64');
    try {
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(authenticated(encryptedFor, place)).setAuthTag(bytes.subarray(-TAG_BYTES));
      const text = Buffer.concat([
        decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)),
        decipher.final(),
      ]);
      return JSON.parse(text.toString('utf8')) as Json;
    } catch (cause) {
      throw new PersonalDataDamagedError('Encrypted personal data is damaged', { place }, cause);
    }
  }
}

const authenticated = (subject: string, place: string): Buffer => Buffer.from(`${subject}\n${place}`, 'utf8');
