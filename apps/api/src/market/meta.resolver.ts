import { Inject } from '@nestjs/common';
import { Query, Resolver } from '@nestjs/graphql';
import { readProgress } from '../health/progress.js';
import { API } from '../server/dependencies.js';
import type { ApiServices } from '../server/services.js';
import { instantOf } from './instant.js';
import { Meta } from './meta.types.js';

@Resolver(() => Meta)
export class MetaResolver {
  constructor(@Inject(API.services) private readonly api: ApiServices) {}

  @Query(() => Meta, { name: '_meta', description: 'Where the system stands.' })
  async meta(): Promise<Meta> {
    const { chain, position, logHead, lagSeconds, lagBlocks, chainHead } = await readProgress(this.api);
    const { chainId, tokenFactory, liquidityManager, forwarder } = this.api.config.chain;
    return {
      chainId,
      chainHead: chainHead ?? chain.number,
      indexedBlock: chain.number,
      indexedBlockHash: chain.hash,
      indexedBlockTime: chain.time === null ? null : instantOf(chain.time),
      finalizedBlock: chain.finalizedNumber,
      position: position?.toString() ?? null,
      logHead: logHead?.toString() ?? null,
      lagBlocks,
      lagSeconds,
      contracts: { tokenFactory, liquidityManager, forwarder },
    };
  }
}
