import {
  type AppendResult,
  type EventBatch,
  type EventStore,
  EventStoreUnavailableError,
  type ExpectedRevision,
  type Logger,
  type NewEvent,
  type Position,
  type ReadAllOptions,
  type ReadStreamOptions,
  type RecordedEvent,
  type SubscribeOptions,
} from '@abland/kernel';
import type { EventStoreDBClient } from '@eventstore/db-client';
import { validateAppend } from '../append/append-validation.js';
import { readAllPages, readStreamPages } from '../reading/pages.js';
import { KnownLog } from '../reading/known-log.js';
import { Subscription } from '../reading/subscription.js';
import { AppendChannel } from './append-channel.js';
import { connect } from './connect.js';
import { EventStoreDbReader } from './eventstoredb-reader.js';
import { LiveSignal } from './live-signal.js';
import { StreamAppender } from './stream-appender.js';

export interface EventStoreDbOptions {
  /** `esdb://user:password@host:2113?tls=true`: credentials, TLS and cluster discovery are the URL's. */
  readonly connectionString: string;
  readonly logger: Logger;
  /** For how long the server may send nothing of a read; default: 10 s. */
  readonly readIdleMs?: number;
}

/** The log in EventStoreDB. Writing, reading and following have a client each, so that the failure of one leaves the others. */
export class EventStoreDbEventStore implements EventStore {
  private readonly clients: readonly EventStoreDBClient[];
  private readonly reader: EventStoreDbReader;
  private readonly appender: StreamAppender;
  private readonly live: LiveSignal;
  private readonly closing = new AbortController();
  private readonly logger: Logger;

  constructor({ connectionString, logger, readIdleMs }: EventStoreDbOptions) {
    const [writing, reading, following] = [
      connect(connectionString),
      connect(connectionString),
      connect(connectionString),
    ];
    this.clients = [writing, reading, following];
    this.logger = logger;
    const known = new KnownLog();
    const beside = new EventStoreDbReader(writing, known, readIdleMs);
    const channel = new AppendChannel(writing, () => beside.requireKnown());
    this.reader = new EventStoreDbReader(reading, known, readIdleMs);
    this.appender = new StreamAppender(channel, this.reader, known);
    this.live = new LiveSignal(following, logger);
  }

  async append(
    stream: string,
    events: readonly NewEvent[],
    expected: ExpectedRevision,
  ): Promise<AppendResult> {
    validateAppend(stream, events);
    if (this.closing.signal.aborted) throw new EventStoreUnavailableError('The event store is closed');
    return this.appender.append({ stream, events, expected });
  }

  readStream(stream: string, options?: ReadStreamOptions): AsyncIterable<readonly RecordedEvent[]> {
    return readStreamPages(this.reader, stream, options);
  }

  readAll(options?: ReadAllOptions): AsyncIterable<readonly RecordedEvent[]> {
    return readAllPages(this.reader, options);
  }

  subscribeToAll(options: SubscribeOptions): AsyncIterable<EventBatch> {
    const signal = AbortSignal.any([options.signal, this.closing.signal]);
    return new Subscription(this.reader, this.live, { ...options, signal }, this.logger).batches();
  }

  async head(): Promise<Position | null> {
    const head = await this.reader.head();
    return head === 0n ? null : head;
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.appender.idle();
    await this.live.close();
    for (const client of this.clients) await client.dispose();
  }
}
