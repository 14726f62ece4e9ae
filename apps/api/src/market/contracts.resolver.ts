import { contractSettingsNow, type ReadModel } from '@abland/projections';
import { Inject } from '@nestjs/common';
import { Args, Context, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { StateArgs } from '../as-of/as-of.inputs.js';
import { PastStates } from '../as-of/past-states.js';
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
    @Inject(PastStates) private readonly past: PastStates,
  ) {}

  @Query(() => [ContractSettings], {
    description:
      'What the contracts of a chain are set to, by address; `_meta.contracts` says which is which.',
  })
  async contracts(
    @Args({ type: () => StateArgs }) { asOf, chainId: asked }: StateArgs,
  ): Promise<ContractSettings[]> {
    const { chainId } = this.chains.meant(asked);
    const at = await this.past.asked(chainId, asOf);
    const settings = await contractSettingsNow(this.readModel, chainId, at);
    return settings.map((view) => contractSettings(view, at));
  }

  @ResolveField(() => Finality, { description: 'Of the newest change.' })
  finality(
    @Parent() { at, chainId, updatedBlock }: ContractSettings,
    @Context() { loaders }: ApiContext,
  ): Promise<Finality> {
    return loaders.of(chainId, at).finality(updatedBlock);
  }
}
