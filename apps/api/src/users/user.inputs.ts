import { Field, InputType } from '@nestjs/graphql';
import { IDEMPOTENCY_KEY } from '../graphql/idempotency-key.js';
import { AddressScalar } from '../graphql/scalars.js';

@InputType({ description: 'The whole profile: what is left out is empty from then on.' })
export class UpdateProfileInput {
  @Field(() => String, IDEMPOTENCY_KEY)
  idempotencyKey!: string;

  @Field(() => String, { nullable: true, description: '1 to 50 characters.' })
  displayName?: string | null;

  @Field(() => String, { nullable: true, description: 'Told only to the person and to operators.' })
  email?: string | null;

  @Field(() => String, { nullable: true, description: 'Up to 500 characters.' })
  bio?: string | null;

  @Field(() => String, { nullable: true, description: 'https:// or ipfs://' })
  avatarUri?: string | null;
}

@InputType()
export class EraseMyDataInput {
  @Field(() => String, IDEMPOTENCY_KEY)
  idempotencyKey!: string;

  @Field(() => AddressScalar, {
    description: 'The caller’s own address once more: what is erased comes back for nobody.',
  })
  confirmAddress!: string;
}

@InputType()
export class EraseUserInput {
  @Field(() => String, IDEMPOTENCY_KEY)
  idempotencyKey!: string;

  @Field(() => AddressScalar)
  address!: string;

  @Field(() => String, {
    description: '3 to 200 characters on one line, without an e-mail address: it stays in the log for good.',
  })
  reason!: string;
}
