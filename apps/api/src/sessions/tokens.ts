import { UUID } from '@abland/kernel';
import { getAddress } from 'ethers';
import { errors, type JWTHeaderParameters, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import type { SessionSettings } from './session-settings.js';
import type { SigningKey, SigningKeys } from './signing-keys.js';

/** `access` lets its holder in for minutes; `refresh` is good once, for the next two. */
export type TokenKind = 'access' | 'refresh';

export interface TokenClaims {
  readonly address: string;
  readonly sessionId: string;
  readonly expiresAt: Date;
  /** Of a refresh token: what no other has. Empty in an access token. */
  readonly secret: string;
}

/** `INVALID`: forged, malformed, by another algorithm, or of another issuer or audience. */
export type TokenFault = 'EXPIRED' | 'INVALID' | 'UNKNOWN_KEY' | 'WRONG_KIND';

const ALGORITHM = 'HS256';
/** RFC 9068 names the first; no token of a kind is taken for one of the other (RFC 8725). */
const TYPES: Readonly<Record<TokenKind, string>> = { access: 'at+jwt', refresh: 'refresh+jwt' };

class UnknownKeyError extends Error {}

/** JWTs by HS256: only tokens with exactly this algorithm, a key that we know, our issuer and audience are taken. */
export class Tokens {
  constructor(
    private readonly keys: SigningKeys,
    private readonly settings: SessionSettings,
  ) {}

  /** The same token each time for the same claims, key and moment. */
  sign(kind: TokenKind, claims: TokenClaims, now: number): Promise<string> {
    const { kid, secret } = this.keys.signing;
    const { address, expiresAt, sessionId } = claims;
    return new SignJWT({ sid: sessionId, ...(claims.secret === '' ? {} : { jti: claims.secret }) })
      .setProtectedHeader({ alg: ALGORITHM, typ: TYPES[kind], kid })
      .setSubject(address)
      .setIssuer(this.settings.issuer)
      .setAudience(this.settings.audience)
      .setIssuedAt(new Date(now))
      .setExpirationTime(expiresAt)
      .sign(secret);
  }

  async verify(kind: TokenKind, token: string, now: number): Promise<TokenClaims | TokenFault> {
    try {
      const { payload } = await jwtVerify(token, (header) => this.keyOf(header).secret, {
        algorithms: [ALGORITHM],
        typ: TYPES[kind],
        issuer: this.settings.issuer,
        audience: this.settings.audience,
        requiredClaims: ['sub', 'sid', 'exp', 'iat', ...(kind === 'refresh' ? ['jti'] : [])],
        currentDate: new Date(now),
      });
      return claimsOf(payload);
    } catch (error) {
      return faultOf(error);
    }
  }

  private keyOf({ kid }: JWTHeaderParameters): SigningKey {
    const key = this.keys.all.find((one) => one.kid === kid);
    if (key === undefined) throw new UnknownKeyError();
    return key;
  }
}

function claimsOf({ exp = 0, jti = '', sid, sub = '' }: JWTPayload): TokenClaims | TokenFault {
  if (typeof sid !== 'string' || !UUID.test(sid)) return 'INVALID';
  return { address: getAddress(sub), sessionId: sid, expiresAt: new Date(exp * 1000), secret: jti };
}

function faultOf(error: unknown): TokenFault {
  if (error instanceof UnknownKeyError) return 'UNKNOWN_KEY';
  if (error instanceof errors.JWTExpired) return 'EXPIRED';
  const isOfAnotherKind = error instanceof errors.JWTClaimValidationFailed && error.claim === 'typ';
  return isOfAnotherKind ? 'WRONG_KIND' : 'INVALID';
}
