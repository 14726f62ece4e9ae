import { randomUUID } from 'node:crypto';
import { parseAddress, parseReason, userDecider, userStream } from '@abland/domain';
import { type Clock, type EventStore, handleCommand, loadAggregate } from '@abland/kernel';
import { Inject } from '@nestjs/common';
import { Args, Context, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { getAddress } from 'ethers';
import { type ApiContext, Caller } from '../context/api-context.js';
import { type Confirm, Confirming } from '../context/confirming.js';
import { PORT } from '../ports/ports.js';
import { eventIds, idOf, inputHashOf } from '../recording/identity.js';
import { recordingRejection } from '../recording/rejections.js';
import { User } from './user.types.js';
import { Role, RoleHolder, RoleInput } from '../roles/role.types.js';
import { Roles } from '../roles/roles.js';

const INPUT = { type: () => RoleInput };

/** Who is what, and who says so. */
@Resolver(() => User)
export class RolesResolver {
  constructor(
    @Inject(PORT.log) private readonly log: EventStore,
    @Inject(PORT.clock) private readonly clock: Clock,
    @Inject(Roles) private readonly roles: Roles,
  ) {}

  @ResolveField(() => [Role], {
    name: 'roles',
    nullable: true,
    description: 'Told only to the person and to who may read what is not public; null to all others.',
  })
  async rolesOf(
    @Parent() { address }: User,
    @Context() { session }: ApiContext,
  ): Promise<RoleHolder['roles'] | null> {
    const caller = await session();
    if (caller.kind !== 'signed-in') return null;
    const isTold = caller.address === address || (await this.roles.may(caller, 'READ_INTERNAL'));
    return isTold ? this.roles.of(address) : null;
  }

  @Mutation(() => RoleHolder, {
    description:
      'Makes somebody who signed in something more; what they are already they stay. Only for admins, and not for oneself.',
  })
  grantRole(
    @Caller() caller: string,
    @Args('input', INPUT) input: RoleInput,
    @Context() { correlationId }: ApiContext,
    @Confirming('OPERATOR') confirm: Confirm,
  ): Promise<RoleHolder> {
    return this.change('GrantRole', caller, input, { correlationId, confirm });
  }

  @Mutation(() => RoleHolder, {
    description: 'Takes a role of somebody. Only for admins, and for who has it.',
  })
  revokeRole(
    @Caller() caller: string,
    @Args('input', INPUT) input: RoleInput,
    @Context() { correlationId }: ApiContext,
    @Confirming('OPERATOR') confirm: Confirm,
  ): Promise<RoleHolder> {
    return this.change('RevokeRole', caller, input, { correlationId, confirm });
  }

  private async change(
    type: 'GrantRole' | 'RevokeRole',
    caller: string,
    { role, ...input }: RoleInput,
    { confirm, correlationId }: { readonly correlationId: string; readonly confirm: Confirm },
  ): Promise<RoleHolder> {
    const { clock, log } = this;
    const address = parseAddress(input.address, 'address', getAddress);
    const reason = parseReason(input.reason);
    const name = type === 'GrantRole' ? 'grantRole' : 'revokeRole';
    const inputHash = inputHashOf(name, { address, role, reason });
    const commandId = idOf(name, caller.toLowerCase(), inputHash);
    const rejectable = { name, caller, commandId, chainId: null, correlationId, inputHash };
    await recordingRejection({ log, clock }, rejectable, async () => {
      const by = { name: caller, roles: await this.roles.newestOf(caller) };
      const at = new Date(clock()).toISOString();
      const command = { type, address, role, by, reason, at } as const;
      const { state } = await loadAggregate(log, userDecider, userStream(address));
      userDecider.decide(command, state);
      await confirm();
      await handleCommand(log, userDecider, userStream(address), command, {
        metadata: { correlationId, causationId: null, actor: caller },
        eventId: eventIds(randomUUID()), // what is granted already is not granted again
      });
    });
    this.roles.forget(address);
    return { address, roles: await this.roles.of(address) };
  }
}
