import {
  type ConsumeOptions,
  type Json,
  type Logger,
  type LogMessage,
  type LogStream,
  type Offset,
  type PublishOptions,
  type ReaderStatus,
  silentLogger,
} from '@abland/kernel';
import { Claims, fenced } from '../messages/claims.js';
import { encodeMessages, requireTopicName } from '../messages/message-values.js';
import { Readers } from '../messages/readers.js';
import { consumeTopic } from './consume-topic.js';
import type { KafkaConnection } from './client/kafka-connection.js';
import { isUnknownTopic, PartitionReader } from './partition-reader.js';
import { Publication } from './publication.js';
import { type EndOfTopic, TopicEnd } from './topic-end.js';
import { Topics } from './topics.js';

interface KnownEnd {
  readonly reader: PartitionReader;
  readonly end: TopicEnd;
}

/** A topic of one partition for each topic; whoever reads keeps the position, never Kafka. */
export class KafkaLogStream implements LogStream {
  readonly #topics: Topics;
  readonly #readers = new Readers();
  readonly #closing = new AbortController();
  readonly #ends = new Map<string, KnownEnd>();
  readonly #publications = new Map<string, Publication>();
  readonly #claims = new Claims<Publication>((topic, epoch) => this.#claim(topic, epoch));
  readonly #connection: KafkaConnection;
  readonly #logger: Logger;

  constructor(connection: KafkaConnection, logger: Logger) {
    this.#connection = connection;
    this.#logger = logger;
    this.#topics = new Topics(connection, logger);
  }

  async claim(topic: string, epoch: bigint): Promise<void> {
    requireTopicName(topic);
    await this.#claims.renew(topic, epoch);
  }

  async publish(topic: string, values: readonly Json[], options: PublishOptions = {}): Promise<Offset> {
    const encoded = encodeMessages(topic, values);
    const publication = (await this.#claims.of(topic, options)) ?? (await this.#unclaimed(topic));
    try {
      const last = await publication.send(encoded);
      return last ?? this.#claims.lost(topic, options);
    } catch (error) {
      // Whether it arrived nobody knows: what is published next is published by a new claim.
      if (publication.isOver) this.#claims.forget(topic, publication);
      throw error;
    }
  }

  async *consume(topic: string, options: ConsumeOptions): AsyncGenerator<readonly LogMessage[]> {
    const signal = AbortSignal.any([options.signal, this.#closing.signal]);
    const parts = { connection: this.#connection, logger: this.#logger, topics: this.#topics };
    const name = this.#named(topic);
    const standing = this.#readers.open(topic);
    try {
      yield* consumeTopic({ ...parts, standing }, name, { ...options, signal });
    } finally {
      standing.close();
    }
  }

  async last(topic: string): Promise<LogMessage | null> {
    const name = this.#named(topic);
    try {
      return (await this.#endOf(name)).last;
    } catch (error) {
      if (isUnknownTopic(error) && !this.#topics.isSound(name)) return null;
      throw error;
    }
  }

  async trim(topic: string, upTo: Offset): Promise<void> {
    const last = await this.last(topic);
    if (last === null) return;
    const { reader } = this.#end(this.#named(topic));
    const { start } = await reader.bounds();
    const before = upTo < last.offset ? upTo + 1n : last.offset;
    if (before > start) await this.#topics.deleteBefore(this.#named(topic), before);
  }

  readers(): readonly ReaderStatus[] {
    return this.#readers.statuses();
  }

  close(): Promise<void> {
    this.#closing.abort();
    for (const { reader } of this.#ends.values()) reader.close();
    for (const publication of this.#publications.values()) publication.close();
    return Promise.resolve();
  }

  #named(topic: string): string {
    requireTopicName(topic);
    return `${this.#connection.topicPrefix}${topic}`;
  }

  async #claim(topic: string, epoch: bigint): Promise<Publication> {
    const parts = await this.#publicationParts(topic);
    const publication = await Publication.claim(parts, epoch);
    if (publication === null) return fenced(topic, epoch, (await parts.end.read()).highest.epoch);
    return this.#keep(topic, publication);
  }

  async #unclaimed(topic: string): Promise<Publication> {
    const open = this.#publications.get(topic);
    if (open !== undefined && !open.isOver && open.mark.epoch === 0n) return open;
    return this.#keep(topic, await Publication.unclaimed(await this.#publicationParts(topic)));
  }

  #keep(topic: string, publication: Publication): Publication {
    this.#publications.get(topic)?.close();
    this.#publications.set(topic, publication);
    if (this.#closing.signal.aborted) publication.close();
    return publication;
  }

  async #publicationParts(topic: string) {
    const name = this.#named(topic);
    await this.#topics.ensure(name);
    return {
      connection: this.#connection,
      logger: this.#logger,
      topic: name,
      end: this.#end(name).end,
    };
  }

  #endOf(name: string): Promise<EndOfTopic> {
    return this.#end(name).end.read();
  }

  #end(name: string): KnownEnd {
    const known = this.#ends.get(name);
    if (known !== undefined) return known;
    const reader = new PartitionReader(this.#connection, name, this.#logger);
    const opened = { reader, end: new TopicEnd(reader, () => this.#topics.isSound(name)) };
    this.#ends.set(name, opened);
    return opened;
  }
}

/**
 * Whether a topic is there, by its whole name, without making it.
 * @throws TopicMisconfiguredError, LogStreamRefusedError, LogStreamUnavailableError
 */
export const isTopicThere = (connection: KafkaConnection, topic: string): Promise<boolean> =>
  new Topics(connection, silentLogger).check(topic);
