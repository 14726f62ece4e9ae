import { Client, fetchExchange } from 'urql';
import { fetchWithin } from './fetch-within.js';
import { RefreshSessionDocument } from './operations.gen.js';
import { beginSession, endSession, keepSession, type Session, session } from './session.js';

const ANSWER_MS = 30_000;
/** When what could not be asked is asked again. */
const AGAIN_MS = 10_000;
/** How long other tabs are given to tell what they have. */
const OTHERS_MS = 200;
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

/**
 * Tabs that were made of one another have one session: its refresh tokens are good once, whichever tab uses them. They tell one another
 * the newest, and tell it again to one that asks. Returns what ends that.
 */
export function shareRenewals(): () => void {
  const shared = (channel = new BroadcastChannel('abland.session'));
  shared.onmessage = ({ data }: MessageEvent<Session | Question>) => {
    const now = session.get();
    if ('asks' in data) {
      if (now !== null && now.sessionId === data.asks && data.renewAt < now.renewAt) shared.postMessage(now);
    } else if (now?.sessionId === data.sessionId && now.renewAt < data.renewAt) keepSession(data);
  };
  return () => {
    shared.close();
    channel = null;
  };
}

/** What a tab asks the others for: tokens of its session that are newer than its own. */
interface Question {
  readonly asks: string;
  readonly renewAt: number;
}

/** A tab that stood still for a while was told nothing meanwhile: an old refresh token, presented, would end the session of all. */
async function askOthers({ sessionId, renewAt }: Session): Promise<void> {
  if (channel === null) return;
  channel.postMessage({ asks: sessionId, renewAt } satisfies Question);
  const before = session.get();
  for (const end = performance.now() + OTHERS_MS; performance.now() < end && session.get() === before;)
    await pause();
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 10));

/** One tab at a time renews a session; where a browser has no locks (a page without TLS) each does it by itself. */
async function alone(sessionId: string, work: () => Promise<void>): Promise<void> {
  const { locks } = navigator as { readonly locks?: LockManager };
  if (locks === undefined) return work();
  const signal = AbortSignal.timeout(ANSWER_MS * 2);
  await locks.request(`abland.session.${sessionId}`, { signal }, work).catch(() => undefined); // asked again later
}

const renew = (before: Session): Promise<void> =>
  alone(before.sessionId, async () => {
    await askOthers(before);
    if (session.get() === before) await present(before);
  });

async function present(before: Session): Promise<void> {
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
