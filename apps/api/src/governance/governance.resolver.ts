import { Inject } from '@nestjs/common';
import { Args, ArgsType, Context, Field, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import {
  feesInForceNow,
  governanceSettingsNow,
  listFeeChanges,
  type ReadModel,
  votingPowerOf,
  type FeeKind as Kind,
} from '@abland/projections';
import { ApiError } from '../errors/api-error.js';
import { StateArgs } from '../as-of/as-of.inputs.js';
import { PastStates } from '../as-of/past-states.js';
import { ChainArgs, ChainPageArgs } from '../served-chains/chain.args.js';
import { ChainDirectory } from '../served-chains/chain-directory.js';
import type { ApiContext } from '../context/api-context.js';
import type { Connection } from '../graphql/connection.js';
import { AddressScalar } from '../graphql/scalars.js';
import { address, optional, same } from '../graphql/filters.js';
import { Finality } from '../served-chains/finality.types.js';
import { connect, pageRequest } from '../graphql/page-request.js';
import { PORT } from '../ports/ports.js';
import {
  FeeChange,
  FeeChangeConnection,
  feeChangeOf,
  FeeKind,
  Fees,
  Governance,
  VotingPower,
} from './governance.types.js';

@Resolver(() => Governance)
export class GovernanceResolver {
  constructor(
    @Inject(ChainDirectory) private readonly chains: ChainDirectory,
    @Inject(PORT.readModel) private readonly readModel: ReadModel,
  ) {}

  @Query(() => Governance, {
    nullable: true,
    description: 'Null where this chain’s governance is not followed.',
  })
  async governance(
    @Args({ type: () => ChainArgs }) { chainId: asked }: ChainArgs,
  ): Promise<Governance | null> {
    const { chainId, governance: addresses } = this.chains.meant(asked);
    if (addresses === null) return null;
    const settings = await governanceSettingsNow(this.readModel, chainId);
    if (settings === null) {
      throw new ApiError('SERVICE_UNAVAILABLE', 'The settings of governance are not known yet');
    }
    const { timelockDelay, ...same } = settings;
    return { chainId, ...addresses, ...same, timelockDelaySeconds: timelockDelay };
  }

  @ResolveField(() => Finality, { description: 'Of the newest change of a setting.' })
  finality(
    @Parent() { chainId, updatedBlock }: Governance,
    @Context() { loaders }: ApiContext,
  ): Promise<Finality> {
    return loaders.of(chainId).finality(updatedBlock);
  }
}

@Resolver(() => VotingPower)
export class VotingPowersResolver {
  constructor(
    @Inject(ChainDirectory) private readonly chains: ChainDirectory,
    @Inject(PORT.readModel) private readonly readModel: ReadModel,
  ) {}

  @Query(() => VotingPower, { description: 'The votes that an account has now.' })
  votingPower(
    @Args('address', { type: () => AddressScalar }) account: string,
    @Args({ type: () => ChainArgs }) { chainId }: ChainArgs,
  ): Promise<VotingPower> {
    const chain = this.chains.meant(chainId);
    return votingPowerOf(this.readModel, {
      chainId: chain.chainId,
      account: address(account, 'address'),
    });
  }

  @ResolveField(() => Finality, { nullable: true, description: 'Null where nothing ever changed it.' })
  finality(
    @Parent() { chainId, updatedBlock }: VotingPower,
    @Context() { loaders }: ApiContext,
  ): Promise<Finality> | null {
    return updatedBlock === null ? null : loaders.of(chainId).finality(updatedBlock);
  }
}

@ArgsType()
export class FeeChangesArgs extends ChainPageArgs {
  @Field(() => FeeKind, { nullable: true })
  kind!: Kind | null;
}

@Resolver(() => Fees)
export class FeesResolver {
  constructor(
    @Inject(ChainDirectory) private readonly chains: ChainDirectory,
    @Inject(PORT.readModel) private readonly readModel: ReadModel,
    @Inject(PastStates) private readonly past: PastStates,
  ) {}

  @Query(() => Fees)
  async fees(@Args({ type: () => StateArgs }) { asOf, chainId: asked }: StateArgs): Promise<Fees> {
    const { chainId } = this.chains.meant(asked);
    const at = await this.past.asked(chainId, asOf);
    const fees = await feesInForceNow(this.readModel, chainId, at);
    if (fees === null) throw new ApiError('SERVICE_UNAVAILABLE', 'The fees of the chain are not known yet');
    return {
      at,
      chainId,
      swapFeeBps: Number(fees.swapFee),
      protocolFeeBps: Number(fees.protocolFee),
      tokenCreationFee: fees.tokenCreationFee.toString(),
      updatedBlock: fees.updatedBlock,
    };
  }

  @ResolveField(() => Finality, { description: 'Of the newest change.' })
  finality(
    @Parent() { at, chainId, updatedBlock }: Fees,
    @Context() { loaders }: ApiContext,
  ): Promise<Finality> {
    return loaders.of(chainId, at).finality(updatedBlock);
  }
}

@Resolver(() => FeeChange)
export class FeeChangesResolver {
  constructor(
    @Inject(ChainDirectory) private readonly chains: ChainDirectory,
    @Inject(PORT.readModel) private readonly readModel: ReadModel,
  ) {}

  @Query(() => FeeChangeConnection, {
    description: 'Newest first; the first of each kind is of the deployment.',
  })
  async feeChanges(
    @Args() { chainId: asked, kind, ...page }: FeeChangesArgs,
  ): Promise<Connection<FeeChange>> {
    const { chainId } = this.chains.meant(asked);
    const input = { chainId, filter: optional('kind', kind, same), page: pageRequest(page) };
    return connect(await listFeeChanges(this.readModel, input), feeChangeOf);
  }

  @ResolveField(() => Finality)
  finality(
    @Parent() { chainId, blockNumber }: FeeChange,
    @Context() { loaders }: ApiContext,
  ): Promise<Finality> {
    return loaders.of(chainId).finality(blockNumber);
  }
}
