import type { Clock } from '@abland/kernel';
import { listChainProviders } from '@abland/operations';
import { Inject } from '@nestjs/common';
import { Args, Query, Resolver } from '@nestjs/graphql';
import type pg from 'pg';
import { ChainArgs } from '../served-chains/chain.args.js';
import { ChainDirectory } from '../served-chains/chain-directory.js';
import { CallerSession } from '../context/api-context.js';
import { PORT } from '../ports/ports.js';
import { Roles } from '../roles/roles.js';
import type { SignedInSession } from '../sessions/session.js';
import { ChainProvider } from './chain-provider.types.js';

/** Whom the indexers ask; only for operators and auditors. */
@Resolver()
export class ChainProvidersResolver {
  constructor(
    @Inject(ChainDirectory) private readonly chains: ChainDirectory,
    @Inject(PORT.clock) private readonly clock: Clock,
    @Inject(Roles) private readonly roles: Roles,
    @Inject(PORT.pool) private readonly pool: pg.Pool,
  ) {}

  @Query(() => [ChainProvider], {
    description:
      'The providers of a chain in the order of preference, as its indexer told them last; none where no indexer ever did. Only for operators and auditors.',
  })
  async providers(
    @CallerSession() caller: SignedInSession,
    @Args({ type: () => ChainArgs }) { chainId }: ChainArgs,
  ): Promise<readonly ChainProvider[]> {
    await this.roles.require(caller, 'READ_INTERNAL');
    const { clock, pool } = this;
    return listChainProviders({ clock, pool }, [this.chains.meant(chainId).chainId]);
  }
}
