import { type Logger, within } from '@abland/kernel';
import type { Message, Producer } from 'kafkajs';
import { inChunks } from '../messages/message-values.js';
import { LogStreamUnavailableError } from '../messages/errors.js';
import { reaching } from './client/failure.js';
import { KafkaClient } from './client/kafka-client.js';
import type { KafkaConnection } from './client/kafka-connection.js';
import { PARTITION } from './partition-reader.js';
import {
  claimMessage,
  compareMarks,
  drawLot,
  type PublisherMark,
  NO_MARK,
  valueMessages,
} from './records.js';
import { SEND_LIMITS } from './send-limits.js';
import type { TopicEnd } from './topic-end.js';

/** Longer than the client tries by itself while a broker leaves and another takes over. */
const SEND_MS = 30_000;

export interface PublicationParts {
  readonly connection: KafkaConnection;
  readonly logger: Logger;
  /** With its prefix. */
  readonly topic: string;
  readonly end: TopicEnd;
}

/**
 * What is published on a topic by one claim, through an idempotent producer of its own. After the first failure it is over: what it
 * sent may have arrived, may arrive yet, or never will, and the next claim decides that it no longer counts.
 */
export class Publication {
  #sending: Promise<unknown> = Promise.resolve();
  /** Offset that our next record has where nobody else writes. */
  #next: bigint | null = null;
  #over = false;

  private constructor(
    private readonly parts: PublicationParts,
    readonly mark: PublisherMark,
    private readonly client: KafkaClient,
    private readonly producer: Producer,
  ) {}

  /** Null where a higher epoch has claimed. */
  static async claim(parts: PublicationParts, epoch: bigint): Promise<Publication | null> {
    const { highest } = await parts.end.read();
    if (highest.epoch > epoch) return null;
    const claim = highest.epoch === epoch ? highest.claim + 1 : 1;
    const publication = await Publication.open(parts, { epoch, claim, lot: drawLot() });
    return (await publication.#sendNext([claimMessage(publication.mark)])) === null ? null : publication;
  }

  /** Of a topic that nobody claims. */
  static unclaimed(parts: PublicationParts): Promise<Publication> {
    return Publication.open(parts, NO_MARK);
  }

  private static async open(parts: PublicationParts, mark: PublisherMark): Promise<Publication> {
    const client = new KafkaClient(parts.connection, parts.logger);
    try {
      const producer = client.producer();
      await reaching(() => within(SEND_MS, 'connecting to Kafka', producer.connect()));
      return new Publication(parts, mark, client, producer);
    } catch (error) {
      client.close();
      throw error;
    }
  }

  get isOver(): boolean {
    return this.#over;
  }

  /** Offset of the last one; null where another publishes. */
  async send(texts: readonly string[]): Promise<bigint | null> {
    let last: bigint | null = null;
    for (const chunk of inChunks(texts, SEND_LIMITS)) {
      last = await this.#sendNext(valueMessages(this.mark, chunk));
      if (last === null) return null;
    }
    return last;
  }

  close(): void {
    this.#over = true;
    this.client.close();
  }

  /** One after the other, whoever calls. */
  #sendNext(messages: Message[]): Promise<bigint | null> {
    const sending = this.#sending.then(async () => {
      if (this.#over) throw new LogStreamUnavailableError('The publication is over', {});
      try {
        const last = await this.#sendNow(messages);
        if (last === null) this.close();
        return last;
      } catch (error) {
        this.close();
        throw error;
      }
    });
    this.#sending = sending.catch(() => undefined);
    return sending;
  }

  async #sendNow(messages: Message[]): Promise<bigint | null> {
    const { topic } = this.parts;
    const sent = await reaching(() =>
      within(
        SEND_MS,
        'a send to Kafka',
        this.producer.send({
          topic,
          acks: -1,
          messages: messages.map((message) => ({ ...message, partition: PARTITION })),
        }),
      ),
    );
    const first = BigInt(sent[0]?.baseOffset ?? -1);
    if (first < 0n) throw new LogStreamUnavailableError('Kafka does not tell where the messages are', {});
    // Somebody else wrote in between: one who follows us, say. The order of the topic decides.
    if (first !== this.#next && !(await this.#stillPublishes())) return null;
    this.#next = first + BigInt(messages.length);
    return this.#next - 1n;
  }

  async #stillPublishes(): Promise<boolean> {
    const { highest } = await this.parts.end.read();
    return compareMarks(highest, this.mark) <= 0;
  }
}
