import { type Clock, type Logger, systemTiming } from '@abland/kernel';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { ApiError } from '../errors/api-error.js';
import type { ProgressReader } from '../health/progress.js';
import { behindOf } from '../health/stage-history.js';
import type { StageWatch } from '../health/stage-watch.js';
import { PORT } from '../ports/ports.js';
import { Pending } from '../subscriptions/pending.js';
import type { SubscriberSocket } from '../subscriptions/subscriber-socket.js';
import type { Pipeline, PipelineHistory } from './pipeline.types.js';

const TELL_EVERY_MS = 1_000;
/** Each value takes the place of the one before. */
const PENDING_MAX = 1;

/** Tells followers every second how the data's way is: one look for all of them, while anyone follows. */
@Injectable()
export class PipelineFeed implements OnApplicationShutdown {
  private readonly followers = new Set<Pending<Pipeline>>();
  private looking: AbortController | null = null;

  constructor(
    @Inject(PORT.stages) private readonly watch: StageWatch,
    @Inject(PORT.progress) private readonly progress: ProgressReader,
    @Inject(PORT.clock) private readonly clock: Clock,
    @Inject(PORT.logger) private readonly logger: Logger,
  ) {}

  follow(connection: SubscriberSocket | null): AsyncIterableIterator<Pipeline> {
    const pending: Pending<Pipeline> = new Pending<Pipeline>(
      PENDING_MAX,
      () => this.leave(pending),
      () => connection?.close('TOO_SLOW'),
    );
    this.followers.add(pending);
    this.looking ??= this.start();
    return pending;
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
    for (const pending of this.followers) void pending.return();
  }

  private leave(pending: Pending<Pipeline>): void {
    this.followers.delete(pending);
    if (this.followers.size > 0) return;
    this.looking?.abort();
    this.looking = null;
  }

  private start(): AbortController {
    const ending = new AbortController();
    void this.run(ending.signal).catch((error: unknown) => this.fail(ending, error));
    return ending;
  }

  private async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const pipeline = await this.read();
      for (const pending of this.followers) pending.push('pipeline', pipeline);
      await systemTiming.pause(TELL_EVERY_MS, signal);
    }
  }

  /** Whoever follows is told that it ended, and may ask again. */
  private fail(ending: AbortController, error: unknown): void {
    if (ending.signal.aborted) return;
    this.logger.warn({ err: error }, 'following the data’s way was interrupted');
    const interrupted = new ApiError('SERVICE_UNAVAILABLE', 'Following was interrupted; ask again');
    for (const pending of [...this.followers]) pending.fail(interrupted);
  }
}
