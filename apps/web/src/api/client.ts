import { createClient as createSocket } from 'graphql-ws';
import { Client, fetchExchange, mapExchange, subscriptionExchange } from 'urql';
import { fetchWithin } from './fetch-within.js';
import { freshToken, tokenRefused } from './renewal.js';
import { endSession } from './session.js';
import { connectionLost } from './connection.js';

const RETRY_MS = { first: 250, max: 5_000 };
/** Longer than the server takes before it says itself that something takes too long. */
const ANSWER_MS = 30_000;
/** A ping where nothing else came for so long; a connection that does not answer it within the second of these is dead. */
const LIFE_MS = { ping: 10_000, pong: 10_000 };
/** Codes of the server: the session is over; its token is not taken, or not any more. */
const SESSION_OVER = 4401;
const TOKEN_REFUSED = [4403, 4471];

const socketUrl = (): string => `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`;

/**
 * Asks by HTTP, follows by a socket that comes again by itself. Nothing is kept in a cache: what is shown is asked for, or told.
 * @param isSignedIn asks as who is signed in by then
 * @param answerMs what is not answered by then is refused
 * @param lifeMs when a silent connection is asked whether it lives, and given up
 */
export function createApi(
  isSignedIn: boolean,
  answerMs = ANSWER_MS,
  lifeMs = LIFE_MS,
): { readonly client: Client; close(): void } {
  const headers = async (): Promise<Record<string, string>> => {
    const token = isSignedIn ? await freshToken() : null;
    return token === null ? {} : { authorization: `Bearer ${token}` };
  };
  const fetchInTime = fetchWithin(answerMs);
  let silence: ReturnType<typeof setTimeout> | undefined;
  const socket = createSocket({
    url: socketUrl,
    connectionParams: headers,
    lazy: true,
    keepAlive: lifeMs.ping,
    connectionAckWaitTimeout: lifeMs.pong, // before it is acknowledged nobody asks whether it lives
    retryAttempts: Number.MAX_SAFE_INTEGER,
    shouldRetry: () => true,
    retryWait: (attempt) =>
      new Promise((resolve) => setTimeout(resolve, Math.min(RETRY_MS.max, RETRY_MS.first * 2 ** attempt))),
    on: {
      // Where a network took a connection away without a word, a browser would hold it open for a quarter of an hour.
      ping: (isReceived) => {
        if (!isReceived) silence = setTimeout(() => socket.terminate(), lifeMs.pong);
      },
      pong: (isReceived) => {
        if (isReceived) clearTimeout(silence);
      },
      closed: (event) => {
        clearTimeout(silence);
        const { code } = event as CloseEvent;
        if (code === SESSION_OVER) endSession('Your session ended. Sign in to go on.');
        else if (code !== 1000) connectionLost(Date.now());
        if (TOKEN_REFUSED.includes(code)) tokenRefused();
      },
    },
  });
  const client = new Client({
    url: '/graphql',
    requestPolicy: 'network-only',
    preferGetMethod: false,
    fetch: async (input, init) =>
      fetchInTime(input, { ...init, headers: { ...(init?.headers as object), ...(await headers()) } }),
    exchanges: [
      mapExchange({
        onError({ graphQLErrors: [first] }) {
          if (first?.extensions['code'] === 'UNAUTHENTICATED') tokenRefused();
        },
      }),
      subscriptionExchange({
        forwardSubscription: ({ query, variables }) => ({
          subscribe: (sink) => ({
            unsubscribe: socket.subscribe(
              { query: query ?? '', variables: variables as Record<string, unknown> },
              {
                next: sink.next as never,
                error: sink.error,
                complete: sink.complete,
              },
            ),
          }),
        }),
      }),
      fetchExchange,
    ],
  });
  return { client, close: () => void socket.dispose() };
}
