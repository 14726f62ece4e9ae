import { randomUUID } from 'node:crypto';
import {
  type ApiKeyRateClass,
  type EndSession,
  sessionOf,
  type UserApiKey,
  type UserCommand,
  userDecider,
  type UserEvent,
  type UserSession,
  type UserState,
  userStream,
} from '@abland/domain';
import { type Clock, type CommandOutcome, type EventStore, handleCommand } from '@abland/kernel';
import { ApiError } from '../errors/api-error.js';
import { eventIds } from '../recording/identity.js';
import { isApiKeyText, isSecretOf, parseApiKeyText } from './api-key-text.js';
import type { KnownUsers } from './known-users.js';
import { once } from './once.js';
import { hashOf, newSecret, secretAfter } from './refresh-secrets.js';
import type { SessionSettings } from './session-settings.js';
import type { WatchedSession } from './session-watch.js';
import type { SigningKeys } from './signing-keys.js';
import { type TokenClaims, type TokenFault, Tokens } from './tokens.js';

export interface SignedInSession {
  readonly kind: 'signed-in';
  readonly address: string;
  /** Of the key, where somebody came by one. */
  readonly sessionId: string;
  /** Of the access token, or of the key. */
  readonly expiresAt: Date;
  /** What it is good for; null: they signed in, and may whatever they may. */
  readonly key: KeyRights | null;
}
export type KeyRights = Pick<UserApiKey, 'scopes' | 'rateClass'>;

/** Whose a token is, to count by. */
export interface TokenOwner {
  readonly address: string;
  readonly key: { readonly keyId: string; readonly rateClass: ApiKeyRateClass } | null;
}

/** Who sends a request. A bad token is told where a caller is needed, so that signIn still works with it. */
export type Session =
  | SignedInSession
  | { readonly kind: 'anonymous'; readonly reason: 'MISSING' | 'ENDED' | 'KEY_REFUSED' | TokenFault };

/** What a request comes with. */
export interface Presented {
  readonly session: () => Promise<Session>;
  readonly caller: () => Promise<TokenOwner | null>;
}

/** What a client goes on with. */
export interface SessionTokens {
  readonly sessionId: string;
  readonly token: string;
  readonly expiresAt: Date;
  readonly expiresInSeconds: number;
  readonly refreshToken: string;
  readonly sessionExpiresAt: Date;
}

/** A session that is about to begin. */
export interface OpeningSession {
  readonly sessionId: string;
  readonly secret: string;
  readonly tokenHash: string;
  readonly expiresAt: string;
}

export interface SessionPorts {
  readonly keys: SigningKeys;
  readonly settings: SessionSettings;
  readonly clock: Clock;
  readonly log: EventStore;
  readonly known: KnownUsers;
  /** Hears of every key that let somebody in. */
  readonly onKeyUsed?: (keyId: string) => void;
}

/** Access tokens name a session of the log, and are good while it goes on; refresh tokens keep it going. */
export class Sessions {
  private readonly tokens: Tokens;

  constructor(private readonly ports: SessionPorts) {
    this.tokens = new Tokens(ports.keys, ports.settings);
  }

  /** Nothing is recorded of it yet. */
  open(): OpeningSession {
    const secret = newSecret();
    const expiresAt = new Date(this.ports.clock() + this.ports.settings.sessionMs).toISOString();
    return { sessionId: randomUUID(), secret, tokenHash: hashOf(secret), expiresAt };
  }

  /** Of a session that the log has since a moment; it may have displaced another of the person's. */
  tokensOf(address: string, { expiresAt, secret, sessionId }: OpeningSession): Promise<SessionTokens> {
    this.forget(address);
    return this.issue({ address, sessionId, secret, expiresAt: new Date(expiresAt) }, this.ports.clock());
  }

  /** Of one request: who is let in by its `authorization`, and whose that is, to count by. What a key takes is taken once for both. */
  presented(authorization: string | undefined): Presented {
    const session = once(() => this.read(authorization));
    const isKey = isApiKeyText(tokenOf(authorization) ?? '');
    const caller = isKey ? () => session().then(ownerOf, () => null) : () => this.identify(authorization);
    return { session, caller: once(caller) };
  }

  /** Whose access token it is, though the session may have ended; null where it is none of ours. */
  private async identify(authorization: string | undefined): Promise<TokenOwner | null> {
    const token = tokenOf(authorization);
    if (token === null) return null;
    const claims = await this.tokens.verify('access', token, this.ports.clock());
    return typeof claims === 'string' ? null : { address: claims.address, key: null };
  }

