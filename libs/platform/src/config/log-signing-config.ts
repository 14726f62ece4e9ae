import { ConfigError } from './config-error.js';
import { publicUrl } from './public-url.js';
import { secret } from './secrets.js';
import { type Environment, read } from './variables.js';

/** What the log's checkpoints are signed with. */
export interface LogSigningConfig {
  /** Names the log to those who watch it, for good. */
  readonly origin: string;
  /** Ed25519 private keys of 32 bytes: the first is the one that stays, the others sign too until a rotation is over. */
  readonly keys: readonly Uint8Array[];
}

/** @throws ConfigError */
export function logSigning(env: Environment): LogSigningConfig {
  const keys = [secret(env, 'LOG_SIGNING_KEY'), ...(read(env, 'LOG_SIGNING_OLD_KEYS') ?? [])];
  const bytes = keys.map((key) => Buffer.from(key, 'base64'));
  if (bytes.some((key, at) => bytes.findIndex((other) => other.equals(key)) < at))
    throw new ConfigError('LOG_SIGNING_OLD_KEYS', 'must hold other keys than LOG_SIGNING_KEY, none twice');
  return { origin: read(env, 'LOG_ORIGIN') ?? ownOrigin(env), keys: bytes.map((key) => new Uint8Array(key)) };
}

/** Where the log is served, without the scheme: as C2SP tlog-tiles recommend. */
function ownOrigin(env: Environment): string {
  const { host, pathname } = new URL(publicUrl(env));
  return `${host}${pathname.replace(/\/+$/, '')}/log`;
}
