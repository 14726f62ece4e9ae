import { z } from 'zod';

/** Comes with the program, so that it keeps nothing secret. Production refuses it. */
export const DEVELOPMENT_MASTER_KEY = 'YWJsYW5kIGRldmVsb3BtZW50IG9ubHksIG5vIHNlY3I=';

/** How the keys that personal data is encrypted with are themselves kept. */
export interface PersonalDataConfig {
  /** Of 32 bytes each: the first wraps persons' keys, the others only unwrap what they wrapped before a rotation. */
  readonly masterKeys: readonly Uint8Array[];
  /** No key was named: an embedded system makes one of its own. */
  readonly builtIn: boolean;
  /** Where persons' keys are; null: in the main database, in a schema of their own. */
  readonly keysUrl: string | null;
}

/** 32 bytes in base64. */
export const masterKey = z
  .string()
  .regex(/^[A-Za-z0-9+/]{43}=$/, 'must be 32 bytes in base64: `openssl rand -base64 32` makes one');

export interface PersonalDataVariables {
  readonly PERSONAL_DATA_KEY: string;
  readonly PERSONAL_DATA_OLD_KEYS?: readonly string[] | undefined;
  readonly PERSONAL_KEYS_URL?: string | undefined;
}

export function personalDataConfig(values: PersonalDataVariables): PersonalDataConfig {
  const keys = [values.PERSONAL_DATA_KEY, ...(values.PERSONAL_DATA_OLD_KEYS ?? [])];
  return {
    masterKeys: keys.map((key) => new Uint8Array(Buffer.from(key, 'base64'))),
    builtIn: values.PERSONAL_DATA_KEY === DEVELOPMENT_MASTER_KEY,
    keysUrl: values.PERSONAL_KEYS_URL ?? null,
  };
}
