import { Inject } from '@nestjs/common';
import {
  Args,
  ArgsType,
  Context,
  Field,
  InputType,
  Parent,
  Query,
  ResolveField,
  Resolver,
  Subscription,
} from '@nestjs/graphql';
import { parseUuid, type RequestKindName } from '@abland/domain';
import {
  type CommandStatus as Status,
  listRequests,
  type ReadModel,
  requestById,
  requestInLog,
  type RequestView,
} from '@abland/projections';
import { ChainArgs, ChainPageArgs } from '../served-chains/chain.args.js';
import { ChainDirectory } from '../served-chains/chain-directory.js';
import { Finality } from '../served-chains/finality.types.js';
import { type ApiContext, Caller } from '../context/api-context.js';
import type { Connection } from '../graphql/connection.js';
import { address, hash, optional, same } from '../graphql/filters.js';
import { connect, pageRequest } from '../graphql/page-request.js';
import { AddressScalar, HashScalar, UuidScalar } from '../graphql/scalars.js';
import { PORT } from '../ports/ports.js';
import { CommandFeed } from './command-feed.js';
import { commandOf } from './command-view.js';
import { ParkedCommands } from './parked-commands.js';
import { RequestRepository } from './request/request-repository.js';
import { CommandKind, CommandStatus } from './types/command.enums.js';
import { Command, CommandConnection } from './types/command.types.js';

@InputType()
export class CommandFilterInput {
  @Field(() => [CommandKind], { nullable: true })
  kinds?: RequestKindName[] | null;

  @Field(() => [CommandStatus], { nullable: true })
  statuses?: Status[] | null;

  @Field(() => HashScalar, { nullable: true })
  poolId?: string | null;

  @Field(() => AddressScalar, { nullable: true, description: 'One that was created or deactivated.' })
  token?: string | null;
}

@ArgsType()
export class CommandsArgs extends ChainPageArgs {
  @Field(() => CommandFilterInput, { nullable: true })
  filter!: CommandFilterInput | null;
}

/** What callers asked of a chain, and what came of it. Whose commands there are is nobody else's business. */
@Resolver(() => Command)
export class CommandQueriesResolver {
  constructor(
    @Inject(ChainDirectory) private readonly chains: ChainDirectory,
    @Inject(RequestRepository) private readonly requestsInLog: RequestRepository,
    @Inject(PORT.commandReadModel) private readonly readModel: ReadModel,
    @Inject(CommandFeed) private readonly feed: CommandFeed,
    @Inject(ParkedCommands) private readonly parkedCommands: ParkedCommands,
  ) {}

  @Query(() => Command, {
    nullable: true,
    description: 'A command of the caller, followed to its end; null also for another’s.',
  })
  async command(
    @Caller() caller: string,
    @Args('id', { type: () => UuidScalar }) text: string,
  ): Promise<Command | null> {
    const id = parseUuid(text, 'id');
    const known = await requestById(this.readModel, id);
    const view = known ?? requestInLog(await this.requestsInLog.events(id));
    return view?.requester === caller ? commandOf(view) : null;
  }

  @Query(() => CommandConnection, {
    name: 'commands',
    description: 'What the caller asked of a chain, newest first.',
  })
  async list(
    @Caller() requester: string,
    @Args() { chainId, filter, ...page }: CommandsArgs,
  ): Promise<Connection<Command>> {
    const found = await listRequests(this.readModel, {
      filter: {
        chainId: this.chains.meant(chainId).chainId,
        requester,
        ...optional('kinds', filter?.kinds, same),
        ...optional('statuses', filter?.statuses, same),
        ...optional('poolId', filter?.poolId, hash),
        ...optional('token', filter?.token, address),
      },
      page: pageRequest(page),
    });
    return connect(found, commandOf);
  }

  @Subscription(() => Command, {
    name: 'commands',
    description: 'Each command of the caller to a chain as it is after every change of it, from now on.',
    resolve: commandOf,
  })
  follow(
    @Caller() caller: string,
    @Args({ type: () => ChainArgs }) { chainId }: ChainArgs,
    @Context() { connection }: ApiContext,
  ): AsyncIterable<RequestView> {
    return this.feed.follow(caller, this.chains.meant(chainId).chainId, connection);
  }

  @ResolveField(() => Boolean, {
    description:
      'Something of it was left out for the rest to go on, and waits for an operator: what is told of it may lack that.',
  })
  parked(@Parent() { commandId }: Command, @Context() { loaders }: ApiContext): Promise<boolean> {
    return this.parkedCommands.isParked(loaders, commandId);
  }

  @ResolveField(() => Finality, { nullable: true, description: 'Null while it is not on the chain.' })
  async finality(
    @Parent() { chainId, blockNumber }: Command,
    @Context() { loaders }: ApiContext,
  ): Promise<Finality | null> {
    return chainId === null || blockNumber === null ? null : loaders.of(chainId).finality(blockNumber);
  }
}
