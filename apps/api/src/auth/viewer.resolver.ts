import { Inject } from '@nestjs/common';
import { Field, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { Caller } from '../context/api-context.js';
import { AddressScalar, HexDataScalar } from '../graphql/scalars.js';
import type { Operators } from '../operations/operators.js';
import { PORT } from '../ports/ports.js';
import type { DevelopmentAccount as Account } from './development-account.js';

@ObjectType({ description: 'Who is signed in.' })
export class Viewer {
  @Field(() => AddressScalar)
  address!: string;

  @Field(() => Boolean, { description: 'Whether they may do what only operators may.' })
  operator!: boolean;
}

@ObjectType({
  description: 'An account of the mnemonic that every EVM development tool ships: its key is everybody’s.',
})
export class DevelopmentAccount implements Account {
  @Field(() => AddressScalar)
  address!: string;

  @Field(() => HexDataScalar)
  privateKey!: string;
}

@Resolver()
export class ViewerResolver {
  constructor(
    @Inject(PORT.operators) private readonly operators: Operators,
    @Inject(PORT.developmentAccounts) private readonly accounts: readonly Account[],
  ) {}

  @Query(() => Viewer, { description: 'The caller.' })
  viewer(@Caller() address: string): Viewer {
    return { address, operator: this.operators.has(address) };
  }

  @Query(() => [DevelopmentAccount], {
    description:
      'Accounts to try everything with, operators among them; none but where every part is embedded, for the money there is worth nothing.',
  })
  developmentAccounts(): readonly Account[] {
    return this.accounts;
  }
}
