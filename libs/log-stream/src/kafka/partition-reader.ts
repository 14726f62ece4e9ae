import { type Logger, within } from '@abland/kernel';
import { errorTypeOf, reaching } from './client/failure.js';
import { KafkaClient, READ_UNCOMMITTED } from './client/kafka-client.js';
import type { Broker, Cluster } from './client/kafkajs-internals.js';
import type { KafkaConnection } from './client/kafka-connection.js';
import { parseRecord, type TopicRecord } from './records.js';

/** The one that each topic has: order holds within a partition only. */
export const PARTITION = 0;
const PAGE_BYTES = 8 * 1024 * 1024;
/** For connecting and one answer. */
const ANSWER_MS = 20_000;
/** Special timestamps of ListOffsets. */
const EARLIEST = -2;
const LATEST = -1;

export interface Page {
  /** In order, from the offset that was asked for on. */
  readonly records: readonly TopicRecord[];
  /** Where to read on. */
  readonly next: bigint;
  /** The offset that the topic's next record will have, as far as it is safe on all copies. */
  readonly end: bigint;
}

/**
 * Reads a partition from wherever its caller says, by connections of its own: no consumer group, so that nothing is rebalanced,
 * committed, or reset to another offset behind our back (kafkajs #1119). After a failure it connects anew, to whoever leads then.
 */
export class PartitionReader {
  #opened: { readonly client: KafkaClient; readonly cluster: Cluster; readonly ready: Promise<void> } | null =
    null;
  #closed = false;

  constructor(
    private readonly connection: KafkaConnection,
    /** With its prefix. */
    private readonly topic: string,
    private readonly logger: Logger,
  ) {}

  /** @param waitMs how long the broker waits for a record where there is none yet */
  async fetch(from: bigint, waitMs: number): Promise<Page> {
    const { topic } = this;
    const answer = await this.#ask(waitMs, (broker) =>
      broker.fetch({
        isolationLevel: READ_UNCOMMITTED,
        maxWaitTime: waitMs,
        minBytes: 1,
        maxBytes: PAGE_BYTES,
        topics: [
          {
            topic,
            partitions: [{ partition: PARTITION, fetchOffset: from.toString(), maxBytes: PAGE_BYTES }],
          },
        ],
      }),
    );
    const fetched = answer.responses[0]?.partitions[0];
    if (fetched === undefined) return { records: [], next: from, end: from };
    // A batch comes whole, also where an offset in its middle was asked for; a control record ends a stranger's transaction.
    const wanted = fetched.messages.filter(({ offset }) => BigInt(offset) >= from);
    const last = wanted.at(-1);
    return {
      records: wanted.filter(({ isControlRecord }) => isControlRecord !== true).map(parseRecord),
      next: last === undefined ? from : BigInt(last.offset) + 1n,
      end: BigInt(fetched.highWatermark),
    };
  }

  /** Offsets of the oldest record kept and of the one that comes next. */
  async bounds(): Promise<{ readonly start: bigint; readonly end: bigint }> {
    const offsetAt = async (timestamp: number): Promise<bigint> => {
      const { topic } = this;
      const answer = await this.#ask(0, (broker) =>
        broker.listOffsets({
          isolationLevel: READ_UNCOMMITTED,
          topics: [{ topic, partitions: [{ partition: PARTITION, timestamp }] }],
        }),
      );
      return BigInt(answer.responses[0]?.partitions[0]?.offset ?? 0);
    };
    return { start: await offsetAt(EARLIEST), end: await offsetAt(LATEST) };
  }

  close(): void {
    this.#closed = true;
    this.#discard();
  }

  async #ask<Answer>(waitMs: number, ask: (broker: Broker) => Promise<Answer>): Promise<Answer> {
    try {
      return await reaching(() => within(ANSWER_MS + waitMs, 'an answer of Kafka', this.#askLeader(ask)));
    } catch (error) {
      if (!isOutOfRange(error)) this.#discard();
      throw error;
    }
  }

  async #askLeader<Answer>(ask: (broker: Broker) => Promise<Answer>): Promise<Answer> {
    const { cluster, ready } = this.#open();
    await ready;
    const [leader] = Object.keys(cluster.findLeaderForPartitions(this.topic, [PARTITION]));
    if (leader === undefined) throw new Error('the partition has no leader');
    return ask(await cluster.findBroker({ nodeId: leader }));
  }

  #open(): { readonly cluster: Cluster; readonly ready: Promise<void> } {
    if (this.#closed) throw new Error('the reader is closed');
    if (this.#opened !== null) return this.#opened;
    const client = new KafkaClient(this.connection, this.logger);
    const cluster = client.cluster();
    const ready = cluster.connect().then(() => cluster.addTargetTopic(this.topic));
    ready.catch(() => undefined); // told to whoever asks
    this.#opened = { client, cluster, ready };
    return this.#opened;
  }

  #discard(): void {
    this.#opened?.client.close();
    this.#opened = null;
  }
}

/** The offset is not, or no longer, in the topic. */
export const isOutOfRange = (error: unknown): boolean => errorTypeOf(error) === 'OFFSET_OUT_OF_RANGE';

/** There is no such topic, as far as the broker that was asked knows. */
export const isUnknownTopic = (error: unknown): boolean =>
  errorTypeOf(error) === 'UNKNOWN_TOPIC_OR_PARTITION';