  /** Of the `authorization` header. */
  async read(authorization: string | undefined): Promise<Session> {
    if (authorization === undefined || authorization.trim() === '')
      return { kind: 'anonymous', reason: 'MISSING' };
    const token = tokenOf(authorization);
    // GraphiQL's tabs come with an empty token.
    if (token === null)
      return { kind: 'anonymous', reason: /^Bearer$/i.test(authorization.trim()) ? 'MISSING' : 'INVALID' };
    if (isApiKeyText(token)) return this.readKey(token);
    const claims = await this.tokens.verify('access', token, this.ports.clock());
    if (typeof claims === 'string') return { kind: 'anonymous', reason: claims };
    return this.goOn({ ...claims, key: null });
  }

  /** By a key: whether it is good is the log's to say, as of a session. */
  private async readKey(text: string): Promise<Session> {
    const presented = parseApiKeyText(text);
    if (presented === null) return KEY_REFUSED;
    const { address, keyId, secret } = presented;
    const { clock, known } = this.ports;
    const { apiKeys } = await known.presumedOf(address, (user) => Object.hasOwn(user.apiKeys, keyId));
    const key = apiKeys[keyId];
    if (key === undefined || isOver(key, clock()) || !isSecretOf(secret, key.secretHash)) return KEY_REFUSED;
    known.admit(address);
    this.ports.onKeyUsed?.(keyId);
    return letIn(address, keyId, key);
  }

  /** Null where it is not good. */
  private async keyOf(address: string, keyId: string): Promise<UserApiKey | null> {
    const { clock, known } = this.ports;
    // One that is not there may have been made a moment ago.
    const key = (await known.of(address)).apiKeys[keyId] ?? (await known.newestOf(address)).apiKeys[keyId];
    return key === undefined || isOver(key, clock()) ? null : key;
  }

  /** Whether somebody who was signed in still is. */
  async goOn({ address, expiresAt, key, sessionId }: Omit<SignedInSession, 'kind'>): Promise<Session> {
    if (key !== null) return letIn(address, sessionId, await this.keyOf(address, sessionId));
    const { clock, known } = this.ports;
    const now = new Date(clock()).toISOString();
    // One that is not there may have begun a moment ago.
    const session =
      (await known.of(address)).sessions[sessionId] ?? (await known.newestOf(address)).sessions[sessionId];
    if (session === undefined || session.expiresAt <= now) return { kind: 'anonymous', reason: 'ENDED' };
    return { kind: 'signed-in', address, sessionId, expiresAt, key: null };
  }

  /**
   * Until when whoever holds an access token of a session has one that is good; the session may be refreshed by then.
   * @returns milliseconds since the epoch; null where the session is over
   */
  async goodUntil({ address, key, sessionId }: SignedInSession): Promise<number | null> {
    const { clock, known, settings } = this.ports;
    if (key !== null) {
      const found = (await known.newestOf(address)).apiKeys[sessionId];
      return found === undefined || isOver(found, clock()) ? null : Date.parse(found.expiresAt);
    }
    const session = (await known.newestOf(address)).sessions[sessionId];
    if (session === undefined) return null;
    const end = Date.parse(session.expiresAt);
    if (end <= clock()) return null;
    return Math.min(end, Date.parse(session.refreshedAt) + settings.accessTokenMs);
  }

  /**
   * The next tokens of the session that a refresh token is of.
   * @throws ApiError REFRESH_TOKEN_INVALID, REFRESH_TOKEN_EXPIRED, REFRESH_TOKEN_REUSED
   * @throws DomainError SESSION_ENDED
   */
  async refresh(refreshToken: string, correlationId: string): Promise<SessionTokens & { address: string }> {
    const { clock, keys } = this.ports;
    const claims = await this.tokens.verify('refresh', refreshToken, clock());
    if (typeof claims === 'string') throw refused(claims);
    const { address, secret, sessionId } = claims;
    const at = new Date(clock()).toISOString();
    const presentedHash = hashOf(secret);
    const nextHash = hashOf(secretAfter(secret, keys.signing));
    const { state } = await this.record(
      address,
      { type: 'RefreshSession', sessionId, presentedHash, nextHash, at },
      correlationId,
    );
    const session = sessionOf(state, sessionId, at);
    if (session === null) throw reused();
    const next = keys.all.map((key) => secretAfter(secret, key));
    const current = next.find((one) => hashOf(one) === session.tokenHash);
    // Another process answered it, by a key that this one does not know yet.
    if (current === undefined) throw new ApiError('SERVICE_UNAVAILABLE', 'Ask again in a moment');
    const refreshedAt = Date.parse(session.refreshedAt);
    return { address, ...(await this.issue({ ...claims, secret: current }, refreshedAt)) };
  }

