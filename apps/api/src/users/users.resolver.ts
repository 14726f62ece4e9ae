import { Inject } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql';
import { parseAddress, parseReason, parseIdempotencyKey, refusal } from '@abland/domain';
import type { PersonalDataCipher } from '@abland/personal-data';
import type { ReadModel } from '@abland/projections';
import { getAddress } from 'ethers';
import { type ApiContext, Caller } from '../context/api-context.js';
import { type Confirm, Confirming } from '../context/confirming.js';
import { AddressScalar } from '../graphql/scalars.js';
import { Roles } from '../roles/roles.js';
import { PORT } from '../ports/ports.js';
import { EraseUser } from './erase-user.js';
import { UpdateProfile } from './update-profile.js';
import { readCaller, readUser } from './read-user.js';
import { EraseMyDataInput, EraseUserInput, UpdateProfileInput } from './user.inputs.js';
import { ErasureReceipt, ProfileReceipt, User } from './user.types.js';

const inputOf = <Input>(type: () => Input) => ({ type });

@Resolver()
export class UsersResolver {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(PORT.readModel) private readonly readModel: ReadModel,
    @Inject(PORT.personalData) private readonly personalData: PersonalDataCipher,
    @Inject(Roles) private readonly roles: Roles,
  ) {}

  @Query(() => User, { description: 'The signed-in caller.' })
  me(@Caller() caller: string): Promise<User> {
    const { readModel, personalData } = this;
    return readCaller({ readModel, personalData }, caller);
  }

  @Query(() => User, {
    nullable: true,
    description: 'Who signed in with this address; null where nobody did.',
  })
  async user(
    @Args('address', { type: () => AddressScalar }) address: string,
    @Context() context: ApiContext,
  ): Promise<User | null> {
    const asked = parseAddress(address, 'address', getAddress);
    const session = await context.session();
    const all =
      session.kind === 'signed-in' &&
      (session.address === asked || (await this.roles.may(session, 'OPERATE')));
    const { readModel, personalData } = this;
    return readUser({ readModel, personalData }, asked, all);
  }

  @Mutation(() => ProfileReceipt)
  updateProfile(
    @Caller() caller: string,
    @Args('input', inputOf(() => UpdateProfileInput)) input: UpdateProfileInput,
    @Context() { correlationId }: ApiContext,
    @Confirming('PERSON') confirm: Confirm,
  ): Promise<ProfileReceipt> {
    return this.commands.execute(new UpdateProfile(caller, input, correlationId, confirm));
  }

  @Mutation(() => ErasureReceipt, {
    description:
      'Ends the caller’s registration and makes its personal data unreadable for good, here and in every copy.',
  })
  eraseMyData(
    @Caller() caller: string,
    @Args('input', inputOf(() => EraseMyDataInput)) input: EraseMyDataInput,
    @Context() { correlationId }: ApiContext,
    @Confirming('PERSON') confirm: Confirm,
  ): Promise<ErasureReceipt> {
    const idempotencyKey = parseIdempotencyKey(input.idempotencyKey);
    if (parseAddress(input.confirmAddress, 'confirmAddress', getAddress) !== caller)
      throw refusal('ERASURE_NOT_CONFIRMED', 'Confirm with your own address', 'confirmAddress');
    const wish = { idempotencyKey, address: caller, reason: null };
    return this.commands.execute(new EraseUser('eraseMyData', caller, wish, correlationId, confirm));
  }

  @Mutation(() => ErasureReceipt, { description: 'The same for another person; only for operators.' })
  eraseUser(
    @Caller() caller: string,
    @Args('input', inputOf(() => EraseUserInput)) input: EraseUserInput,
    @Context() { correlationId }: ApiContext,
    @Confirming('OPERATOR') confirm: Confirm,
  ): Promise<ErasureReceipt> {
    const wish = {
      idempotencyKey: parseIdempotencyKey(input.idempotencyKey),
      address: parseAddress(input.address, 'address', getAddress),
      reason: parseReason(input.reason),
    };
    return this.commands.execute(new EraseUser('eraseUser', caller, wish, correlationId, confirm));
  }
}
