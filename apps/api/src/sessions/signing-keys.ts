import { createHash, createHmac } from 'node:crypto';

export interface SigningKey {
  /** Names it in a token's header. */
  readonly kid: string;
  readonly secret: Uint8Array;
  /** Makes the secrets of refresh tokens, and nothing else. */
  readonly refreshing: Uint8Array;
}

/** What tokens are signed with, and what else they may have been signed with. */
export interface SigningKeys {
  readonly signing: SigningKey;
  /** The signing one first. */
  readonly all: readonly SigningKey[];
}

export function signingKeys(secret: string, others: readonly string[] = []): SigningKeys {
  const signing = signingKey(secret);
  return { signing, all: [signing, ...others.map(signingKey)] };
}

const signingKey = (secret: string): SigningKey => ({
  kid: createHash('sha256').update(`key of sessions:${secret}`).digest('hex').slice(0, 16),
  secret: new TextEncoder().encode(secret),
  refreshing: createHmac('sha256', secret).update('refresh tokens').digest(),
});
