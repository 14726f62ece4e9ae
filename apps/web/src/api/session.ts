import { createStore } from '../browser/store.js';

export interface Session {
  readonly address: string;
  readonly token: string;
  /** ISO 8601. */
  readonly expiresAt: string;
}

const KEY = 'abland.session';

/** Why the last session ended, for who has to sign in again. */
export const endedBecause = createStore<string | null>(null);
/** Kept for this tab alone: it ends with it. */
export const session = createStore<Session | null>(kept());

export function keepSession(next: Session): void {
  sessionStorage.setItem(KEY, JSON.stringify(next));
  endedBecause.set(null);
  session.set(next);
}

export function endSession(why: string | null = null): void {
  sessionStorage.removeItem(KEY);
  endedBecause.set(why);
  session.set(null);
}

function kept(): Session | null {
  try {
    const found = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as Session | null;
    return found !== null && Date.parse(found.expiresAt) > Date.now() ? found : null;
  } catch {
    return null;
  }
}
