import type { Instant, Uuid } from '../vocabulary/values.js';
import { refusal } from '../vocabulary/errors.js';
import { endedKeys } from './api-keys.js';
import type { EndAllSessions, EndSession, NewSession, RefreshSession } from './commands.js';
import { type SessionEnding, USER_VERSIONS, type UserEvent } from './events.js';
import type { UserSession, UserState } from './state.js';

/** Of one person at a time: who begins another ends the one that was refreshed the longest ago. */
export const SESSIONS_MAX = 20;

/**
 * For how long the refresh token before the newest is still answered, by the newest: a client whose answer was lost asks again. Longer
 * than clients of ours wait for an answer.
 */
const LOST_ANSWER_MS = 60_000;

/** Those that go on at a moment, by their ids. */
export const sessionsOf = (state: UserState, at: Instant): readonly (readonly [Uuid, UserSession])[] =>
  state.status === 'REGISTERED'
    ? Object.entries(state.sessions).filter(([, { expiresAt }]) => expiresAt > at)
    : [];

/** Null where it was ended, has expired, or never was. */
export function sessionOf(state: UserState, sessionId: Uuid, at: Instant): UserSession | null {
  return sessionsOf(state, at).find(([id]) => id === sessionId)?.[1] ?? null;
}

/** @param state of the person before they signed in */
export function startSession(
  state: UserState,
  address: string,
  { sessionId, tokenHash, expiresAt }: NewSession,
  at: Instant,
): readonly UserEvent[] {
  const oldestFirst = sessionsOf(state, at).toSorted(([, one], [, other]) =>
    one.refreshedAt < other.refreshedAt ? -1 : 1,
  );
  const displaced = oldestFirst.slice(0, Math.max(0, oldestFirst.length + 1 - SESSIONS_MAX));
  return [
    ...displaced.map(([id]) => ended(address, id, 'DISPLACED', at)),
    {
      type: 'SessionStarted',
      version: USER_VERSIONS.SessionStarted,
      data: { address, sessionId, tokenHash, expiresAt, at },
    },
  ];
}

/**
 * A refresh token is good once. One that was used before is in two hands, of which one is not the person's: nobody knows which, so the
 * session ends, and so do the keys that were made since it began, for whoever had the session may have made them.
 * @throws DomainError SESSION_ENDED
 */
export function refreshSession(
  { at, nextHash, presentedHash, sessionId }: RefreshSession,
  state: UserState,
): readonly UserEvent[] {
  const session = sessionOf(state, sessionId, at);
  if (session === null || state.status !== 'REGISTERED') throw sessionEnded();
  const { address } = state;
  if (presentedHash === session.tokenHash) {
    const data = { address, sessionId, tokenHash: nextHash, at };
    return [{ type: 'SessionRefreshed', version: USER_VERSIONS.SessionRefreshed, data }];
  }
  const sinceMs = Date.parse(at) - Date.parse(session.refreshedAt);
  if (presentedHash === session.previousHash && sinceMs <= LOST_ANSWER_MS) return [];
  const ending = { why: 'TOKEN_REPLAYED', endedBy: address, reason: null, at } as const;
  return [
    ended(address, sessionId, 'TOKEN_REPLAYED', at),
    ...endedKeys(state, ending, (_id, { createdAt }) => createdAt >= session.startedAt),
  ];
}

/**
 * What goes on no more is not ended again. One that is ended from another may have been a thief's: keys that were made since it began
 * end with it, as nobody knows by which session each was made.
 */
export function endSession(
  { at, keepsApiKeys, reason, sessionId }: EndSession,
  state: UserState,
): readonly UserEvent[] {
  const session = sessionOf(state, sessionId, at);
  if (state.status !== 'REGISTERED' || session === null) return [];
  const { address } = state;
  const ending = { why: 'SESSION_REVOKED', endedBy: address, reason: null, at } as const;
  const isMeant = reason === 'REVOKED' && !keepsApiKeys;
  return [
    ended(address, sessionId, reason, at),
    ...endedKeys(state, ending, (_id, { createdAt }) => isMeant && createdAt >= session.startedAt),
  ];
}

/** Whoever does it may fear that somebody else is in: keys are among what lets in. */
export function endAllSessions({ at, keepsApiKeys }: EndAllSessions, state: UserState): readonly UserEvent[] {
  if (state.status !== 'REGISTERED') return [];
  const { address } = state;
  const ending = { why: 'SIGNED_OUT_EVERYWHERE', endedBy: address, reason: null, at } as const;
  return [
    ...sessionsOf(state, at).map(([id]) => ended(address, id, 'SIGNED_OUT_EVERYWHERE', at)),
    ...endedKeys(state, ending, () => !keepsApiKeys),
  ];
}

const ended = (address: string, sessionId: Uuid, reason: SessionEnding, at: Instant): UserEvent => ({
  type: 'SessionEnded',
  version: USER_VERSIONS.SessionEnded,
  data: { address, sessionId, reason, at },
});

const sessionEnded = () => refusal('SESSION_ENDED', 'The session is over: sign in again', 'refreshToken');
