import { type Logger, Outages, systemTiming } from '@abland/kernel';
import { ApiError } from '../errors/api-error.js';
import { Pending } from './pending.js';
import type { SubscriberSocket } from './subscriber-socket.js';

export interface SharedLookOptions<State, Value> {
  /** What is followed, for the log. */
  readonly name: string;
  /** Milliseconds between two looks. */
  readonly everyMs: number;
  /** How many values may wait for a follower, one under each name; whoever lets more wait is too slow. */
  readonly pendingMax: number;
  readonly look: () => Promise<State>;
  /** For each follower: tells it what of a look is new to it. */
  readonly teller: (pending: Pending<Value>) => (state: State) => void;
  readonly logger: Logger;
}

/** One look again and again for all who follow, while anyone does. */
export class SharedLook<State, Value> {
  private readonly followers = new Map<Pending<Value>, (state: State) => void>();
  private looking: AbortController | null = null;

  private readonly interruptions: Outages;

  constructor(private readonly options: SharedLookOptions<State, Value>) {
    const { logger, name } = options;
    this.interruptions = new Outages({ logger, message: `following ${name} was interrupted` });
  }

  follow(connection: SubscriberSocket | null): AsyncIterableIterator<Value> {
    const pending: Pending<Value> = new Pending<Value>(
      this.options.pendingMax,
      () => this.leave(pending),
      () => connection?.close('TOO_SLOW'),
    );
    this.followers.set(pending, this.options.teller(pending));
    this.looking ??= this.start();
    return pending;
  }

  end(): void {
    for (const pending of this.followers.keys()) void pending.return();
  }

  private leave(pending: Pending<Value>): void {
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
      const state = await this.options.look();
      for (const tell of this.followers.values()) tell(state);
      await systemTiming.pause(this.options.everyMs, signal);
    }
  }

  /** Whoever follows is told that it ended, and may ask again. */
  private fail(ending: AbortController, error: unknown): void {
    if (ending.signal.aborted) return;
    this.interruptions.note(error);
    const interrupted = new ApiError('SERVICE_UNAVAILABLE', 'Following was interrupted; ask again');
    for (const pending of [...this.followers.keys()]) pending.fail(interrupted);
  }
}
