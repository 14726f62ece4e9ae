import { isBuiltIn, secret } from './secrets.js';
import { type Environment, read } from './variables.js';

/** What the keys that personal data is encrypted with are themselves wrapped with. */
export interface PersonalDataConfig {
  /** Of 32 bytes each: the first wraps persons' keys, the others only unwrap what they wrapped before a rotation. */
  readonly masterKeys: readonly Uint8Array[];
  /** No key was named: an embedded system makes one of its own. */
  readonly builtIn: boolean;
}

/** @throws ConfigError */
export function personalData(env: Environment): PersonalDataConfig {
  const current = secret(env, 'PERSONAL_DATA_KEY');
  const keys = [current, ...(read(env, 'PERSONAL_DATA_OLD_KEYS') ?? [])];
  return {
    masterKeys: keys.map((key) => new Uint8Array(Buffer.from(key, 'base64'))),
    builtIn: isBuiltIn('PERSONAL_DATA_KEY', current),
  };
}
