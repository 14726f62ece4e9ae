import { ConfigError } from './config-error.js';
import { developmentKeys } from './development-keys.js';
import { type Environment, read, type Variable } from './variables.js';

/** Secrets that come with the program, so that they keep nothing secret: for a system whose parts are all embedded. */
const DEVELOPMENT = {
  JWT_SECRET: 'development-only-secret-not-for-production',
  /** The second of the well-known development accounts; the embedded chain funds it. */
  RELAYER_PRIVATE_KEY: '0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d',
  PERSONAL_DATA_KEY: 'YWJsYW5kIGRldmVsb3BtZW50IG9ubHksIG5vIHNlY3I=',
} as const satisfies Partial<Record<Variable, string>>;

/** Each names a part that lies elsewhere, where others than a developer may use it. */
const EXTERNAL_PARTS = [
  'DATABASE_URL',
  'DATABASE_READ_URL',
  'PERSONAL_KEYS_URL',
  'EVENTSTORE_URL',
  'CHAIN_RPC_URLS',
  'CHAINS_FILE',
  'KAFKA_BROKERS',
  'REDIS_URL',
  'IPFS_API_URL',
] as const satisfies readonly Variable[];

type Secret = keyof typeof DEVELOPMENT;

/** With which parts elsewhere the built-in secret would be used. */
const REFUSED_WITH: Readonly<Record<Secret, readonly (typeof EXTERNAL_PARTS)[number][]>> = {
  JWT_SECRET: EXTERNAL_PARTS,
  RELAYER_PRIVATE_KEY: EXTERNAL_PARTS,
  // On the embedded database a key of the data folder's own takes its place.
  PERSONAL_DATA_KEY: ['DATABASE_URL'],
};

/** @throws ConfigError where production, or anything with a part that is not embedded, would run with what everybody knows */
export function secret(env: Environment, name: Secret): string {
  const value = read(env, name) ?? DEVELOPMENT[name];
  const isProduction = read(env, 'NODE_ENV') === 'production';
  if (!isBuiltIn(name, value)) {
    if (name === 'RELAYER_PRIVATE_KEY' && isProduction) refuseDevelopmentKey(name, value);
    return value;
  }
  const reason = 'the built-in one is public';
  if (isProduction) throw new ConfigError(name, `must be set in production: ${reason}`);
  const external = REFUSED_WITH[name].find((part) => read(env, part) !== undefined);
  if (external !== undefined) throw new ConfigError(name, `must be set when ${external} is given: ${reason}`);
  return value;
}

/** A development chain elsewhere may be used with any of its accounts; in production everybody could spend what this one has. */
function refuseDevelopmentKey(name: Variable, key: string): void {
  if (developmentKeys().has(BigInt(key)))
    throw new ConfigError(
      name,
      'must be another in production: it is the key of a public development account',
    );
}

/** What a secret is, however it is spelled: hexadecimal has two cases, and the last digit of base64 has bits that say nothing. */
const MEANING: Readonly<Record<Secret, (value: string) => string>> = {
  JWT_SECRET: (value) => value.trim().toLowerCase(),
  RELAYER_PRIVATE_KEY: (value) => BigInt(value).toString(),
  PERSONAL_DATA_KEY: (value) => Buffer.from(value, 'base64').toString('hex'),
};

/** Whether it is the one that comes with the program. */
export const isBuiltIn = (name: Secret, value: string): boolean =>
  MEANING[name](value) === MEANING[name](DEVELOPMENT[name]);
