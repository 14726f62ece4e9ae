import type { Client, FormattedExecutionResult } from 'graphql-ws';
import { print } from 'graphql';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { ApiUnreachable } from './errors.js';
import { pause, pauseBefore, type Retries } from './retries.js';
import { refusalOf } from './transport.js';

/** Where somebody begins to follow. */
export interface Beginning {
  readonly after?: string | null | undefined;
  readonly since?: string | null | undefined;
}

/** A message of what is followed, whatever it tells. */
export interface Change {
  readonly cursor: string;
}

export interface FollowingOptions {
  readonly socket: Client;
  readonly retries: Retries;
  /** Where the log is now. */
  readonly now: () => Promise<string>;
  /** Told by the server that the token is not taken. @returns whether to come again */
  readonly onTokenRefused: () => boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Kept for whoever takes them; one more ends the subscription, which goes on after the last that was taken. */
const PENDING_MAX = 1_000;
/** Codes of sockets: not signed in (any more), or to be again by a new token. */
const TOKEN_REFUSED = new Set([4401, 4403, 4471]);

type End = { readonly error: unknown } | null;

/** What came of one subscription and was not taken yet. */
class Pending<Data> {
  private readonly messages: Data[] = [];
  private end: { readonly why: End } | null = null;
  private wake = Promise.withResolvers<void>();

  push(message: Data): void {
    if (this.end !== null) return;
    if (this.messages.length >= PENDING_MAX) {
      // Whoever is this slow is told the rest again, from where they are.
      this.messages.length = 0;
      return this.finish(null);
    }
    this.messages.push(message);
    this.wake.resolve();
  }

  finish(why: End): void {
    this.end ??= { why };
    this.wake.resolve();
  }

  /** Null once all was taken. */
  async next(): Promise<Data | null> {
    for (;;) {
      const message = this.messages.shift();
      if (message !== undefined) return message;
      if (this.end !== null) return null;
      await this.wake.promise;
      this.wake = Promise.withResolvers();
    }
  }

  get error(): unknown {
    return this.end?.why?.error ?? null;
  }
}

/**
 * Follows what tells cursors, through whatever ends a socket: after the last message that was taken, so that none is missed and none told
 * twice. Begins where it is told to, else now.
 * @throws ApiRefusal where the API refuses it; ApiUnreachable where too many tries in a row brought nothing
 */
export async function* follow<Data, Variables extends Beginning>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  options: FollowingOptions,
): AsyncGenerator<Data, void, undefined> {
  const { now, retries, signal, socket } = options;
  let beginning: Beginning = variables;
  if ((beginning.after ?? beginning.since ?? null) === null) beginning = { since: await now() };
  const query = print(document);
  const isOver = (): boolean => signal?.aborted === true;
  for (let failures = 0; !isOver();) {
    const pending = new Pending<Data>();
    const { after = null, since = null } = beginning;
    const stop = subscribe(socket, { query, variables: { ...variables, after, since } }, pending);
    const abort = (): void => pending.finish(null);
    signal?.addEventListener('abort', abort, { once: true });
    try {
      for (let data = await pending.next(); data !== null; data = await pending.next()) {
        beginning = { after: cursorOf(data) };
        failures = 0;
        yield data;
        if (isOver()) return;
      }
    } finally {
      signal?.removeEventListener('abort', abort);
      stop();
    }
    if (pending.error === null) continue;
    failures += 1;
    if (!isWorthAnotherTry(pending.error, options)) throw failureOf(pending.error);
    if (failures >= retries.attemptsMax)
      throw new ApiUnreachable('The subscription was not taken', { cause: pending.error });
    await pause(pauseBefore(failures, retries));
  }
}

function subscribe<Data>(
  socket: Client,
  payload: { readonly query: string; readonly variables: object },
  pending: Pending<Data>,
): () => void {
  const { query, variables } = payload;
  return socket.subscribe<Data>(
    { query, variables: { ...variables } },
    {
      next: ({ data, errors }: FormattedExecutionResult<Data, unknown>) => {
        if (data !== undefined && data !== null && errors === undefined) pending.push(data);
        else pending.finish({ error: errors ?? [] });
      },
      error: (error) => pending.finish({ error }),
      // The server ends what it cannot go on with; whoever comes again goes on after the last message.
      complete: () => pending.finish({ error: new ApiUnreachable('The subscription ended') }),
    },
  );
}

const cursorOf = (data: unknown): string => {
  const [change] = Object.values(data as Record<string, Change>);
  if (typeof change?.cursor !== 'string') throw new TypeError('A document that is followed selects `cursor`');
  return change.cursor;
};

const PASSING = new Set([
  'SERVICE_UNAVAILABLE',
  'RATE_LIMITED',
  'READ_MODEL_NOT_YET',
  'INTERNAL_SERVER_ERROR',
]);

function isWorthAnotherTry(error: unknown, { onTokenRefused }: FollowingOptions): boolean {
  if (Array.isArray(error)) return PASSING.has(String(refusalOf(first(error)).code));
  const code = closeCodeOf(error);
  return code !== null && TOKEN_REFUSED.has(code) ? onTokenRefused() : true;
}

const failureOf = (error: unknown): Error =>
  Array.isArray(error)
    ? refusalOf(first(error))
    : new ApiUnreachable('The API does not take the connection', { cause: error });

const first = (errors: readonly unknown[]): Parameters<typeof refusalOf>[0] =>
  (errors[0] ?? { message: 'No reason was told' }) as Parameters<typeof refusalOf>[0];

const closeCodeOf = (error: unknown): number | null =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'number'
    ? error.code
    : null;
