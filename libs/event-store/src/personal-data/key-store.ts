import { randomBytes } from 'node:crypto';
import { PersonalDataErasedError } from './personal-data-errors.js';

/** Keys of persons, kept outside the log. A person is named by an opaque subject, an address say. */
export interface KeyStore {
  /** The person's key, made at first use. @throws PersonalDataErasedError after it was erased. */
  obtain(subject: string): Promise<Buffer>;
  /** Null where there is none, erased or never made. */
  find(subject: string): Promise<Buffer | null>;
  /** Destroys the key for good; safe to repeat. */
  erase(subject: string): Promise<void>;
}

export const KEY_BYTES = 32;

export class MemoryKeyStore implements KeyStore {
  private readonly keys = new Map<string, Buffer | null>();

  async obtain(subject: string): Promise<Buffer> {
    const known = this.keys.get(subject);
    if (known === null) throw new PersonalDataErasedError('The key of this person was erased', { subject });
    const key = known ?? randomBytes(KEY_BYTES);
    this.keys.set(subject, key);
    return key;
  }

  async find(subject: string): Promise<Buffer | null> {
    return this.keys.get(subject) ?? null;
  }

  async erase(subject: string): Promise<void> {
    this.keys.set(subject, null);
  }
}
