import { contractSettingsNow, type ReadModel } from '@abland/projections';
import { Inject } from '@nestjs/common';
import { Args, Context, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { ChainArgs } from '../served-chains/chain.args.js';
import { ChainDirectory } from '../served-chains/chain-directory.js';
import { Finality } from '../served-chains/finality.types.js';
import type { ApiContext } from '../context/api-context.js';
import { PORT } from '../ports/ports.js';
import { contractSettings, ContractSettings } from './contract.types.js';

@Resolver(() => ContractSettings)
export class ContractsResolver {
  constructor(
    @Inject(ChainDirectory) private readonly chains: ChainDirectory,
    @Inject(PORT.readModel) private readonly readModel: ReadModel,
  ) {}

  @Query(() => [ContractSettings], {
    description:
      'What the contracts of a chain are set to, by address; `_meta.contracts` says which is which.',
  })
  async contracts(@Args({ type: () => ChainArgs }) { chainId }: ChainArgs): Promise<ContractSettings[]> {
    const settings = await contractSettingsNow(this.readModel, this.chains.meant(chainId).chainId);
    return settings.map(contractSettings);
  }

  @ResolveField(() => Finality, { description: 'Of the newest change.' })
  finality(
    @Parent() { chainId, updatedBlock }: ContractSettings,
    @Context() { loaders }: ApiContext,
  ): Promise<Finality> {
    return loaders.of(chainId).finality(updatedBlock);
  }
}
