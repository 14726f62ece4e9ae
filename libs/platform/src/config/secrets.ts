import { ConfigError } from './config-error.js';
import { type Environment, read, type Variable } from './variables.js';

/** Secrets that come with the program, so that they keep nothing secret. Production refuses them. */
const DEVELOPMENT = {
  JWT_SECRET: 'development-only-secret-not-for-production',
  /** The second of the well-known development accounts; the embedded chain funds it. */
  RELAYER_PRIVATE_KEY: '0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d',
  PERSONAL_DATA_KEY: 'YWJsYW5kIGRldmVsb3BtZW50IG9ubHksIG5vIHNlY3I=',
} as const satisfies Partial<Record<Variable, string>>;

type Secret = keyof typeof DEVELOPMENT;

/** @throws ConfigError where production would run with what everybody knows */
export function secret(env: Environment, name: Secret): string {
  const value = read(env, name) ?? DEVELOPMENT[name];
  if (value === DEVELOPMENT[name] && read(env, 'NODE_ENV') === 'production') {
    throw new ConfigError(name, 'must be set in production: the built-in one is public');
  }
  return value;
}

/** Whether it is the one that comes with the program. */
export const isBuiltIn = (name: Secret, value: string): boolean => value === DEVELOPMENT[name];
