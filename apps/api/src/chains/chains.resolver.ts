import { Inject } from '@nestjs/common';
import { Query, Resolver } from '@nestjs/graphql';
import type { ChainHalted } from '@abland/domain';
import type { EventStore } from '@abland/kernel';
import { openHalt } from '@abland/operations';
import { chainHead, chainIdsOfReadModels, type ReadModel } from '@abland/projections';
import type { LagReader } from '../health/lag.js';
import { isSender, type Stage } from '../stages/stage.js';
import type { StageWatch } from '../stages/stage-watch.js';
import { PORT } from '../ports/ports.js';
import { Chain, type ChainAlarm } from './chain.types.js';
import { ChainDirectory } from '../served-chains/chain-directory.js';
import type { ServedChain } from '../served-chains/served-chain.js';

@Resolver(() => Chain)
export class ChainsResolver {
  constructor(
    @Inject(ChainDirectory) private readonly directory: ChainDirectory,
    @Inject(PORT.progress) private readonly progress: LagReader,
    @Inject(PORT.stages) private readonly stages: StageWatch,
    @Inject(PORT.readModel) private readonly readModel: ReadModel,
    @Inject(PORT.log) private readonly log: EventStore,
  ) {}

  @Query(() => [Chain], {
    description:
      'The chains of this deployment in the order that they are configured in, then those that were before.',
  })
  async chains(): Promise<readonly Chain[]> {
    const [stages, known] = await Promise.all([this.stages.stages(), chainIdsOfReadModels(this.readModel)]);
    const removed = known.filter((id) => !this.directory.ids.includes(id));
    return Promise.all([
      ...this.directory.ids.map((id) => this.served(this.directory.byId(id), stages)),
      ...removed.map((id) => this.removed(id)),
    ]);
  }

  private async served(chain: ServedChain, stages: readonly Stage[]): Promise<Chain> {
    const { chainId, finalityDepth, finalityTag, name = null, proof = null, quorum = 1 } = chain;
    const [progress, halt] = await Promise.all([this.progress.ofChain(chainId), openHalt(this.log, chainId)]);
    // An account that sends is not what follows the chain, and another does its work.
    const own = stages.filter((stage) => stage.chainId === chainId && !isSender(stage));
    return {
      ...{ chainId, name, proof, quorum },
      state: own.every(({ state }) => state === 'RUNNING') ? 'FOLLOWED' : 'TROUBLED',
      failure: own.find(({ failure }) => failure !== null)?.failure ?? null,
      alarm: halt === null ? null : alarmOf(halt),
      headBlock: progress.chainHead ?? progress.chain.number,
      indexedBlock: progress.chain.number,
      finalizedBlock: progress.chain.finalizedNumber,
      lagBlocks: progress.lagBlocks,
      contactSeconds: progress.contactSeconds,
      finalityRule: finalityTag ?? 'DEPTH',
      finalityDepth: finalityTag === undefined ? finalityDepth : null,
    };
  }

  private async removed(chainId: number): Promise<Chain> {
    const { finalizedNumber, number } = await chainHead(this.readModel, chainId);
    return {
      ...{ chainId, name: null, state: 'REMOVED', failure: null, alarm: null, headBlock: null },
      ...{ indexedBlock: number, finalizedBlock: finalizedNumber, lagBlocks: null, contactSeconds: null },
      ...{ finalityRule: null, finalityDepth: null, proof: null, quorum: null },
    };
  }
}

function alarmOf({ at, code, haltId, seen }: ChainHalted['data']): ChainAlarm {
  const block = seen?.block ?? null;
  return {
    ...{ id: haltId, reason: code, since: at, provider: seen?.provider ?? null },
    ...{ providerBlock: block?.number ?? null, providerHash: block?.hash ?? null },
  };
}
