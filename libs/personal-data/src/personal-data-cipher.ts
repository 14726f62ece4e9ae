import type { SealedText } from '@abland/domain';
import { open, seal } from './aes-gcm.js';
import type { KeyStore } from './key-store.js';
import { PersonalDataDamagedError } from './errors.js';

/** Where a personal text stands in the log. Authenticated with it: moved elsewhere, it opens no more. */
export interface PersonalPlace {
  readonly stream: string;
  readonly eventId: string;
  readonly field: string;
}

export interface PlacedText<Text extends string | SealedText> {
  readonly place: PersonalPlace;
  readonly text: Text;
}

export function isSealed(value: unknown): value is SealedText {
  if (typeof value !== 'object' || value === null) return false;
  const { encryptedFor, value: text, ...rest } = value as Partial<SealedText>;
  return typeof encryptedFor === 'string' && typeof text === 'string' && Object.keys(rest).length === 0;
}

/** Seals texts with a key per person, and opens them as long as that key is there. */
export class PersonalDataCipher {
  constructor(private readonly keys: KeyStore) {}

  /** That keys can be had. @throws PersonalKeysUnavailableError */
  async requireKeys(): Promise<void> {
    await this.keys.findAll([NOBODY]);
  }

  /** @throws PersonalDataErasedError where the person's key was destroyed */
  async seal(subject: string, texts: readonly PlacedText<string>[]): Promise<readonly SealedText[]> {
    if (texts.length === 0) return [];
    const key = await this.keys.obtain(subject);
    const sealed = texts.map(({ place, text }) => ({
      encryptedFor: subject,
      value: seal(key, context(subject, place), Buffer.from(text, 'utf8')).toString('base64'),
    }));
    key.fill(0);
    return sealed;
  }

  /**
   * Null for each whose key is gone. The keys are fetched anew for each call.
   * @throws PersonalDataDamagedError where a text is not what was sealed for its place
   */
  async open(texts: readonly PlacedText<SealedText>[]): Promise<readonly (string | null)[]> {
    if (texts.length === 0) return [];
    const keys = await this.keys.findAll([...new Set(texts.map(({ text }) => text.encryptedFor))]);
    const opened = texts.map(({ place, text }) => openOne(keys.get(text.encryptedFor), place, text));
    for (const key of keys.values()) key.fill(0);
    return opened;
  }
}

/** Whom no key is of. */
const NOBODY = '';

function openOne(key: Buffer | undefined, place: PersonalPlace, text: SealedText): string | null {
  if (key === undefined) return null;
  try {
    const bytes = Buffer.from(text.value, 'base64');
    return open(key, context(text.encryptedFor, place), bytes).toString('utf8');
  } catch (cause) {
    throw new PersonalDataDamagedError('A personal text is damaged or out of its place', { ...place }, cause);
  }
}

const context = (subject: string, { stream, eventId, field }: PersonalPlace): readonly string[] => [
  'abland/text/1',
  subject,
  stream,
  eventId,
  field,
];
