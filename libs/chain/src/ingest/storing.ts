import type { NewEvent, Revision } from '@abland/kernel';

type Append = (events: readonly NewEvent[], expected: Revision | null) => Promise<Revision>;

/** Stores groups of events in order, one at a time, while the next is made ready: memory holds two. */
export class Storing {
  #inHand: Promise<void> = Promise.resolve();

  /** @param revision after which the first group comes; null in an empty stream */
  constructor(
    private revision: Revision | null,
    private readonly append: Append,
  ) {}

  /** Waits until the group before is stored, not until these are. @throws what storing one before failed of */
  async add(groups: readonly (readonly NewEvent[])[]): Promise<void> {
    for (const events of groups) {
      await this.#inHand;
      this.#inHand = this.#store(events);
      this.#inHand.catch(() => undefined); // told by the next call
    }
  }

  /** The revision of the last event, once all are stored. @throws what storing them failed of */
  async end(): Promise<Revision | null> {
    await this.#inHand;
    return this.revision;
  }

  async #store(events: readonly NewEvent[]): Promise<void> {
    this.revision = await this.append(events, this.revision);
  }
}
