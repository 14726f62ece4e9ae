import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { GqlExecutionContext } from '@nestjs/graphql';
import type { SubscriberSocket } from '../subscriptions/subscriber-socket.js';
import type { Session } from '../sessions/session.js';
import { ApiError } from '../errors/api-error.js';
import type { Loaders } from './loaders.js';

/** What resolvers know of the request beside its arguments. */
export interface ApiContext {
  /** Asked for where it matters alone: it takes a look into the log. */
  readonly session: () => Promise<Session>;
  /** Whose the request's token is, by the token alone: to count by, never to allow by. Null: nobody's. */
  readonly caller: () => Promise<string | null>;
  /** Where it comes from, as far as it is one caller's (`networkOf`). */
  readonly network: string;
  readonly correlationId: string;
  readonly loaders: Loaders;
  /** The socket that a subscription came by; null over HTTP. */
  readonly connection: SubscriberSocket | null;
}

/** The signed-in caller's checksummed address. @throws ApiError UNAUTHENTICATED */
function requireCaller(session: Session): string {
  if (session.kind === 'signed-in') return session.address;
  throw new ApiError('UNAUTHENTICATED', sessionMessages[session.reason], 'authorization', {
    reason: session.reason,
  });
}

const sessionMessages = {
  MISSING: 'Sign in first: requestSignIn, then signIn',
  EXPIRED: 'The session expired; sign in again',
  INVALID: 'The token is not one of ours; sign in again',
  ENDED: 'The session ended with the erasure of its person; sign in again to begin anew',
} as const;

/** Parameter of a resolver that only signed-in callers may reach: their address. */
export const Caller = createParamDecorator(
  async (_data: unknown, host: ExecutionContext): Promise<string> => {
    const { session } = GqlExecutionContext.create(host).getContext<ApiContext>();
    return requireCaller(await session());
  },
);
