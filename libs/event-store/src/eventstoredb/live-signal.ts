import {
  type EventFilter,
  type FailureClass,
  failureClassOf,
  type Logger,
  type PartRun,
  supervise,
  type Supervised,
  orAborted,
} from '@abland/kernel';
import {
  END,
  type EventStoreDBClient,
  type Filter,
  eventTypeFilter,
  excludeSystemEvents,
  streamNameFilter,
} from '@eventstore/db-client';
import type { ChangeSignal } from '../reading/log-reader.js';
import { toStoreError } from './errors.js';

type Subscription = ReturnType<EventStoreDBClient['subscribeToAll']>;

const PAUSE_MS = { min: 50, max: 2_000 };
/** The defaults call back every 32 events scanned, which nobody here needs. */
const WINDOW = { maxSearchWindow: 10_000, checkpointInterval: 1_000 };

/**
 * Live subscriptions to $all, filtered on the server, that only tell that there is something to read. What a subscriber gets
 * it reads itself from its last position on, so that nothing depends on a live stream being complete: the server drops one
 * that lags by 32 events, ends it when it restarts, and never resumes it.
 */
export class LiveSignal implements ChangeSignal {
  private readonly running = new Set<Supervised>();

  constructor(
    private readonly client: EventStoreDBClient,
    private readonly logger: Logger,
  ) {}

  listen(callback: (position: string | null) => void, interest?: EventFilter): () => void {
    const running = supervise(
      { name: 'live subscription to EventStoreDB', run: (run) => this.follow(callback, interest, run) },
      { logger: this.logger, pauseMs: PAUSE_MS, failedPauseMs: PAUSE_MS.max, classify },
    );
    this.running.add(running);
    return () => {
      this.running.delete(running);
      void running.stop(); // never rejects
    };
  }

  async close(): Promise<void> {
    await Promise.all([...this.running].map((running) => running.stop()));
  }

  /** @throws what ended the subscription */
  private async follow(
    callback: (position: string | null) => void,
    interest: EventFilter | undefined,
    { progress, signal }: PartRun,
  ): Promise<void> {
    const subscription = this.client.subscribeToAll({ fromPosition: END, filter: serverFilter(interest) });
    const ended = new Promise<void>((resolve, reject) => {
      subscription.on('error', reject);
      subscription.on('end', resolve);
      subscription.on('close', resolve);
    });
    ended.catch(() => undefined); // awaited below; may reject before that
    subscription.on('confirmation', () => {
      progress();
      callback(null);
    });
    subscription.on('data', ({ event }) => callback(event?.position.commit.toString() ?? null));
    try {
      await orAborted(ended, signal);
    } finally {
      if (!signal.aborted) callback(null);
      await endQuietly(subscription);
    }
  }
}

const classify = (error: unknown): FailureClass => failureClassOf(toStoreError(error, 'a live subscription'));

/** The server filters on one thing only: on stream prefixes where given, else on types. */
function serverFilter(interest: EventFilter | undefined): Filter {
  if (interest?.streamPrefixes !== undefined && interest.streamPrefixes.length > 0) {
    return streamNameFilter({ ...WINDOW, prefixes: [...interest.streamPrefixes] });
  }
  if (interest?.types !== undefined && interest.types.length > 0) {
    const escaped = interest.types.map((type) => type.replaceAll('.', '\\.'));
    return eventTypeFilter({ ...WINDOW, regex: `^(${escaped.join('|')})$` });
  }
  return excludeSystemEvents(WINDOW);
}

async function endQuietly(subscription: Subscription): Promise<void> {
  subscription.on('error', () => undefined); // it has been told already
  await subscription.unsubscribe().catch(() => undefined); // never connected: nothing to end
  subscription.destroy();
}
