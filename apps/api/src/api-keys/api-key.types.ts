import type { ApiKeyRateClass as RateClass, ApiKeyScope as Scope } from '@abland/domain';
import { Field, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { AddressScalar, DateTimeScalar, UuidScalar } from '../graphql/scalars.js';

export const ApiKeyScope = {
  COMMANDS: 'COMMANDS',
  READ_INTERNAL: 'READ_INTERNAL',
} as const satisfies { readonly [name in Scope]: name };
registerEnumType(ApiKeyScope, {
  name: 'ApiKeyScope',
  description:
    'What a key is for beside reading what anybody reads, and what its person reads of themselves.',
  valuesMap: {
    COMMANDS: { description: 'Gives commands to a chain.' },
    READ_INTERNAL: { description: 'Reads what the person’s roles let them read.' },
  },
});

export const ApiKeyRateClass = {
  SHARED: 'SHARED',
  RAISED: 'RAISED',
} as const satisfies { readonly [name in RateClass]: name };
registerEnumType(ApiKeyRateClass, {
  name: 'ApiKeyRateClass',
  valuesMap: {
    SHARED: { description: 'Counts with all else of its person.' },
    RAISED: { description: 'Counts by itself, and asks ten times as often.' },
  },
});

@ObjectType({ description: 'A key of the caller that is good. Of its secret nothing is told.' })
export class ApiKey {
  @Field(() => UuidScalar)
  keyId!: string;

  @Field(() => String, { description: 'What it begins with, to tell it from others.' })
  start!: string;

  @Field(() => [ApiKeyScope])
  scopes!: readonly Scope[];

  @Field(() => ApiKeyRateClass)
  rateClass!: RateClass;

  @Field(() => DateTimeScalar)
  createdAt!: string;

  @Field(() => DateTimeScalar)
  expiresAt!: string;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'In which hour it was last used, told within minutes; null: it was not.',
  })
  lastUsedAt!: string | null;
}

@ObjectType()
export class CreatedApiKey {
  @Field(() => String, {
    description:
      'For the header `authorization: Bearer <key>`. It is told once: whoever has it is let in, keep it as a secret.',
  })
  key!: string;

  @Field(() => ApiKey)
  apiKey!: ApiKey;
}

@InputType()
export class CreateApiKeyInput {
  @Field(() => [ApiKeyScope], { defaultValue: [], description: 'None: it reads.' })
  scopes!: readonly Scope[];

  @Field(() => Int, { defaultValue: 90, description: '1 to 365.' })
  expiresInDays!: number;
}

@InputType()
export class ApiKeyRateInput {
  @Field(() => AddressScalar, { description: 'Whose key it is.' })
  address!: string;

  @Field(() => UuidScalar)
  keyId!: string;

  @Field(() => ApiKeyRateClass)
  rateClass!: RateClass;

  @Field(() => String, { description: '3 to 200 characters on one line: it stays in the log for good.' })
  reason!: string;
}

@InputType()
export class RevokeApiKeysOfInput {
  @Field(() => AddressScalar, { description: 'Whose keys they are.' })
  address!: string;

  @Field(() => UuidScalar, { nullable: true, defaultValue: null, description: 'Null: all that are good.' })
  keyId!: string | null;

  @Field(() => String, { description: '3 to 200 characters on one line: it stays in the log for good.' })
  reason!: string;
}

@ObjectType()
export class ApiKeysEnded {
  @Field(() => Int, { description: 'How many keys ended by this.' })
  ended!: number;
}

@ObjectType()
export class RevokedApiKey {
  @Field(() => UuidScalar)
  keyId!: string;
}

@ObjectType()
export class ApiKeyRate {
  @Field(() => UuidScalar)
  keyId!: string;

  @Field(() => ApiKeyRateClass)
  rateClass!: RateClass;
}
