import { Field, ObjectType } from '@nestjs/graphql';
import { AddressScalar, DateTimeScalar } from '../graphql/scalars.js';

@ObjectType({ description: 'An EIP-4361 message to be signed by the wallet (personal_sign).' })
export class SignInRequest {
  @Field(() => String)
  message!: string;

  @Field(() => String, { description: 'Good once and for five minutes.' })
  nonce!: string;

  @Field(() => DateTimeScalar)
  expiresAt!: string;
}

@ObjectType({ description: 'Who signed in at least once.' })
export class User {
  @Field(() => AddressScalar)
  address!: string;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Null until the read models have seen it.' })
  registeredAt!: string | null;

  @Field(() => DateTimeScalar, { nullable: true })
  lastSignedInAt!: string | null;
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
