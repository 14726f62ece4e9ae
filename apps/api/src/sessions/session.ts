import { errors, jwtVerify, SignJWT } from 'jose';
import { getAddress } from 'ethers';
import { userDecider, userStream } from '@abland/domain';
import { type Clock, type EventStore, loadAggregate } from '@abland/kernel';

/** Who sends a request. A bad token is told where a caller is needed, so that signIn still works with it. */
export type Session =
  | { readonly kind: 'signed-in'; readonly address: string; readonly expiresAt: Date }
  | { readonly kind: 'anonymous'; readonly reason: 'MISSING' | 'EXPIRED' | 'INVALID' | 'ENDED' };

export interface SessionToken {
  readonly token: string;
  readonly expiresAt: Date;
}

export interface Sessions {
  /** @param registration which of the address: the session ends with it */
  issue(address: string, registration: number): Promise<SessionToken>;
  /** Whose token it is, though the session may have ended; null where it is none of ours. */
  identify(authorization: string | undefined): Promise<string | null>;
  /** Of the `authorization` header, as it is now by the log: an erasure ends every session of its person. */
  read(authorization: string | undefined): Promise<Session>;
}

const ISSUER = 'abland';
const AUDIENCE = 'abland-api';
const LIFETIME_MS = 24 * 60 * 60 * 1000;
/** The claim that names the registration. */
const REGISTRATION = 'registration';

/** What a token says that is one of ours. */
interface Claims {
  readonly address: string;
  readonly registration: number;
  readonly expiresAt: Date;
}

export interface SessionPorts {
  readonly secret: string;
  readonly clock: Clock;
  /** Knows whose registration ended. */
  readonly log: EventStore;
}

/** JWTs signed by HS256: only tokens with exactly this algorithm, issuer and audience are taken. */
export function createSessions({ clock, log, secret }: SessionPorts): Sessions {
  const key = new TextEncoder().encode(secret);
  return {
    async issue(address, registration) {
      const now = clock();
      const expiresAt = new Date(now + LIFETIME_MS);
      const token = await new SignJWT({ [REGISTRATION]: registration })
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
        .setSubject(address)
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setIssuedAt(new Date(now))
        .setExpirationTime(expiresAt)
        .sign(key);
      return { token, expiresAt };
    },
    async identify(authorization) {
      const token = tokenOf(authorization);
      if (token === null) return null;
      const claims = await verify(token, key, new Date(clock()));
      return typeof claims === 'string' ? null : claims.address;
    },
    async read(authorization) {
      if (authorization === undefined || authorization.trim() === '') {
        return { kind: 'anonymous', reason: 'MISSING' };
      }
      const token = tokenOf(authorization);
      // GraphiQL's tabs come with an empty token.
      if (token === null) {
        return { kind: 'anonymous', reason: /^Bearer$/i.test(authorization.trim()) ? 'MISSING' : 'INVALID' };
      }
      const claims = await verify(token, key, new Date(clock()));
      if (typeof claims === 'string') return { kind: 'anonymous', reason: claims };
      if (await hasEnded(log, claims)) return { kind: 'anonymous', reason: 'ENDED' };
      return { kind: 'signed-in', address: claims.address, expiresAt: claims.expiresAt };
    },
  };
}

const tokenOf = (authorization = ''): string | null =>
  /^Bearer +([A-Za-z0-9._~+/=-]+)$/i.exec(authorization.trim())?.[1] ?? null;

/** Whether the registration is over that the session began in, also where the person has come back since. */
async function hasEnded(log: EventStore, { address, registration }: Claims): Promise<boolean> {
  const { state } = await loadAggregate(log, userDecider, userStream(address));
  switch (state.status) {
    case 'UNKNOWN':
      return false;
    case 'REGISTERED':
      return registration < state.registration;
    case 'ERASED':
      return true;
  }
}

async function verify(
  token: string,
  key: Uint8Array,
  currentDate: Date,
): Promise<Claims | 'EXPIRED' | 'INVALID'> {
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['HS256'],
      issuer: ISSUER,
      audience: AUDIENCE,
      requiredClaims: ['sub', 'exp', 'iat'],
      currentDate,
    });
    const named = payload[REGISTRATION];
    return {
      address: getAddress(payload.sub ?? ''),
      // A token that names none is from before tokens did: it is good until the first erasure.
      registration: typeof named === 'number' ? named : 1,
      expiresAt: new Date((payload.exp ?? 0) * 1000),
    };
  } catch (error) {
    return error instanceof errors.JWTExpired ? 'EXPIRED' : 'INVALID';
  }
}
