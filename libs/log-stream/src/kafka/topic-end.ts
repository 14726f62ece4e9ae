import { type LogMessage, retrying } from '@abland/kernel';
import { LogStreamUnavailableError } from '../messages/errors.js';
import { Fence } from './fence.js';
import { isOutOfRange, isUnknownTopic, type Page, type PartitionReader } from './partition-reader.js';
import type { PublisherMark, ValueRecord } from './records.js';
import { SEND_LIMITS } from './send-limits.js';
import { toMessage } from './to-message.js';

/**
 * Records to look back over to know by what mark a topic is published. One that was followed learns it by the first of its sends
 * that comes too late, so that no more of it than that can lie at the end: this is room for several.
 */
export const LOOK_BACK = BigInt(3 * SEND_LIMITS.countMax);

const LEARNT_MS_MAX = 10_000;

export interface EndOfTopic {
  readonly last: LogMessage | null;
  /** By what mark it is published. */
  readonly highest: PublisherMark;
  /** Every record before this one was looked at. */
  readonly end: bigint;
}

/** Knows the end of a topic: looked for once, then followed whenever somebody asks. */
export class TopicEnd {
  #known: EndOfTopic | null = null;
  #reading: Promise<unknown> = Promise.resolve();

  /** @param isThere whether the topic is known to be there, so that a broker which does not know it has yet to learn of it */
  constructor(
    private readonly reader: PartitionReader,
    private readonly isThere: () => boolean,
  ) {}

  read(): Promise<EndOfTopic> {
    const reading = this.#reading.then(() =>
      retrying(() => this.#read(), {
        totalMsMax: LEARNT_MS_MAX,
        classify: (error) => (isUnknownTopic(error) && this.isThere() ? 'LATER' : 'WRONG'),
      }),
    );
    this.#reading = reading.catch(() => undefined);
    return reading;
  }

  async #read(): Promise<EndOfTopic> {
    try {
      this.#known = this.#known === null ? await this.#lookBack() : await this.#follow(this.#known);
      return this.#known;
    } catch (error) {
      if (this.#known === null || !isOutOfRange(error)) throw error;
      // The topic was made anew, or retention took all that was known.
      this.#known = await this.#lookBack();
      return this.#known;
    }
  }

  async #lookBack(): Promise<EndOfTopic> {
    const { start, end } = await this.reader.bounds();
    for (let back = LOOK_BACK; ; back *= 8n) {
      const from = end - back > start ? end - back : start;
      const found = await this.#scan(from, new Fence(), null);
      if (found.last !== null || from === start) return found;
    }
  }

  async #follow(known: EndOfTopic): Promise<EndOfTopic> {
    const page = await this.reader.fetch(known.end, 0);
    if (page.end - known.end > 8n * LOOK_BACK) return this.#lookBack();
    return this.#scan(known.end, new Fence(known.highest), known.last, page);
  }

  /** @param first the page from there on, where it was fetched already */
  async #scan(from: bigint, fence: Fence, before: LogMessage | null, first?: Page): Promise<EndOfTopic> {
    let newest: ValueRecord | null = null;
    let page = first;
    for (let position = from; ;) {
      const { end, next, records } = page ?? (await this.reader.fetch(position, 0));
      page = undefined;
      for (const record of records) {
        if (fence.admits(record) && record.kind === 'value') newest = record;
      }
      if (next >= end)
        return { last: newest === null ? before : toMessage(newest), highest: fence.highest, end: next };
      if (next === position) throw new LogStreamUnavailableError('Kafka gave nothing of what it has', {});
      position = next;
    }
  }
}
