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
import {
  listProposals,
  proposalById,
  type ProposalState as State,
  type ReadModel,
} from '@abland/projections';
import { ApiError } from '../errors/api-error.js';
import { ChainArgs, ChainPageArgs } from '../served-chains/chain.args.js';
import { ChainDirectory } from '../served-chains/chain-directory.js';
import type { ApiContext } from '../context/api-context.js';
import type { Connection } from '../graphql/connection.js';
import { AddressScalar, BigIntStringScalar } from '../graphql/scalars.js';
import { address, optional, same } from '../graphql/filters.js';
import { Finality } from '../served-chains/finality.types.js';
import { PageArgs } from '../graphql/page.args.js';
import { connect, pageRequest } from '../graphql/page-request.js';
import { PORT } from '../ports/ports.js';
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
export class ProposalsArgs extends ChainPageArgs {
  @Field(() => ProposalFilterInput, { nullable: true })
  filter!: ProposalFilterInput | null;
}

@Resolver(() => Proposal)
export class ProposalsResolver {
  constructor(
    @Inject(ChainDirectory) private readonly chains: ChainDirectory,
    @Inject(PORT.readModel) private readonly readModel: ReadModel,
  ) {}

  @Query(() => Proposal, { nullable: true })
  async proposal(
    @Args('id', { type: () => BigIntStringScalar }) id: string,
    @Args({ type: () => ChainArgs }) { chainId }: ChainArgs,
  ): Promise<Proposal | null> {
    const chain = this.chains.meant(chainId);
    const input = { chainId: chain.chainId, id: parseProposalId(id, 'id') };
    const view = await proposalById(this.readModel, input);
    return view === null ? null : proposalOf(view);
  }

  @Query(() => ProposalConnection, { description: 'Newest first, by place on the chain.' })
  async proposals(@Args() { chainId, filter, ...page }: ProposalsArgs): Promise<Connection<Proposal>> {
    const found = await listProposals(this.readModel, {
      chainId: this.chains.meant(chainId).chainId,
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
    @Parent() { chainId, id }: Proposal,
    @Args({ type: () => PageArgs }) page: PageArgs,
    @Context() { loaders }: ApiContext,
  ): Promise<Connection<ProposalVote>> {
    const { first, after } = pageRequest(page);
    return connect(await loaders.of(chainId).votes.load({ proposalId: id, first, after }), voteOf);
  }

  @ResolveField(() => Finality, { description: 'Of its newest change: a vote, its queueing, its end.' })
  finality(
    @Parent() { chainId, updatedBlock }: Proposal,
    @Context() { loaders }: ApiContext,
  ): Promise<Finality> {
    return loaders.of(chainId).finality(updatedBlock);
  }
}

@Resolver(() => ProposalVote)
export class ProposalVotesResolver {
  @ResolveField(() => Finality)
  finality(
    @Parent() { chainId, blockNumber }: ProposalVote,
    @Context() { loaders }: ApiContext,
  ): Promise<Finality> {
    return loaders.of(chainId).finality(blockNumber);
  }
}

@Resolver(() => ProposalAction)
export class ProposalActionsResolver {
  constructor(@Inject(ChainDirectory) private readonly chains: ChainDirectory) {}

  @ResolveField(() => DecodedCall, {
    nullable: true,
    description: 'Null where the target is no contract of ours, or the calldata no call that it knows.',
  })
  async call(
    @Parent() { chainId, target, calldata }: ProposalAction,
    @Context() { loaders }: ApiContext,
  ): Promise<DecodedCall | null> {
    const contract = contractAt(this.chains.byId(chainId), target);
    if (contract !== null) return describeCall(contract, calldata);
    return (await loaders.of(chainId).token.load(target)) === null ? null : describeCall('ABToken', calldata);
  }
}
