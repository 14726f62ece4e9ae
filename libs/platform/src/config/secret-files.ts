import { ConfigError } from './config-error.js';
import { textOfNamedFile } from './named-file.js';

/** What a program was started with: nothing of it is read but by name, and each name only by who needs it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Variables that hold a secret, URLs with a password or a provider's key among them: each may be given as `<name>_FILE`. */
export const SECRET_VARIABLES = [
  'DATABASE_URL',
  'DATABASE_READ_URL',
  'PERSONAL_KEYS_URL',
  'EVENTSTORE_URL',
  'REDIS_URL',
  'KAFKA_SASL_PASSWORD',
  'CHAIN_RPC_URLS',
  'RELAYER_PRIVATE_KEY',
  'RELAYER_PRIVATE_KEYS',
  'ANCHOR_PRIVATE_KEY',
  'DEMO_FUNDING_KEY',
  'JWT_SECRET',
  'JWT_OTHER_SECRETS',
  'LOG_SIGNING_KEY',
  'LOG_SIGNING_OLD_KEYS',
  'PERSONAL_DATA_KEY',
  'PERSONAL_DATA_OLD_KEYS',
  'DEPLOYER_PRIVATE_KEY',
] as const;

const SECRETS: ReadonlySet<string> = new Set(SECRET_VARIABLES);

/** A variable's text, and the name that it was given by: its own, or that of its file. */
export interface GivenText {
  readonly name: string;
  readonly text: string | undefined;
}

/** What files held when they were first read: a start goes by one state of each, whatever is rotated meanwhile. */
const readBefore = new WeakMap<Environment, Map<string, string>>();

/**
 * The text of a variable, its own or that of the file which `<name>_FILE` names where it holds a secret; without the line's end that
 * editors put there. Empty is as good as absent, but for a file.
 * @throws ConfigError that names the variable, never what it holds
 */
export function givenText(env: Environment, name: string): GivenText {
  const own = env[name] === '' ? undefined : env[name];
  const fileVariable = `${name}_FILE`;
  const file = SECRETS.has(name) ? env[fileVariable] : undefined;
  if (file === undefined || file === '') return { name, text: own };
  if (own !== undefined)
    throw new ConfigError(fileVariable, `must not be given beside ${name}: set one of them`);
  return { name: fileVariable, text: textOfSecret(env, fileVariable, file) };
}

function textOfSecret(env: Environment, variable: string, file: string): string {
  const texts = readBefore.get(env) ?? new Map<string, string>();
  readBefore.set(env, texts);
  const known = texts.get(variable);
  if (known !== undefined) return known;
  const wrong = (problem: string): ConfigError =>
    new ConfigError(variable, `must name a file with the secret in it: ${problem}`);
  const text = textOfNamedFile(file, wrong).replace(/\r?\n$/, '');
  if (text === '') throw wrong('it is empty');
  texts.set(variable, text);
  return text;
}

/** Whether it is given at all, by itself or by a file. */
export const isGiven = (env: Environment, name: string): boolean =>
  (env[name] ?? '') !== '' || (SECRETS.has(name) && (env[`${name}_FILE`] ?? '') !== '');
