import { Field, ObjectType } from '@nestjs/graphql';
import { DateTimeScalar } from '../graphql/scalars.js';
import { User } from '../users/user.types.js';

@ObjectType({ description: 'An EIP-4361 message to be signed by the wallet (personal_sign).' })
export class SignInRequest {
  @Field(() => String)
  message!: string;

  @Field(() => String, { description: 'Good once and for five minutes.' })
  nonce!: string;

  @Field(() => DateTimeScalar)
  expiresAt!: string;
}

@ObjectType()
export class SignedIn {
  @Field(() => String, { description: 'A JWT for the header `authorization: Bearer <token>`.' })
  token!: string;

  @Field(() => DateTimeScalar)
  expiresAt!: string;

  @Field(() => User)
  user!: User;
}
