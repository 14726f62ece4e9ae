import {
  type ConsumeOptions,
  type Json,
  type LogMessage,
  type LogStream,
  type Offset,
  Wakeup,
} from '@abland/kernel';
import { LogStreamOffsetError } from '../messages/stream-errors.js';
import { encodeMessages } from '../messages/message-values.js';

const BATCH_SIZE = 500;
/** Nobody else publishes here: every message wakes its consumers. */
const IDLE_MS = 60_000;

interface Topic {
  messages: LogMessage[];
  last: Offset;
  readonly wakeups: Set<Wakeup>;
}

/** Topics in memory, for unit tests: the same laws, no durability. */
export class MemoryLogStream implements LogStream {
  private readonly topics = new Map<string, Topic>();
  private closed = false;

  async publish(topic: string, values: readonly Json[]): Promise<Offset> {
    const encoded = encodeMessages(topic, values);
    const to = this.topic(topic);
    for (const text of encoded) {
      to.last += 1n;
      to.messages.push({ offset: to.last, value: JSON.parse(text) as Json });
    }
    for (const wakeup of to.wakeups) wakeup.wake();
    return to.last;
  }

  async *consume(topic: string, options: ConsumeOptions): AsyncGenerator<readonly LogMessage[]> {
    const { signal, batchSize = BATCH_SIZE } = options;
    const from = this.topic(topic);
    const wakeup = new Wakeup();
    from.wakeups.add(wakeup);
    try {
      let after = options.after ?? this.firstKept(from) - 1n;
      if (after > from.last) throw offsetLost(topic, after);
      while (!signal.aborted && !this.closed) {
        if (after < this.firstKept(from) - 1n) throw offsetLost(topic, after);
        const start = Number(after - this.firstKept(from) + 1n);
        const messages = from.messages.slice(start, start + batchSize);
        if (messages.length > 0) yield messages;
        else await wakeup.wait(IDLE_MS, signal);
        after = messages.at(-1)?.offset ?? after;
      }
    } finally {
      from.wakeups.delete(wakeup);
    }
  }

  async last(topic: string): Promise<LogMessage | null> {
    return this.topics.get(topic)?.messages.at(-1) ?? null;
  }

  async trim(topic: string, upTo: Offset): Promise<void> {
    const from = this.topic(topic);
    from.messages = from.messages.filter(({ offset }) => offset > upTo || offset === from.last);
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const { wakeups } of this.topics.values()) for (const wakeup of wakeups) wakeup.wake();
  }

  private topic(name: string): Topic {
    const known = this.topics.get(name) ?? { messages: [], last: 0n, wakeups: new Set<Wakeup>() };
    this.topics.set(name, known);
    return known;
  }

  private firstKept(topic: Topic): Offset {
    return topic.messages[0]?.offset ?? topic.last + 1n;
  }
}

function offsetLost(topic: string, after: Offset): LogStreamOffsetError {
  return new LogStreamOffsetError('Messages after this offset are not in the log stream', {
    topic,
    after: after.toString(),
  });
}
