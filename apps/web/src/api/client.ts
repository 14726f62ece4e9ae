import { createClient as createSocket } from 'graphql-ws';
import { Client, fetchExchange, subscriptionExchange } from 'urql';
import { fetchWithin } from './fetch-within.js';
import { endSession, type Session } from './session.js';
import { connectionLost } from './connection.js';

const RETRY_MS = { first: 250, max: 5_000 };
/** Longer than the server takes before it says itself that something takes too long. */
const ANSWER_MS = 30_000;
/** A ping where nothing else came for so long; a connection that does not answer it within the second of these is dead. */
const LIFE_MS = { ping: 10_000, pong: 10_000 };
/** Of graphql-transport-ws: who asks is not let in, or not any more. */
const [SESSION_OVER, NOT_LET_IN] = [4401, 4403];

const socketUrl = (): string => `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`;

/**
 * Asks by HTTP, follows by a socket that comes again by itself. Nothing is kept in a cache: what is shown is asked for, or told.
 * @param answerMs what is not answered by then is refused
 * @param lifeMs when a silent connection is asked whether it lives, and given up
 */
export function createApi(
  given: Session | null,
  answerMs = ANSWER_MS,
  lifeMs = LIFE_MS,
): { readonly client: Client; close(): void } {
  const headers = given === null ? {} : { authorization: `Bearer ${given.token}` };
  let silence: ReturnType<typeof setTimeout> | undefined;
  const socket = createSocket({
    url: socketUrl,
    connectionParams: headers,
    lazy: true,
    keepAlive: lifeMs.ping,
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
        else if (code === NOT_LET_IN)
          endSession('The server does not know this session any more. Sign in to go on.');
        else if (code !== 1000) connectionLost(Date.now());
      },
    },
  });
  const client = new Client({
    url: '/graphql',
    requestPolicy: 'network-only',
    preferGetMethod: false,
    fetchOptions: { headers },
    fetch: fetchWithin(answerMs),
    exchanges: [
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
