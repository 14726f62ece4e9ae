import { Field, ObjectType } from '@nestjs/graphql';
import { AddressScalar, DateTimeScalar, UuidScalar } from '../graphql/scalars.js';

@ObjectType({ description: 'What a person says of themselves.' })
export class Profile {
  @Field(() => String, { nullable: true })
  displayName!: string | null;

  @Field(() => String, { nullable: true, description: 'Told only to the person and to operators.' })
  email!: string | null;

  @Field(() => String, { nullable: true })
  bio!: string | null;

  @Field(() => String, { nullable: true, description: 'https:// or ipfs://' })
  avatarUri!: string | null;

  @Field(() => DateTimeScalar)
  updatedAt!: string;
}

/** What takes a key of a person is found out once it is asked for: without the key all else is told. */
type WhenAsked<Value> = Value | Promise<Value>;

@ObjectType({ description: 'Who signed in at least once.' })
export class User {
  @Field(() => AddressScalar)
  address!: string;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Null until the read models have seen it.' })
  registeredAt!: string | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Told only to the person and to operators.',
  })
  lastSignedInAt!: string | null;

  @Field(() => Profile, { nullable: true, description: 'Null where none was told, or it was erased.' })
  profile!: WhenAsked<Profile | null>;

  @Field(() => Boolean, {
    description: 'The personal data was erased, and the person has not signed in since.',
  })
  erased!: WhenAsked<boolean>;

  @Field(() => DateTimeScalar, { nullable: true })
  erasedAt!: string | null;
}

@ObjectType()
export class ProfileReceipt {
  @Field(() => UuidScalar)
  commandId!: string;

  @Field(() => AddressScalar)
  address!: string;
}

@ObjectType({
  description: 'The erasure is in the log; the key that the data is sealed with is destroyed next.',
})
export class ErasureReceipt {
  @Field(() => UuidScalar, { description: 'Of the command that erased: the first, where several asked.' })
  commandId!: string;

  @Field(() => AddressScalar)
  address!: string;

  @Field(() => DateTimeScalar)
  erasedAt!: string;
}
