import { errors, jwtVerify, SignJWT } from 'jose';
import { getAddress } from 'ethers';
import type { Clock } from '@abland/kernel';

/** Who sends a request, as far as its token says. A bad token is told where a caller is needed, so that signIn still works with it. */
export type Session =
  | { readonly kind: 'signed-in'; readonly address: string; readonly expiresAt: Date }
  | { readonly kind: 'anonymous'; readonly reason: 'MISSING' | 'EXPIRED' | 'INVALID' };

export interface SessionToken {
  readonly token: string;
  readonly expiresAt: Date;
}

export interface Sessions {
  issue(address: string): Promise<SessionToken>;
  /** Of the `authorization` header. */
  read(authorization: string | undefined): Promise<Session>;
}

const ISSUER = 'abland';
const AUDIENCE = 'abland-api';
const LIFETIME_MS = 24 * 60 * 60 * 1000;

/** JWTs signed by HS256: only tokens with exactly this algorithm, issuer and audience are taken. */
export function createSessions(secret: string, clock: Clock): Sessions {
  const key = new TextEncoder().encode(secret);
  return {
    async issue(address) {
      const now = clock();
      const expiresAt = new Date(now + LIFETIME_MS);
      const token = await new SignJWT()
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
        .setSubject(address)
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setIssuedAt(new Date(now))
        .setExpirationTime(expiresAt)
        .sign(key);
      return { token, expiresAt };
    },
    async read(authorization) {
      if (authorization === undefined || authorization.trim() === '') {
        return { kind: 'anonymous', reason: 'MISSING' };
      }
      const token = /^Bearer +([A-Za-z0-9._~+/=-]+)$/i.exec(authorization.trim())?.[1];
      // GraphiQL's tabs come with an empty token.
      if (token === undefined) {
        return { kind: 'anonymous', reason: /^Bearer$/i.test(authorization.trim()) ? 'MISSING' : 'INVALID' };
      }
      return verify(token, key, new Date(clock()));
    },
  };
}

async function verify(token: string, key: Uint8Array, currentDate: Date): Promise<Session> {
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['HS256'],
      issuer: ISSUER,
      audience: AUDIENCE,
      requiredClaims: ['sub', 'exp', 'iat'],
      currentDate,
    });
    const expiresAt = new Date((payload.exp ?? 0) * 1000);
    return { kind: 'signed-in', address: getAddress(payload.sub ?? ''), expiresAt };
  } catch (error) {
    if (error instanceof errors.JWTExpired) return { kind: 'anonymous', reason: 'EXPIRED' };
    return { kind: 'anonymous', reason: 'INVALID' };
  }
}
