import { Inject } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql';
import { parseAddress, parseErasureReason, parseIdempotencyKey, refusal } from '@abland/domain';
import { getAddress } from 'ethers';
import { type ApiContext, Caller } from '../graphql/api-context.js';
import { AddressScalar } from '../graphql/scalars.js';
import { API } from '../server/dependencies.js';
import type { ApiServices } from '../server/services.js';
import { EraseUser } from './handlers/erase-user.js';
import { UpdateProfile } from './handlers/update-profile.js';
import { readCaller, readUser } from './read-user.js';
import { EraseMyDataInput, EraseUserInput, UpdateProfileInput } from './user.inputs.js';
import { ErasureReceipt, ProfileReceipt, User } from './user.types.js';

const inputOf = <Input>(type: () => Input) => ({ type });

@Resolver()
export class UsersResolver {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(API.services) private readonly api: ApiServices,
  ) {}

  @Query(() => User, { description: 'The signed-in caller.' })
  me(@Caller() caller: string): Promise<User> {
    return readCaller(this.api, caller);
  }

  @Query(() => User, {
    nullable: true,
    description: 'Who signed in with this address; null where nobody did.',
  })
  user(
    @Args('address', { type: () => AddressScalar }) address: string,
    @Context() { session }: ApiContext,
  ): Promise<User | null> {
    const asked = parseAddress(address, 'address', getAddress);
    const caller = session.kind === 'signed-in' ? session.address : null;
    const all = caller !== null && (caller === asked || this.api.config.operators.includes(caller));
    return readUser(this.api, asked, all);
  }

  @Mutation(() => ProfileReceipt)
  updateProfile(
    @Caller() caller: string,
    @Args('input', inputOf(() => UpdateProfileInput)) input: UpdateProfileInput,
    @Context() { correlationId }: ApiContext,
  ): Promise<ProfileReceipt> {
    return this.commands.execute(new UpdateProfile(caller, input, correlationId));
  }

  @Mutation(() => ErasureReceipt, {
    description:
      'Ends the caller’s registration and makes its personal data unreadable for good, here and in every copy.',
  })
  eraseMyData(
    @Caller() caller: string,
    @Args('input', inputOf(() => EraseMyDataInput)) input: EraseMyDataInput,
    @Context() { correlationId }: ApiContext,
  ): Promise<ErasureReceipt> {
    const idempotencyKey = parseIdempotencyKey(input.idempotencyKey);
    if (parseAddress(input.confirmAddress, 'confirmAddress', getAddress) !== caller)
      throw refusal('ERASURE_NOT_CONFIRMED', 'Confirm with your own address', 'confirmAddress');
    const erasure = { idempotencyKey, address: caller, by: 'PERSON', reason: null } as const;
    return this.commands.execute(new EraseUser('eraseMyData', caller, erasure, correlationId));
  }

  @Mutation(() => ErasureReceipt, { description: 'The same for another person; only for operators.' })
  eraseUser(
    @Caller() caller: string,
    @Args('input', inputOf(() => EraseUserInput)) input: EraseUserInput,
    @Context() { correlationId }: ApiContext,
  ): Promise<ErasureReceipt> {
    const erasure = {
      idempotencyKey: parseIdempotencyKey(input.idempotencyKey),
      address: parseAddress(input.address, 'address', getAddress),
      by: 'OPERATOR',
      reason: parseErasureReason(input.reason),
    } as const;
    return this.commands.execute(new EraseUser('eraseUser', caller, erasure, correlationId));
  }
}
