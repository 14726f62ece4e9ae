import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { GqlExecutionContext } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import type { SubscriberSocket } from '../subscriptions/subscriber-socket.js';
import { requireByKey } from '../api-keys/by-key.js';
import type { Session, SignedInSession, TokenOwner } from '../sessions/session.js';
import { ApiError } from '../errors/api-error.js';
import type { ConfirmAct } from '../confirmations/confirmations.js';
import type { Loaders } from './loaders.js';

/** Of a request whose answer others might be told too. */
export interface Sharing {
  /** Whether all who ask it are answered the same. */
  isSame: boolean;
  /** Who asks was looked at. */
  isPersonal: boolean;
}

/** What resolvers know of the request beside its arguments. */
export interface ApiContext {
  /** Asked for where it matters alone: it may take a look into the log. */
  readonly session: () => Promise<Session>;
  /** Whose the request's token is, by the token alone: to count by, never to allow by. Null: nobody's. */
  readonly caller: () => Promise<TokenOwner | null>;
  /** Where it comes from, as far as it is one caller's (`networkOf`). */
  readonly network: string;
  readonly correlationId: string;
  readonly loaders: Loaders;
  /** What comes to be known of whether others are answered the same; null where that is not asked. */
  readonly sharing: Sharing | null;
  /** Whether the caller's wallet said that it is to be done; null over a socket, where nobody acts. */
  readonly confirm: ConfirmAct | null;
  /** The socket that a subscription came by; null over HTTP. */
  readonly connection: SubscriberSocket | null;
}

/** @throws ApiError UNAUTHENTICATED */
function requireSession(session: Session): SignedInSession {
  if (session.kind === 'signed-in') return session;
  throw new ApiError('UNAUTHENTICATED', sessionMessages[session.reason], 'authorization', {
    reason: session.reason,
  });
}

const sessionMessages = {
  MISSING: 'Sign in first: requestSignIn, then signIn',
  EXPIRED: 'The access token expired; refresh it: refreshSession',
  INVALID: 'The token is not one of ours; sign in again',
  UNKNOWN_KEY: 'The token was signed with a key that is not in use; sign in again',
  WRONG_KIND: 'This is a refresh token: it is for refreshSession alone',
  ENDED: 'The session is over; sign in again to begin another',
  KEY_REFUSED: 'The key is none of ours, or it was revoked or has expired',
} as const;

/** @throws ApiError UNAUTHENTICATED, FORBIDDEN where a key is not for it */
export async function sessionOf(host: ExecutionContext): Promise<SignedInSession> {
  const context = GqlExecutionContext.create(host);
  const caller = requireSession(await context.getContext<ApiContext>().session());
  if (caller.key !== null) requireByKey(caller.key, context.getInfo<GraphQLResolveInfo>());
  return caller;
}

/** Parameter of a resolver that only signed-in callers may reach: their checksummed address. */
export const Caller = createParamDecorator(
  async (_data: unknown, host: ExecutionContext): Promise<string> => (await sessionOf(host)).address,
);

/** The same, with the session that they came by. */
export const CallerSession = createParamDecorator((_data: unknown, host: ExecutionContext) =>
  sessionOf(host),
);
