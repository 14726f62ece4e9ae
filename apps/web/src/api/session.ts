import { keptForTab } from '../browser/kept.js';
import { createStore } from '../browser/store.js';

/** What the server gives a session to go on with. */
export interface SessionTokens {
  readonly sessionId: string;
  readonly token: string;
  readonly expiresInSeconds: number;
  readonly refreshToken: string;
  /** ISO 8601. */
  readonly sessionExpiresAt: string;
}

export interface Session extends Omit<SessionTokens, 'expiresInSeconds'> {
  readonly address: string;
  /** When to ask for the next tokens, by this machine's clock: in good time before they are over. */
  readonly renewAt: number;
}

const KEY = 'abland.session';
/** Of an access token's life. */
const RENEWED_AFTER = 2 / 3;

/** Why the last session ended, for who has to sign in again. */
export const endedBecause = createStore<string | null>(null);
/** Kept for this tab alone, and the tabs that were made of it: it ends with them. */
export const session = createStore<Session | null>(kept());

/** @param askedAt when the tokens were asked for, by this machine's clock */
export function beginSession(address: string, tokens: SessionTokens, askedAt: number): Session {
  const { expiresInSeconds, refreshToken, sessionExpiresAt, sessionId, token } = tokens;
  const renewAt = askedAt + expiresInSeconds * 1_000 * RENEWED_AFTER;
  const next = { address, sessionId, token, refreshToken, sessionExpiresAt, renewAt };
  keepSession(next);
  return next;
}

export function keepSession(next: Session): void {
  keptForTab.set(KEY, JSON.stringify(next));
  endedBecause.set(null);
  session.set(next);
}

export function endSession(why: string | null = null): void {
  keptForTab.remove(KEY);
  endedBecause.set(why);
  session.set(null);
}

function kept(): Session | null {
  try {
    const found = JSON.parse(keptForTab.get(KEY) ?? 'null') as Session | null;
    return found !== null && Date.parse(found.sessionExpiresAt) > Date.now() ? found : null;
  } catch {
    return null;
  }
}
