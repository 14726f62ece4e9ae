import { Inject } from '@nestjs/common';
import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql';
import { refusal } from '@abland/domain';
import { type ApiContext, Caller, CallerSession } from '../context/api-context.js';
import { NotByKey } from '../api-keys/by-key.js';
import { UuidScalar } from '../graphql/scalars.js';
import { Sessions, type SignedInSession } from '../sessions/session.js';
import { SessionsEnded, SessionTokens, toldTokens, UserSession } from './session.types.js';

@Resolver()
export class SessionsResolver {
  constructor(@Inject(Sessions) private readonly sessions: Sessions) {}

  @NotByKey()
  @Query(() => [UserSession], {
    name: 'sessions',
    description: 'Where the caller is signed in, the newest first.',
  })
  async list(@CallerSession() caller: SignedInSession): Promise<UserSession[]> {
    const found = await this.sessions.of(caller.address);
    return found.map(([sessionId, { expiresAt, refreshedAt, startedAt }]) => ({
      ...{ sessionId, startedAt, refreshedAt, expiresAt },
      current: sessionId === caller.sessionId,
    }));
  }

  @Mutation(() => SessionTokens, {
    description:
      'The next tokens of a session. A refresh token is good once: presented again after a minute, or after its successor was used, it ends the session, for then two have it. Within the minute it gives the same successor again, as the answer may have been lost.',
  })
  async refreshSession(
    @Args('refreshToken', { type: () => String }) refreshToken: string,
    @Context() { correlationId }: ApiContext,
  ): Promise<SessionTokens> {
    return toldTokens(await this.sessions.refresh(refreshToken, correlationId));
  }

  @Mutation(() => SessionsEnded, { description: 'Ends the session that this is asked by.' })
  async signOut(
    @CallerSession() caller: SignedInSession,
    @Context() { correlationId }: ApiContext,
  ): Promise<SessionsEnded> {
    const how = { reason: 'SIGNED_OUT', keepsApiKeys: true } as const;
    const { apiKeys, sessions } = await this.sessions.end(caller, how, correlationId);
    return { ended: sessions, apiKeysEnded: apiKeys };
  }

  @Mutation(() => SessionsEnded, {
    description: 'Ends every session of the caller, this one too, and every API key unless those are kept.',
  })
  async signOutEverywhere(
    @Caller() address: string,
    @Args('keepApiKeys', { type: () => Boolean, defaultValue: false }) keepApiKeys: boolean,
    @Context() { correlationId }: ApiContext,
  ): Promise<SessionsEnded> {
    const { apiKeys, sessions } = await this.sessions.endAll(address, keepApiKeys, correlationId);
    return { ended: sessions, apiKeysEnded: apiKeys };
  }

  @Mutation(() => SessionsEnded, {
    description:
      'Ends one of the caller’s sessions, and every API key that was made since it began unless those are kept.',
  })
  async revokeSession(
    @Caller() address: string,
    @Args('sessionId', { type: () => UuidScalar }) sessionId: string,
    @Args('keepApiKeys', { type: () => Boolean, defaultValue: false }) keepsApiKeys: boolean,
    @Context() { correlationId }: ApiContext,
  ): Promise<SessionsEnded> {
    const how = { reason: 'REVOKED', keepsApiKeys } as const;
    const { apiKeys, sessions } = await this.sessions.end({ address, sessionId }, how, correlationId);
    if (sessions > 0) return { ended: sessions, apiKeysEnded: apiKeys };
    throw refusal('UNKNOWN_SESSION', 'The caller has no such session, or it is over', 'sessionId');
  }
}
