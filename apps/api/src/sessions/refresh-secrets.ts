import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { SigningKey } from './signing-keys.js';

/** Of the first refresh token of a session. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/**
 * Of the token that follows: who has both the one before and the key can tell it again, so that a lost answer is answered once more and
 * nothing but hashes is kept.
 */
export const secretAfter = (secret: string, { refreshing }: SigningKey): string =>
  createHmac('sha256', refreshing).update(secret).digest('base64url');

/** As the log has it. */
export const hashOf = (secret: string): string => `0x${createHash('sha256').update(secret).digest('hex')}`;
