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
} from '@nestjs/graphql';
import { contractAt, describeCall } from '@abland/chain';
import { parseProposalId } from '@abland/domain';
import { listProposals, proposalById, type ProposalState as State } from '@abland/projections';
import { ApiError } from '../errors/api-error.js';
import type { ApiContext } from '../graphql/api-context.js';
import type { Connection } from '../graphql/connection.js';
import { AddressScalar, BigIntStringScalar } from '../graphql/scalars.js';
import { address, optional, same } from '../market/filters.js';
import { Finality } from '../market/finality.types.js';
import { PageArgs } from '../market/page.args.js';
import { connect, pageRequest } from '../market/page-request.js';
import { API } from '../server/dependencies.js';
import type { ApiServices } from '../server/services.js';
import {
  DecodedCall,
  Proposal,
  ProposalAction,
  ProposalConnection,
  proposalOf,
  ProposalState,
  ProposalVote,
  ProposalVoteConnection,
  voteOf,
} from './proposal.types.js';

@InputType()
export class ProposalFilterInput {
  @Field(() => ProposalState, { nullable: true })
  state?: State | null;

  @Field(() => AddressScalar, { nullable: true })
  proposer?: string | null;
}

@ArgsType()
export class ProposalsArgs extends PageArgs {
  @Field(() => ProposalFilterInput, { nullable: true })
  filter!: ProposalFilterInput | null;
}

@Resolver(() => Proposal)
export class ProposalsResolver {
  constructor(@Inject(API.services) private readonly api: ApiServices) {}

  @Query(() => Proposal, { nullable: true })
  async proposal(@Args('id', { type: () => BigIntStringScalar }) id: string): Promise<Proposal | null> {
    const { readModel, config } = this.api;
    const view = await proposalById(readModel, {
      chainId: config.chain.chainId,
      id: parseProposalId(id, 'id'),
    });
    return view === null ? null : proposalOf(view);
  }

  @Query(() => ProposalConnection, { description: 'Newest first, by place on the chain.' })
  async proposals(@Args() { filter, ...page }: ProposalsArgs): Promise<Connection<Proposal>> {
    const found = await listProposals(this.api.readModel, {
      chainId: this.api.config.chain.chainId,
      filter: {
        ...optional('state', filter?.state, same),
        ...optional('proposer', filter?.proposer, address),
      },
      page: pageRequest(page),
    });
    return connect(found, proposalOf);
  }

  @ResolveField(() => ProposalState)
  state(@Parent() { knownState }: Proposal): State {
    if (knownState !== null) return knownState;
    throw new ApiError('SERVICE_UNAVAILABLE', 'The settings of governance are not known yet');
  }

  @ResolveField(() => ProposalVoteConnection, { description: 'In the order in which they were cast.' })
  async votes(
    @Parent() { id }: Proposal,
    @Args({ type: () => PageArgs }) page: PageArgs,
    @Context() { loaders }: ApiContext,
  ): Promise<Connection<ProposalVote>> {
    const { first, after } = pageRequest(page);
    return connect(await loaders.votes.load({ proposalId: id, first, after }), voteOf);
  }

  @ResolveField(() => Finality, { description: 'Of its newest change: a vote, its queueing, its end.' })
  finality(@Parent() { updatedBlock }: Proposal, @Context() { loaders }: ApiContext): Promise<Finality> {
    return loaders.finality(updatedBlock);
  }
}

@Resolver(() => ProposalVote)
export class ProposalVotesResolver {
  @ResolveField(() => Finality)
  finality(@Parent() { blockNumber }: ProposalVote, @Context() { loaders }: ApiContext): Promise<Finality> {
    return loaders.finality(blockNumber);
  }
}

@Resolver(() => ProposalAction)
export class ProposalActionsResolver {
  constructor(@Inject(API.services) private readonly api: ApiServices) {}

  @ResolveField(() => DecodedCall, {
    nullable: true,
    description: 'Null where the target is no contract of ours, or the calldata no call that it knows.',
  })
  async call(
    @Parent() { target, calldata }: ProposalAction,
    @Context() { loaders }: ApiContext,
  ): Promise<DecodedCall | null> {
    const contract = contractAt(this.api.config.chain, target);
    if (contract !== null) return describeCall(contract, calldata);
    return (await loaders.token.load(target)) === null ? null : describeCall('ABToken', calldata);
  }
}
