import { Inject } from '@nestjs/common';
import { Args, Query, Resolver } from '@nestjs/graphql';
import { ChainArgs } from '../served-chains/chain.args.js';
import { ChainDirectory } from '../served-chains/chain-directory.js';
import { reconciliationOf } from '../drift/drift.types.js';
import { instantOf } from '../graphql/instant.js';
import type { LagReader } from '../health/lag.js';
import type { StageWatch } from '../stages/stage-watch.js';
import { PORT } from '../ports/ports.js';
import { Meta } from './meta.types.js';

@Resolver(() => Meta)
export class MetaResolver {
  constructor(
    @Inject(ChainDirectory) private readonly chains: ChainDirectory,
    @Inject(PORT.progress) private readonly progress: LagReader,
    @Inject(PORT.stages) private readonly stages: StageWatch,
  ) {}

  @Query(() => Meta, { name: '_meta', description: 'Where the system stands.' })
  async meta(@Args({ type: () => ChainArgs }) args: ChainArgs): Promise<Meta> {
    const { chainId, tokenFactory, liquidityManager, forwarder } = this.chains.meant(args.chainId);
    const [{ position, logHead, lagSeconds }, onChain, stages, reconciliation] = await Promise.all([
      this.progress.ofLog(),
      this.progress.ofChain(chainId),
      this.stages.stages(),
      this.progress.ofReconciliation(chainId),
    ]);
    const { chain, chainHead, contactSeconds, drifts, lagBlocks, parkedLogs } = onChain;
    return {
      chainId,
      chainIds: this.chains.ids,
      chainHead: chainHead ?? chain.number,
      chainContactSeconds: contactSeconds,
      indexedBlock: chain.number,
      indexedBlockHash: chain.hash,
      indexedBlockTime: chain.time === null ? null : instantOf(chain.time),
      indexedBlockProof: chain.proof,
      indexedBlockProviders: chain.providers,
      finalizedBlock: chain.finalizedNumber,
      position: position?.toString() ?? null,
      logHead: logHead?.toString() ?? null,
      lagBlocks,
      lagSeconds,
      parkedLogs,
      drift: drifts === null ? null : drifts > 0,
      reconciliation: reconciliationOf(reconciliation),
      stages,
      contracts: { tokenFactory, liquidityManager, forwarder },
    };
  }
}
