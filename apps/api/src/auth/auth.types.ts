import { Field, ObjectType } from '@nestjs/graphql';
import { DateTimeScalar } from '../graphql/scalars.js';
import { User } from '../users/user.types.js';
import { SessionTokens } from './session.types.js';

@ObjectType({ description: 'An EIP-4361 message to be signed by the wallet (personal_sign).' })
export class SignInRequest {
  @Field(() => String)
  message!: string;

  @Field(() => String, { description: 'Good once and for five minutes.' })
  nonce!: string;

  @Field(() => DateTimeScalar)
  expiresAt!: string;
}

@ObjectType({ description: 'A session that begins, and whose it is.' })
export class SignedIn extends SessionTokens {
  @Field(() => User)
  user!: User;
}
