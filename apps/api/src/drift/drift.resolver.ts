import { listDrift, type ReadModel } from '@abland/projections';
import { Inject } from '@nestjs/common';
import { Args, Query, Resolver } from '@nestjs/graphql';
import { ChainDirectory } from '../served-chains/chain-directory.js';
import type { Connection } from '../graphql/connection.js';
import { connect, pageRequest } from '../graphql/page-request.js';
import { PORT } from '../ports/ports.js';
import { type Drift, DriftArgs, DriftConnection, driftOf } from './drift.types.js';

/** Where the answers were found to differ from the chain. */
@Resolver()
export class DriftResolver {
  constructor(
    @Inject(ChainDirectory) private readonly chains: ChainDirectory,
    @Inject(PORT.readModel) private readonly readModel: ReadModel,
  ) {}

  @Query(() => DriftConnection, {
    description:
      'Where the answers were found to differ from the chain, newest first; `_meta.reconciliation` says how much was compared, and when.',
  })
  async drift(
    @Args({ type: () => DriftArgs }) { chainId, open, ...page }: DriftArgs,
  ): Promise<Connection<Drift>> {
    const asked = { chainId: this.chains.meant(chainId).chainId, page: pageRequest(page) };
    const only = open === null || open === undefined ? {} : { open };
    return connect(await listDrift(this.readModel, { ...asked, ...only }), driftOf);
  }
}
