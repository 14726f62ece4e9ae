import { createHash } from 'node:crypto';
import { open, seal } from './aes-gcm.js';
import { KEY_BYTES } from './key-store.js';
import { MasterKeyUnknownError, PersonalDataDamagedError } from './errors.js';

export interface WrappedKey {
  readonly masterKeyId: string;
  readonly wrapped: Buffer;
}

/**
 * The keys that persons' keys are wrapped with where they are stored, so that the stored keys alone open nothing. The first
 * wraps; the others only unwrap what they wrapped before a rotation.
 */
export class MasterKeys {
  private readonly byId: ReadonlyMap<string, Uint8Array>;
  /** Of the key that wraps. */
  readonly currentId: string;

  constructor(keys: readonly Uint8Array[]) {
    const [current] = keys;
    if (current === undefined || keys.some(({ length }) => length !== KEY_BYTES)) {
      throw new RangeError(`Master keys are one or more of ${KEY_BYTES} bytes each`);
    }
    this.currentId = idOf(current);
    this.byId = new Map(keys.map((key) => [idOf(key), key]));
  }

  get ids(): readonly string[] {
    return [...this.byId.keys()];
  }

  wrap(subject: string, key: Uint8Array): WrappedKey {
    const masterKeyId = this.currentId;
    return { masterKeyId, wrapped: seal(this.keyOf(masterKeyId), context(subject), key) };
  }

  /** @throws MasterKeyUnknownError, PersonalDataDamagedError */
  unwrap(subject: string, { masterKeyId, wrapped }: WrappedKey): Buffer {
    const master = this.keyOf(masterKeyId);
    try {
      return open(master, context(subject), wrapped);
    } catch (cause) {
      throw new PersonalDataDamagedError('The stored key of a person is damaged', { subject }, cause);
    }
  }

  private keyOf(id: string): Uint8Array {
    const key = this.byId.get(id);
    if (key === undefined) throw new MasterKeyUnknownError([id], this.ids);
    return key;
  }
}

const context = (subject: string): readonly string[] => ['abland/key/1', subject];

/** Tells keys apart and says nothing of them. */
const idOf = (key: Uint8Array): string =>
  createHash('sha256').update('abland/master-key/1').update(key).digest('hex').slice(0, 16);
