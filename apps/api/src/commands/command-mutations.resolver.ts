import { Inject } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Args, Context, Mutation, Resolver } from '@nestjs/graphql';
import { ByKey } from '../api-keys/by-key.js';
import { type ApiContext, Caller } from '../context/api-context.js';
import { HashScalar, HexDataScalar, UuidScalar } from '../graphql/scalars.js';
import { RateClassed } from '../rate-limits/rate-classed.js';
import { AskForRequest } from './ask-request.js';
import { SubmitSignature } from './submit-signature.js';
import { SubmitTransaction } from './submit-transaction.js';
import {
  AddLiquidityInput,
  CreatePoolInput,
  CreateTokenInput,
  DeactivateTokenInput,
  RemoveLiquidityInput,
  SwapInput,
} from './types/command.inputs.js';
import { CommandReceipt } from './types/command.types.js';

const receipt = () => CommandReceipt;
const inputOf = <Input>(type: () => Input) => ({ type });

/** What a person may ask of a chain, and tell about it. */
@Resolver()
export class CommandMutationsResolver {
  constructor(@Inject(CommandBus) private readonly commands: CommandBus) {}

  @ByKey('COMMANDS')
  @RateClassed('creation')
  @Mutation(receipt)
  createToken(
    @Caller() caller: string,
    @Args('input', inputOf(() => CreateTokenInput)) input: CreateTokenInput,
    @Context() { correlationId }: ApiContext,
  ): Promise<CommandReceipt> {
    return this.commands.execute(new AskForRequest('CREATE_TOKEN', caller, input, correlationId));
  }

  @ByKey('COMMANDS')
  @RateClassed('trading')
  @Mutation(receipt, { description: 'Only for its creator.' })
  deactivateToken(
    @Caller() caller: string,
    @Args('input', inputOf(() => DeactivateTokenInput)) input: DeactivateTokenInput,
    @Context() { correlationId }: ApiContext,
  ): Promise<CommandReceipt> {
    return this.commands.execute(new AskForRequest('DEACTIVATE_TOKEN', caller, input, correlationId));
  }

  @ByKey('COMMANDS')
  @RateClassed('creation')
  @Mutation(receipt, { description: 'Opens a pool with its first deposit.' })
  createPool(
    @Caller() caller: string,
    @Args('input', inputOf(() => CreatePoolInput)) input: CreatePoolInput,
    @Context() { correlationId }: ApiContext,
  ): Promise<CommandReceipt> {
    return this.commands.execute(new AskForRequest('CREATE_POOL', caller, input, correlationId));
  }

  @ByKey('COMMANDS')
  @RateClassed('trading')
  @Mutation(receipt)
  addLiquidity(
    @Caller() caller: string,
    @Args('input', inputOf(() => AddLiquidityInput)) input: AddLiquidityInput,
    @Context() { correlationId }: ApiContext,
  ): Promise<CommandReceipt> {
    return this.commands.execute(new AskForRequest('ADD_LIQUIDITY', caller, input, correlationId));
  }

  @ByKey('COMMANDS')
  @RateClassed('trading')
  @Mutation(receipt)
  removeLiquidity(
    @Caller() caller: string,
    @Args('input', inputOf(() => RemoveLiquidityInput)) input: RemoveLiquidityInput,
    @Context() { correlationId }: ApiContext,
  ): Promise<CommandReceipt> {
    return this.commands.execute(new AskForRequest('REMOVE_LIQUIDITY', caller, input, correlationId));
  }

  @ByKey('COMMANDS')
  @RateClassed('trading')
  @Mutation(receipt)
  swap(
    @Caller() caller: string,
    @Args('input', inputOf(() => SwapInput)) input: SwapInput,
    @Context() { correlationId }: ApiContext,
  ): Promise<CommandReceipt> {
    return this.commands.execute(new AskForRequest('SWAP', caller, input, correlationId));
  }

  @ByKey('COMMANDS')
  @Mutation(receipt, { description: 'Tells the hash of a WALLET command’s transaction.' })
  submitTransaction(
    @Caller() caller: string,
    @Args('commandId', { type: () => UuidScalar }) commandId: string,
    @Args('txHash', { type: () => HashScalar }) txHash: string,
    @Context() { correlationId }: ApiContext,
  ): Promise<CommandReceipt> {
    return this.commands.execute(new SubmitTransaction(caller, commandId, txHash, correlationId));
  }

  @ByKey('COMMANDS')
  @Mutation(receipt, { description: 'Hands in the signature of a RELAYED command’s request.' })
  submitSignature(
    @Caller() caller: string,
    @Args('commandId', { type: () => UuidScalar }) commandId: string,
    @Args('signature', { type: () => HexDataScalar }) signature: string,
    @Context() { correlationId }: ApiContext,
  ): Promise<CommandReceipt> {
    return this.commands.execute(new SubmitSignature(caller, commandId, signature, correlationId));
  }
}
