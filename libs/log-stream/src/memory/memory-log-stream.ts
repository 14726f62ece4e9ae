import {
  type ConsumeOptions,
  type Json,
  type LogMessage,
  type LogStream,
  type Offset,
  type PublishOptions,
  type ReaderStatus,
  Wakeup,
} from '@abland/kernel';
import { Claims, fenced } from '../messages/claims.js';
import { encodeMessages, inChunks, requireTopicName } from '../messages/message-values.js';
import { Readers } from '../messages/readers.js';
import { LogStreamOffsetError } from '../messages/errors.js';

const BATCH_SIZE = 500;
const BATCH_BYTES = 8 * 1024 * 1024;
/** Nobody else publishes here, every message wakes its consumers: so often they are told that nothing came. */
const IDLE_MS = 1_000;

interface Stored {
  readonly offset: Offset;
  readonly text: string;
}

export interface Topic {
  messages: Stored[];
  last: Offset;
  epoch: bigint;
  /** Made in all: the last of them publishes. */
  claims: number;
  readonly wakeups: Set<Wakeup>;
}

export type MemoryTopics = Map<string, Topic>;

/** Topics in memory, for unit tests: the same laws, no durability. */
export class MemoryLogStream implements LogStream {
  private closed = false;
  private readonly running = new Readers();
  private readonly claims = new Claims<number>((topic, epoch) => this.takeClaim(topic, epoch));

  /** @param topics shared with other streams where they stand for one server */
  constructor(private readonly topics: MemoryTopics = new Map()) {}

  async claim(topic: string, epoch: bigint): Promise<void> {
    requireTopicName(topic);
    await this.claims.renew(topic, epoch);
  }

  async publish(topic: string, values: readonly Json[], options: PublishOptions = {}): Promise<Offset> {
    const encoded = encodeMessages(topic, values);
    const claim = await this.claims.of(topic, options);
    const to = this.topic(topic);
    if (to.epoch !== (options.epoch ?? 0n) || (claim !== null && claim !== to.claims))
      this.claims.lost(topic, options, to.epoch);
    for (const text of encoded) {
      to.last += 1n;
      to.messages.push({ offset: to.last, text });
    }
    for (const wakeup of to.wakeups) wakeup.wake();
    return to.last;
  }

  async *consume(topic: string, options: ConsumeOptions): AsyncGenerator<readonly LogMessage[]> {
    const { signal, batchSize = BATCH_SIZE } = options;
    const from = this.topic(topic);
    const wakeup = new Wakeup();
    from.wakeups.add(wakeup);
    const reader = this.running.open(topic);
    try {
      let after = options.after ?? this.firstKept(from) - 1n;
      if (after > from.last) throw offsetLost(topic, after);
      while (!signal.aborted && !this.closed) {
        if (after < this.firstKept(from) - 1n) throw offsetLost(topic, after);
        const start = Number(after - this.firstKept(from) + 1n);
        const batch = batchOf(from.messages, start, batchSize);
        after = batch.at(-1)?.offset ?? after;
        options.onLook?.();
        reader.delivers(after, from.last);
        if (batch.length > 0) yield batch.map(toMessage);
        else await wakeup.wait(IDLE_MS, signal);
      }
    } finally {
      reader.close();
      from.wakeups.delete(wakeup);
    }
  }

  async last(topic: string): Promise<LogMessage | null> {
    const last = this.topics.get(topic)?.messages.at(-1);
    return last === undefined ? null : toMessage(last);
  }

  async trim(topic: string, upTo: Offset): Promise<void> {
    const from = this.topic(topic);
    from.messages = from.messages.filter(({ offset }) => offset > upTo || offset === from.last);
  }

  readers(): readonly ReaderStatus[] {
    return this.running.statuses();
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const { wakeups } of this.topics.values()) for (const wakeup of wakeups) wakeup.wake();
  }

  private async takeClaim(name: string, epoch: bigint): Promise<number> {
    const topic = this.topic(name);
    if (epoch < topic.epoch) fenced(name, epoch, topic.epoch);
    topic.epoch = epoch;
    topic.claims += 1;
    return topic.claims;
  }

  private topic(name: string): Topic {
    const known = this.topics.get(name) ?? {
      ...{ messages: [], last: 0n, epoch: 0n, claims: 0, wakeups: new Set<Wakeup>() },
    };
    this.topics.set(name, known);
    return known;
  }

  private firstKept(topic: Topic): Offset {
    return topic.messages[0]?.offset ?? topic.last + 1n;
  }
}

const toMessage = ({ offset, text }: Stored): LogMessage => ({ offset, value: JSON.parse(text) as Json });

function batchOf(messages: readonly Stored[], start: number, countMax: number): readonly Stored[] {
  const texts = messages.slice(start, start + countMax).map(({ text }) => text);
  const [first = []] = inChunks(texts, { bytesMax: BATCH_BYTES, countMax });
  return messages.slice(start, start + first.length);
}

function offsetLost(topic: string, after: Offset): LogStreamOffsetError {
  return new LogStreamOffsetError('Messages after this offset are not in the log stream', {
    topic,
    after: after.toString(),
  });
}
