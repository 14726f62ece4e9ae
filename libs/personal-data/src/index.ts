export { type KeyEraser, type KeyStore, MemoryKeyStore } from './key-store.js';
export { openKeyEraser, type OpenKeys, openPersonalKeys } from './open-personal-keys.js';
export { isSealed, PersonalDataCipher, type PlacedText } from './personal-data-cipher.js';
export {
  MasterKeyUnknownError,
  PersonalDataDamagedError,
  PersonalDataErasedError,
  PersonalKeysUnavailableError,
} from './errors.js';
export { ERASED, personalDataCodec } from './personal-data-codec.js';
export { CATALOGUED_PERSONAL_DATA, type PersonalDataRules } from './personal-data-rules.js';
export { PERSONAL_KEYS_MIGRATIONS, type PostgresKeyStore } from './postgres-key-store.js';