  /** Those that go on, the newest first. */
  async of(address: string): Promise<readonly (readonly [sessionId: string, session: UserSession])[]> {
    const now = new Date(this.ports.clock()).toISOString();
    const found = Object.entries((await this.ports.known.newestOf(address)).sessions);
    return found.filter(([, { expiresAt }]) => expiresAt > now).toReversed();
  }

  /** @returns how many there were of each; none where it had ended before */
  async end(
    { address, sessionId }: WatchedSession,
    how: Pick<EndSession, 'reason' | 'keepsApiKeys'>,
    correlationId: string,
  ): Promise<Ended> {
    const at = new Date(this.ports.clock()).toISOString();
    const command = { type: 'EndSession', sessionId, ...how, at } as const;
    return endedOf(await this.record(address, command, correlationId));
  }

  /** @returns how many there were of each */
  async endAll(address: string, keepsApiKeys: boolean, correlationId: string): Promise<Ended> {
    const at = new Date(this.ports.clock()).toISOString();
    const command = { type: 'EndAllSessions', keepsApiKeys, at } as const;
    return endedOf(await this.record(address, command, correlationId));
  }

  /** For whoever recorded what ends sessions of a person: from now on this process believes nothing of before. */
  forget(address: string): void {
    this.ports.known.forget(address);
  }

  private async record(
    address: string,
    command: UserCommand,
    correlationId: string,
  ): Promise<CommandOutcome<UserState, UserEvent>> {
    const outcome = await handleCommand(this.ports.log, userDecider, userStream(address), command, {
      metadata: { correlationId, causationId: null, actor: address },
      eventId: eventIds(randomUUID()),
    });
    this.forget(address);
    return outcome;
  }

  /** @param refreshedAt when its refresh token was made: asked for again, it is the same */
  private async issue(session: TokenClaims, refreshedAt: number): Promise<SessionTokens> {
    const { clock, settings } = this.ports;
    const now = clock();
    const { sessionId, expiresAt: sessionExpiresAt } = session;
    const expiresAt = new Date(Math.min(now + settings.accessTokenMs, sessionExpiresAt.getTime()));
    const token = await this.tokens.sign('access', { ...session, secret: '', expiresAt }, now);
    const refreshToken = await this.tokens.sign('refresh', session, refreshedAt);
    const expiresInSeconds = Math.floor((expiresAt.getTime() - now) / 1000);
    return { sessionId, token, expiresAt, expiresInSeconds, refreshToken, sessionExpiresAt };
  }
}

interface Ended {
  readonly sessions: number;
  readonly apiKeys: number;
}

function endedOf({ events }: CommandOutcome<UserState, UserEvent>): Ended {
  const apiKeys = events.filter(({ type }) => type === 'ApiKeyEnded').length;
  return { sessions: events.length - apiKeys, apiKeys };
}

const KEY_REFUSED: Session = { kind: 'anonymous', reason: 'KEY_REFUSED' };

const isOver = ({ expiresAt }: UserApiKey, now: number): boolean => Date.parse(expiresAt) <= now;

function letIn(address: string, keyId: string, key: UserApiKey | null): Session {
  if (key === null) return KEY_REFUSED;
  const { rateClass, scopes } = key;
  const expiresAt = new Date(key.expiresAt);
  return { kind: 'signed-in', address, sessionId: keyId, expiresAt, key: { rateClass, scopes } };
}

/** Whose they are by whom they were let in as. */
export function ownerOf(session: Session | null): TokenOwner | null {
  if (session?.kind !== 'signed-in') return null;
  const { address, key, sessionId } = session;
  return { address, key: key === null ? null : { keyId: sessionId, rateClass: key.rateClass } };
}

const tokenOf = (authorization = ''): string | null =>
  /^Bearer +([A-Za-z0-9._~+/=-]+)$/i.exec(authorization.trim())?.[1] ?? null;

function refused(fault: TokenFault): ApiError {
  if (fault === 'EXPIRED')
    return new ApiError('REFRESH_TOKEN_EXPIRED', 'The session expired: sign in again', 'refreshToken');
  return new ApiError('REFRESH_TOKEN_INVALID', 'Not a refresh token of ours', 'refreshToken', {
    reason: fault,
  });
}

const reused = (): ApiError =>
  new ApiError(
    'REFRESH_TOKEN_REUSED',
    'This refresh token was used before: somebody else may have it, so the session is ended',
    'refreshToken',
  );
