import { randomBytes } from 'node:crypto';
import { PersonalDataErasedError } from './errors.js';

export const KEY_BYTES = 32;

/** Destroys keys; what needs no key itself. */
export interface KeyEraser {
  /** Destroys the key for good, and lets none be made in its place; safe to repeat. */
  erase(subject: string): Promise<void>;
}

/**
 * Keys of persons, kept outside the log. A subject is opaque here. Keys are fetched for each use and never kept by a process:
 * once a key is destroyed, no process reads with it any more. What is returned is the caller's to overwrite.
 */
export interface KeyStore extends KeyEraser {
  /** The subject's key, made at first use. @throws PersonalDataErasedError after it was destroyed. */
  obtain(subject: string): Promise<Buffer>;
  /** Those of the subjects' keys that there are: one that was destroyed or never made is missing. */
  findAll(subjects: readonly string[]): Promise<ReadonlyMap<string, Buffer>>;
}

export class MemoryKeyStore implements KeyStore {
  private readonly keys = new Map<string, Buffer | null>();

  async obtain(subject: string): Promise<Buffer> {
    const known = this.keys.get(subject);
    if (known === null) throw keyDestroyed(subject);
    const key = known ?? randomBytes(KEY_BYTES);
    this.keys.set(subject, key);
    return Buffer.from(key);
  }

  async findAll(subjects: readonly string[]): Promise<ReadonlyMap<string, Buffer>> {
    return new Map(
      subjects.flatMap((subject) => {
        const key = this.keys.get(subject) ?? null;
        return key === null ? [] : [[subject, Buffer.from(key)] as const];
      }),
    );
  }

  async erase(subject: string): Promise<void> {
    this.keys.set(subject, null);
  }
}

export const keyDestroyed = (subject: string): PersonalDataErasedError =>
  new PersonalDataErasedError('The key of this person was destroyed', { subject });
