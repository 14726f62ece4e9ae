import type { Clock, Logger } from '@abland/kernel';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { LagReader } from '../health/lag.js';
import { behindOf } from '../stages/stage-history.js';
import type { StageWatch } from '../stages/stage-watch.js';
import { PORT } from '../ports/ports.js';
import { SharedLook } from '../subscriptions/shared-look.js';
import type { SubscriberSocket } from '../subscriptions/subscriber-socket.js';
import type { Pipeline, PipelineHistory } from './pipeline.types.js';

const TELL_EVERY_MS = 1_000;
/** Each value takes the place of the one before. */
const PENDING_MAX = 1;

/** Tells followers every second how the pipeline is. */
@Injectable()
export class PipelineFeed implements OnApplicationShutdown {
  private readonly shared: SharedLook<Pipeline, Pipeline>;

  constructor(
    @Inject(PORT.stages) private readonly watch: StageWatch,
    @Inject(PORT.progress) private readonly progress: LagReader,
    @Inject(PORT.clock) private readonly clock: Clock,
    @Inject(PORT.logger) logger: Logger,
  ) {
    this.shared = new SharedLook<Pipeline, Pipeline>({
      ...{ name: 'the pipeline', everyMs: TELL_EVERY_MS, pendingMax: PENDING_MAX, logger },
      look: () => this.read(),
      teller: (pending) => (pipeline) => pending.push('pipeline', pipeline),
    });
  }

  follow(connection: SubscriberSocket | null): AsyncIterableIterator<Pipeline> {
    return this.shared.follow(connection);
  }

  async read(): Promise<Pipeline> {
    const [{ stages }, { lagSeconds, logHead, position }] = await Promise.all([
      this.watch.paced(),
      this.progress.ofLog(),
    ]);
    return {
      ...{ at: new Date(this.clock()).toISOString(), logHead, answersAt: position, lagSeconds },
      stages: stages.map((stage) => ({
        ...stage,
        unit: /^(indexer|ingester)-/.test(stage.name) ? 'BLOCKS' : 'POSITIONS',
        behind: behindOf(stage),
      })),
    };
  }

  async history(): Promise<readonly PipelineHistory[]> {
    const stages = await this.watch.stages();
    return stages.map(({ name }) => {
      const samples = this.watch.samplesOf(name);
      return {
        name,
        at: samples.map(({ at }) => at / 1000),
        behind: samples.map(({ behind }) => behind ?? -1),
        perSecond: samples.map(({ perSecond }) => perSecond),
      };
    });
  }

  onApplicationShutdown(): void {
    this.shared.end();
  }
}
