import { ConfigError } from './config-error.js';
import { developmentKeys } from './development-keys.js';
import { isReachedHereAlone } from './public-url.js';
import { type Environment, read, type Variable } from './variables.js';

/** Secrets that come with the program, so that they keep nothing secret: for a system whose parts are all embedded, of one machine. */
const DEVELOPMENT = {
  JWT_SECRET: 'development-only-secret-not-for-production',
  /** The second of the well-known development accounts; the embedded chain funds it. */
  RELAYER_PRIVATE_KEY: '0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d',
  LOG_SIGNING_KEY: 'YWJsYW5kIGRldmVsb3BtZW50IGxvZyBzaWduYXR1cmU=',
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

/** Whether nothing of the system is for others than a developer at its machine. */
export const isOneDevelopers = (env: Environment): boolean =>
  read(env, 'NODE_ENV') !== 'production' &&
  EXTERNAL_PARTS.every((part) => read(env, part) === undefined) &&
  isReachedHereAlone(env);

type Secret = keyof typeof DEVELOPMENT;

/** With which parts elsewhere the built-in secret would be used. */
const REFUSED_WITH: Readonly<Record<Secret, readonly (typeof EXTERNAL_PARTS)[number][]>> = {
  JWT_SECRET: EXTERNAL_PARTS,
  RELAYER_PRIVATE_KEY: EXTERNAL_PARTS,
  LOG_SIGNING_KEY: EXTERNAL_PARTS,
  // On the embedded database a key of the data folder's own takes its place.
  PERSONAL_DATA_KEY: ['DATABASE_URL'],
};

/** @throws ConfigError where production, or what others reach or have a part of, would run with what everybody knows */
export function secret(env: Environment, name: Exclude<Secret, 'RELAYER_PRIVATE_KEY'>): string {
  const value = read(env, name) ?? DEVELOPMENT[name];
  if (isBuiltIn(name, value)) refuseBuiltIn(env, name, name);
  return value;
}

/**
 * Of the accounts that pay for relayed commands: those of RELAYER_PRIVATE_KEYS in their order, or the one of RELAYER_PRIVATE_KEY.
 * @throws ConfigError that names the variable, and the place in it, never the key
 */
export function relayerPrivateKeys(env: Environment): readonly string[] {
  const [one, several] = [read(env, 'RELAYER_PRIVATE_KEY'), read(env, 'RELAYER_PRIVATE_KEYS')];
  if (one !== undefined && several !== undefined)
    throw new ConfigError(
      'RELAYER_PRIVATE_KEYS',
      'must not be given beside RELAYER_PRIVATE_KEY: put that key into it',
    );
  const name = several === undefined ? 'RELAYER_PRIVATE_KEY' : 'RELAYER_PRIVATE_KEYS';
  const keys = several ?? [one ?? DEVELOPMENT.RELAYER_PRIVATE_KEY];
  refuseEqualKeys(name, keys);
  if (keys.some((key) => isBuiltIn('RELAYER_PRIVATE_KEY', key)))
    refuseBuiltIn(env, 'RELAYER_PRIVATE_KEY', name);
  if (read(env, 'NODE_ENV') === 'production') refuseDevelopmentKeys(name, keys);
  return keys;
}

/** @param given the variable that it was given in */
function refuseBuiltIn(env: Environment, name: Secret, given: Variable): void {
  const reason = 'the built-in one is public';
  if (read(env, 'NODE_ENV') === 'production')
    throw new ConfigError(given, `must be set in production: ${reason}`);
  const external = REFUSED_WITH[name].find((part) => read(env, part) !== undefined);
  if (external !== undefined)
    throw new ConfigError(given, `must be set when ${external} is given: ${reason}`);
  if (name !== 'PERSONAL_DATA_KEY' && !isReachedHereAlone(env))
    throw new ConfigError(given, `must be set when PUBLIC_URL is not of this machine: ${reason}`);
}

/** Two senders of one account would take each other's nonces. */
function refuseEqualKeys(name: Variable, keys: readonly string[]): void {
  const numbers = keys.map((key) => BigInt(key));
  const again = numbers.findIndex((number, index) => numbers.indexOf(number) < index);
  if (again === -1) return;
  const first = numbers.indexOf(numbers[again] ?? 0n);
  throw new ConfigError(name, `must hold different keys: number ${again + 1} is number ${first + 1} again`);
}

/** A development chain elsewhere may be used with any of its accounts; in production everybody could spend what they have. */
export function refuseDevelopmentKeys(name: Variable, keys: readonly string[]): void {
  const known = developmentKeys();
  if (keys.some((key) => known.has(BigInt(key))))
    throw new ConfigError(
      name,
      'must be another in production: it is the key of a public development account',
    );
}

/** What a secret is, however it is spelled: hexadecimal has two cases, and the last digit of base64 has bits that say nothing. */
const MEANING: Readonly<Record<Secret, (value: string) => string>> = {
  JWT_SECRET: (value) => value.trim().toLowerCase(),
  RELAYER_PRIVATE_KEY: (value) => BigInt(value).toString(),
  LOG_SIGNING_KEY: (value) => Buffer.from(value, 'base64').toString('hex'),
  PERSONAL_DATA_KEY: (value) => Buffer.from(value, 'base64').toString('hex'),
};

/** Whether it is the one that comes with the program. */
export const isBuiltIn = (name: Secret, value: string): boolean =>
  MEANING[name](value) === MEANING[name](DEVELOPMENT[name]);
