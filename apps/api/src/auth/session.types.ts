import { Field, Int, ObjectType } from '@nestjs/graphql';
import { DateTimeScalar, UuidScalar } from '../graphql/scalars.js';
import type { SessionTokens as Tokens } from '../sessions/session.js';

@ObjectType({ description: 'What a session goes on with.' })
export class SessionTokens {
  @Field(() => UuidScalar)
  sessionId!: string;

  @Field(() => String, {
    description: 'A JWT for the header `authorization: Bearer <token>`: good for minutes.',
  })
  token!: string;

  @Field(() => DateTimeScalar, { description: 'When the token is good no more; refresh the session before.' })
  expiresAt!: string;

  @Field(() => Int, { description: 'The same, for clients whose clock is another.' })
  expiresInSeconds!: number;

  @Field(() => String, {
    description: 'For `refreshSession`: good once. Whoever has it has the session: keep it as a secret.',
  })
  refreshToken!: string;

  @Field(() => DateTimeScalar, {
    description: 'When one has to sign in again, however often it is refreshed.',
  })
  sessionExpiresAt!: string;
}

@ObjectType({ description: 'A session of the caller that goes on.' })
export class UserSession {
  @Field(() => UuidScalar)
  sessionId!: string;

  @Field(() => DateTimeScalar, { description: 'When the wallet signed in.' })
  startedAt!: string;

  @Field(() => DateTimeScalar, { description: 'When it was last gone on with.' })
  refreshedAt!: string;

  @Field(() => DateTimeScalar)
  expiresAt!: string;

  @Field(() => Boolean, { description: 'Whether it is the one that this was asked by.' })
  current!: boolean;
}

@ObjectType()
export class SessionsEnded {
  @Field(() => Int, { description: 'How many sessions ended by this.' })
  ended!: number;

  @Field(() => Int, { description: 'How many API keys ended with them.' })
  apiKeysEnded!: number;
}

export const toldTokens = ({ expiresAt, sessionExpiresAt, ...tokens }: Tokens): SessionTokens => ({
  ...tokens,
  expiresAt: expiresAt.toISOString(),
  sessionExpiresAt: sessionExpiresAt.toISOString(),
});
