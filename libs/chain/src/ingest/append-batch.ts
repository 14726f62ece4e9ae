import type { NewEvent, Slices } from '@abland/kernel';

export interface AppendLimits {
  readonly eventsMax: number;
  /** Of all data of one append as JSON; EventStoreDB takes 1,048,576. */
  readonly bytesMax: number;
}

export const APPEND_LIMITS: AppendLimits = { eventsMax: 2000, bytesMax: 900_000 };

interface Group {
  readonly events: NewEvent[];
  bytes: number;
}

interface Sized {
  readonly event: NewEvent;
  readonly bytes: number;
}

/**
 * Gathers appends from messages in order: whole messages together as far as the limits allow; a message too large for one
 * append is cut into several of its own. What is gathered is bounded by one append and one message.
 */
export class AppendBatch {
  #group: Group = { events: [], bytes: 0 };

  constructor(
    private readonly limits: AppendLimits,
    private readonly slices: Slices,
  ) {}

  /** Takes the events of one message; returns the appends that are full by now. */
  async add(message: readonly NewEvent[]): Promise<NewEvent[][]> {
    const sized = await this.#measure(message);
    const bytes = sized.reduce((sum, one) => sum + one.bytes, 0);
    const full: NewEvent[][] = [];
    if (!this.#fits(message.length, bytes)) full.push(...this.end());
    for (const { event, bytes: size } of sized) {
      if (!this.#fits(1, size)) full.push(...this.end());
      this.#group.events.push(event);
      this.#group.bytes += size;
    }
    return full;
  }

  /** What is left; none where nothing is. */
  end(): NewEvent[][] {
    const { events } = this.#group;
    this.#group = { events: [], bytes: 0 };
    return events.length === 0 ? [] : [events];
  }

  #fits(events: number, bytes: number): boolean {
    const group = this.#group;
    return (
      group.events.length + events <= this.limits.eventsMax && group.bytes + bytes <= this.limits.bytesMax
    );
  }

  async #measure(message: readonly NewEvent[]): Promise<Sized[]> {
    const sized: Sized[] = [];
    for (const event of message) {
      if (this.slices.over) await this.slices.next();
      sized.push({ event, bytes: Buffer.byteLength(JSON.stringify(event.data)) });
    }
    return sized;
  }
}
