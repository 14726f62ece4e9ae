import { type EventFilter, type Logger, Wakeup } from '@abland/kernel';
import {
  END,
  type EventStoreDBClient,
  type Filter,
  eventTypeFilter,
  excludeSystemEvents,
  streamNameFilter,
} from '@eventstore/db-client';
import type { ChangeSignal } from '../reading/log-reader.js';

type Subscription = ReturnType<EventStoreDBClient['subscribeToAll']>;

const RESUBSCRIBE_MS_MIN = 50;
const RESUBSCRIBE_MS_MAX = 2_000;
/** The defaults call back every 32 events scanned, which nobody here needs. */
const WINDOW = { maxSearchWindow: 10_000, checkpointInterval: 1_000 };

/**
 * Live subscriptions to $all, filtered on the server, that only tell that there is something to read. What a subscriber gets
 * it reads itself from its last position on, so that nothing depends on a live stream being complete: the server drops one
 * that lags by 32 events, ends it when it restarts, and never resumes it.
 */
export class LiveSignal implements ChangeSignal {
  private readonly closing = new AbortController();
  private readonly running = new Set<Promise<void>>();

  constructor(
    private readonly client: EventStoreDBClient,
    private readonly logger: Logger,
  ) {}

  listen(callback: (position: string | null) => void, interest?: EventFilter): () => void {
    const stop = new AbortController();
    const signal = AbortSignal.any([stop.signal, this.closing.signal]);
    const running = this.run(callback, interest, signal);
    this.running.add(running);
    void running.finally(() => this.running.delete(running));
    return () => stop.abort();
  }

  async close(): Promise<void> {
    this.closing.abort();
    await Promise.all(this.running);
  }

  private async run(
    callback: (position: string | null) => void,
    interest: EventFilter | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const pause = new Wakeup();
    let pauseMs = RESUBSCRIBE_MS_MIN;
    while (!signal.aborted) {
      const error = await this.follow(callback, interest, signal, () => (pauseMs = RESUBSCRIBE_MS_MIN));
      if (signal.aborted) return;
      this.logger.warn({ err: error, pauseMs }, 'live subscription to EventStoreDB ended, subscribing again');
      callback(null);
      await pause.wait(pauseMs, signal);
      pauseMs = Math.min(pauseMs * 2, RESUBSCRIBE_MS_MAX);
    }
  }

  /** Settles with what ended the subscription. */
  private async follow(
    callback: (position: string | null) => void,
    interest: EventFilter | undefined,
    signal: AbortSignal,
    onConfirmed: () => void,
  ): Promise<unknown> {
    const subscription = this.client.subscribeToAll({ fromPosition: END, filter: serverFilter(interest) });
    const ended = new Promise<unknown>((resolve) => {
      subscription.on('error', resolve);
      subscription.on('end', () => resolve(new Error('the subscription ended')));
      subscription.on('close', () => resolve(new Error('the subscription was closed')));
      signal.addEventListener('abort', () => resolve(null), { once: true });
    });
    subscription.on('confirmation', () => {
      onConfirmed();
      callback(null);
    });
    subscription.on('data', ({ event }) => callback(event?.position.commit.toString() ?? null));
    const error = await ended;
    await endQuietly(subscription);
    return error;
  }
}

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
