import { Inject } from '@nestjs/common';
import { Args, ArgsType, Context, Field, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import {
  feesInForceNow,
  governanceSettingsNow,
  listFeeChanges,
  votingPowerOf,
  type FeeKind as Kind,
} from '@abland/projections';
import { ApiError } from '../errors/api-error.js';
import type { ApiContext } from '../graphql/api-context.js';
import type { Connection } from '../graphql/connection.js';
import { AddressScalar } from '../graphql/scalars.js';
import { address, optional, same } from '../market/filters.js';
import { Finality } from '../market/finality.types.js';
import { PageArgs } from '../market/page.args.js';
import { connect, pageRequest } from '../market/page-request.js';
import { API } from '../server/dependencies.js';
import type { ApiServices } from '../server/services.js';
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
  constructor(@Inject(API.services) private readonly api: ApiServices) {}

  @Query(() => Governance, {
    nullable: true,
    description: 'Null where this chain’s governance is not followed.',
  })
  async governance(): Promise<Governance | null> {
    const addresses = this.api.config.chain.governance;
    if (addresses === null) return null;
    const settings = await governanceSettingsNow(this.api.readModel);
    if (settings === null) {
      throw new ApiError('SERVICE_UNAVAILABLE', 'The settings of governance are not known yet');
    }
    const { votingDelay, votingPeriod, timelockDelay, ...same } = settings;
    return {
      ...addresses,
      ...same,
      votingDelayBlocks: votingDelay,
      votingPeriodBlocks: votingPeriod,
      timelockDelaySeconds: timelockDelay,
    };
  }

  @ResolveField(() => Finality, { description: 'Of the newest change of a setting.' })
  finality(@Parent() { updatedBlock }: Governance, @Context() { loaders }: ApiContext): Promise<Finality> {
    return loaders.finality(updatedBlock);
  }
}

@Resolver(() => VotingPower)
export class VotingPowersResolver {
  constructor(@Inject(API.services) private readonly api: ApiServices) {}

  @Query(() => VotingPower, { description: 'The votes that an account has now.' })
  votingPower(@Args('address', { type: () => AddressScalar }) account: string): Promise<VotingPower> {
    return votingPowerOf(this.api.readModel, address(account, 'address'));
  }

  @ResolveField(() => Finality, { nullable: true, description: 'Null where nothing ever changed it.' })
  finality(
    @Parent() { updatedBlock }: VotingPower,
    @Context() { loaders }: ApiContext,
  ): Promise<Finality> | null {
    return updatedBlock === null ? null : loaders.finality(updatedBlock);
  }
}

@ArgsType()
export class FeeChangesArgs extends PageArgs {
  @Field(() => FeeKind, { nullable: true })
  kind!: Kind | null;
}

@Resolver(() => Fees)
export class FeesResolver {
  constructor(@Inject(API.services) private readonly api: ApiServices) {}

  @Query(() => Fees)
  async fees(): Promise<Fees> {
    const fees = await feesInForceNow(this.api.readModel);
    if (fees === null) throw new ApiError('SERVICE_UNAVAILABLE', 'The fees of the chain are not known yet');
    return {
      swapFeeBps: Number(fees.swapFee),
      protocolFeeBps: Number(fees.protocolFee),
      tokenCreationFee: fees.tokenCreationFee.toString(),
      updatedBlock: fees.updatedBlock,
    };
  }

  @ResolveField(() => Finality, { description: 'Of the newest change.' })
  finality(@Parent() { updatedBlock }: Fees, @Context() { loaders }: ApiContext): Promise<Finality> {
    return loaders.finality(updatedBlock);
  }
}

@Resolver(() => FeeChange)
export class FeeChangesResolver {
  constructor(@Inject(API.services) private readonly api: ApiServices) {}

  @Query(() => FeeChangeConnection, {
    description: 'Newest first; the first of each kind is of the deployment.',
  })
  async feeChanges(@Args() { kind, ...page }: FeeChangesArgs): Promise<Connection<FeeChange>> {
    const input = { filter: optional('kind', kind, same), page: pageRequest(page) };
    return connect(await listFeeChanges(this.api.readModel, input), feeChangeOf);
  }

  @ResolveField(() => Finality)
  finality(@Parent() { blockNumber }: FeeChange, @Context() { loaders }: ApiContext): Promise<Finality> {
    return loaders.finality(blockNumber);
  }
}
