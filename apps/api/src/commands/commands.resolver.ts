import { Inject } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql';
import { parseUuid } from '@abland/domain';
import { type ApiContext, Caller } from '../graphql/api-context.js';
import { HashScalar, HexDataScalar, UuidScalar } from '../graphql/scalars.js';
import { API } from '../server/dependencies.js';
import type { ApiServices } from '../server/services.js';
import {
  AddLiquidityInput,
  CreatePoolInput,
  CreateTokenInput,
  DeactivateTokenInput,
  RemoveLiquidityInput,
  SwapInput,
} from './command.inputs.js';
import { Command, CommandReceipt } from './command.types.js';
import { followCommand } from './follow-command.js';
import { AddLiquidity } from './handlers/add-liquidity.js';
import { CreatePool } from './handlers/create-pool.js';
import { CreateToken } from './handlers/create-token.js';
import { DeactivateToken } from './handlers/deactivate-token.js';
import { RemoveLiquidity } from './handlers/remove-liquidity.js';
import { SubmitSignature } from './handlers/submit-signature.js';
import { SubmitTransaction } from './handlers/submit-transaction.js';
import { Swap } from './handlers/swap.js';

const receipt = () => CommandReceipt;
const inputOf = <Input>(type: () => Input) => ({ type });

@Resolver(() => Command)
export class CommandsResolver {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(API.commandServices) private readonly api: ApiServices,
  ) {}

  @Mutation(receipt)
  createToken(
    @Caller() caller: string,
    @Args('input', inputOf(() => CreateTokenInput)) input: CreateTokenInput,
    @Context() { correlationId }: ApiContext,
  ): Promise<CommandReceipt> {
    return this.commands.execute(new CreateToken(caller, input, correlationId));
  }

  @Mutation(receipt, { description: 'Only for its creator.' })
  deactivateToken(
    @Caller() caller: string,
    @Args('input', inputOf(() => DeactivateTokenInput)) input: DeactivateTokenInput,
    @Context() { correlationId }: ApiContext,
  ): Promise<CommandReceipt> {
    return this.commands.execute(new DeactivateToken(caller, input, correlationId));
  }

  @Mutation(receipt, { description: 'Opens a pool with its first deposit.' })
  createPool(
    @Caller() caller: string,
    @Args('input', inputOf(() => CreatePoolInput)) input: CreatePoolInput,
    @Context() { correlationId }: ApiContext,
  ): Promise<CommandReceipt> {
    return this.commands.execute(new CreatePool(caller, input, correlationId));
  }

  @Mutation(receipt)
  addLiquidity(
    @Caller() caller: string,
    @Args('input', inputOf(() => AddLiquidityInput)) input: AddLiquidityInput,
    @Context() { correlationId }: ApiContext,
  ): Promise<CommandReceipt> {
    return this.commands.execute(new AddLiquidity(caller, input, correlationId));
  }

  @Mutation(receipt)
  removeLiquidity(
    @Caller() caller: string,
    @Args('input', inputOf(() => RemoveLiquidityInput)) input: RemoveLiquidityInput,
    @Context() { correlationId }: ApiContext,
  ): Promise<CommandReceipt> {
    return this.commands.execute(new RemoveLiquidity(caller, input, correlationId));
  }

  @Mutation(receipt)
  swap(
    @Caller() caller: string,
    @Args('input', inputOf(() => SwapInput)) input: SwapInput,
    @Context() { correlationId }: ApiContext,
  ): Promise<CommandReceipt> {
    return this.commands.execute(new Swap(caller, input, correlationId));
  }

  @Mutation(receipt, { description: 'Tells the hash of a WALLET command’s transaction.' })
  submitTransaction(
    @Caller() caller: string,
    @Args('commandId', { type: () => UuidScalar }) commandId: string,
    @Args('txHash', { type: () => HashScalar }) txHash: string,
    @Context() { correlationId }: ApiContext,
  ): Promise<CommandReceipt> {
    return this.commands.execute(new SubmitTransaction(caller, commandId, txHash, correlationId));
  }

  @Mutation(receipt, { description: 'Hands in the signature of a RELAYED command’s request.' })
  submitSignature(
    @Caller() caller: string,
    @Args('commandId', { type: () => UuidScalar }) commandId: string,
    @Args('signature', { type: () => HexDataScalar }) signature: string,
    @Context() { correlationId }: ApiContext,
  ): Promise<CommandReceipt> {
    return this.commands.execute(new SubmitSignature(caller, commandId, signature, correlationId));
  }

  @Query(() => Command, { nullable: true, description: 'A command of the caller, followed to its end.' })
  command(
    @Caller() caller: string,
    @Args('id', { type: () => UuidScalar }) id: string,
    @Context() { loaders }: ApiContext,
  ): Promise<Command | null> {
    return followCommand(this.api, loaders, caller, parseUuid(id, 'id'));
  }
}
