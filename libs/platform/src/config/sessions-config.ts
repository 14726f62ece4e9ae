import { ConfigError } from './config-error.js';
import { isBuiltIn, isOneDevelopers, secret } from './secrets.js';
import { type Environment, read } from './variables.js';

/** How long who signed in stays it, and what says that they are. */
export interface SessionsConfig {
  /** Of tokens: who makes them, and for whom. */
  readonly issuer: string;
  readonly audience: string;
  readonly accessTokenMinutes: number;
  /** From a sign-in to the next. */
  readonly sessionDays: number;
}

export function sessions(env: Environment): SessionsConfig {
  return {
    issuer: read(env, 'JWT_ISSUER'),
    audience: read(env, 'JWT_AUDIENCE'),
    accessTokenMinutes: read(env, 'ACCESS_TOKEN_MINUTES'),
    sessionDays: read(env, 'SESSION_DAYS'),
  };
}

/** What tokens are signed with, and what else they may have been signed with. */
export interface SigningSecrets {
  readonly jwtSecret: string;
  readonly jwtOtherSecrets: readonly string[];
}

/** @throws ConfigError that names the variable, never a secret */
export function signingSecrets(env: Environment): SigningSecrets {
  const jwtSecret = secret(env, 'JWT_SECRET');
  const jwtOtherSecrets = read(env, 'JWT_OTHER_SECRETS') ?? [];
  const all = [jwtSecret, ...jwtOtherSecrets];
  if (new Set(all).size < all.length)
    throw new ConfigError('JWT_OTHER_SECRETS', 'must hold other secrets than JWT_SECRET, none twice');
  if (!isOneDevelopers(env) && jwtOtherSecrets.some((one) => isBuiltIn('JWT_SECRET', one)))
    throw new ConfigError('JWT_OTHER_SECRETS', 'must not hold the built-in one, which is public');
  return { jwtSecret, jwtOtherSecrets };
}
