import type { Permission as May, Role as RoleName } from '@abland/domain';
import { Inject } from '@nestjs/common';
import { Field, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { CallerSession } from '../context/api-context.js';
import { AddressScalar, HexDataScalar } from '../graphql/scalars.js';
import type { SignedInSession } from '../sessions/session.js';
import { Confirmations } from '../confirmations/confirmations.js';
import { Roles } from '../roles/roles.js';
import { Permission, Role } from '../roles/role.types.js';
import { PORT } from '../ports/ports.js';
import type { DevelopmentAccount as Account } from './development-account.js';

@ObjectType({ description: 'Who is signed in.' })
export class Viewer {
  @Field(() => AddressScalar)
  address!: string;

  @Field(() => Boolean, { description: 'Whether they may do what only operators may.' })
  operator!: boolean;

  @Field(() => [Role], { description: 'What they are beyond what everybody is who signed in.' })
  roles!: readonly RoleName[];

  @Field(() => [Permission], { description: 'What they may by their roles.' })
  permissions!: readonly May[];

  @Field(() => Boolean, {
    description:
      'Whether their acts take their wallet’s word, each: they turned it on, or it is asked of operators.',
  })
  confirmsActs!: boolean;
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
    @Inject(Roles) private readonly roles: Roles,
    @Inject(Confirmations) private readonly confirmations: Confirmations,
    @Inject(PORT.developmentAccounts) private readonly accounts: readonly Account[],
  ) {}

  @Query(() => Viewer, { description: 'The caller.' })
  async viewer(@CallerSession() caller: SignedInSession): Promise<Viewer> {
    const { address } = caller;
    const roles = await this.roles.of(address);
    const permissions = await this.roles.permissionsOf(caller);
    const acts = permissions.has('OPERATE') || permissions.has('GRANT_ROLES') ? 'OPERATOR' : 'PERSON';
    const confirmsActs = await this.confirmations.isNeeded(acts, address);
    const operator = permissions.has('OPERATE');
    return { address, roles, permissions: [...permissions], operator, confirmsActs };
  }

  @Query(() => [DevelopmentAccount], {
    description:
      'Accounts to try everything with, operators among them; none but where every part is embedded, for the money there is worth nothing.',
  })
  developmentAccounts(): readonly Account[] {
    return this.accounts;
  }
}
