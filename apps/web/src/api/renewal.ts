import { Client, fetchExchange } from 'urql';
import { fetchWithin } from './fetch-within.js';
import { RefreshSessionDocument } from './operations.gen.js';
import { beginSession, endSession, keepSession, type Session, session } from './session.js';

const ANSWER_MS = 30_000;
/** When what could not be asked is asked again. */
const AGAIN_MS = 10_000;
/** The server knows the session, and it is over; whatever else goes wrong may pass. */
const OVER = ['REFRESH_TOKEN_INVALID', 'REFRESH_TOKEN_EXPIRED', 'REFRESH_TOKEN_REUSED', 'SESSION_ENDED'];

let renewing: Promise<void> | null = null;
/** The server said that the token is good no more, whatever the clock says. */
let refused: string | null = null;
let channel: BroadcastChannel | null = null;

/** The access token to ask with, a new one where it is time for that. Null: nobody is signed in. */
export async function freshToken(): Promise<string | null> {
  const now = session.get();
  if (now === null) return null;
  if (Date.now() < now.renewAt && refused !== now.token) return now.token;
  renewing ??= renew(now).finally(() => (renewing = null));
  await renewing;
  return session.get()?.token ?? null;
}

/** The server does not take the token: whatever is asked next is asked with another, or there is none. */
export function tokenRefused(): void {
  refused = session.get()?.token ?? null;
}

/** Renews the session in time also while nothing is asked: what is followed goes on with it. Returns what ends that. */
export function keepRenewed(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = (leastMs: number): void => {
    const leftMs = (session.get()?.renewAt ?? 0) - Date.now();
    timer = setTimeout(() => void freshToken().finally(() => wait(AGAIN_MS)), Math.max(leastMs, leftMs));
  };
  wait(0);
  return () => clearTimeout(timer);
}

/** Tabs that were made of one another have one session: its refresh tokens are good once, whichever tab uses them. */
export function shareRenewals(): void {
  channel = new BroadcastChannel('abland.session');
  channel.onmessage = ({ data }: MessageEvent<Session>) => {
    const now = session.get();
    if (now?.sessionId === data.sessionId && now.renewAt < data.renewAt) keepSession(data);
  };
}

async function renew(before: Session): Promise<void> {
  const askedAt = Date.now();
  const client = new Client({
    ...{ url: '/graphql', preferGetMethod: false, requestPolicy: 'network-only' },
    ...{ fetch: fetchWithin(ANSWER_MS), exchanges: [fetchExchange] },
  });
  const { refreshToken } = before;
  const { data, error } = await client.mutation(RefreshSessionDocument, { refreshToken }).toPromise();
  // Another tab had it first, or somebody signed in or out meanwhile.
  if (session.get() !== before) return;
  const code = error?.graphQLErrors[0]?.extensions['code'];
  if (OVER.includes(String(code))) endSession('Your session ended. Sign in to go on.');
  if (error !== undefined || data === undefined) return;
  const next = beginSession(before.address, data.refreshSession, askedAt);
  channel?.postMessage(next);
}
