import { chainStream } from '@abland/domain';
import {
  type EventStore,
  LogMismatchError,
  type NewEvent,
  type RecordedEvent,
  type Revision,
} from '@abland/kernel';

/**
 * What this program has seen of a chain's stream, for as long as it runs: a log that does not have it any more was emptied, or
 * exchanged for another. Nothing may be appended to such a one, since what was before would be missing for good.
 */
export class SeenLog {
  #last: { readonly revision: Revision; readonly id: string } | null = null;

  constructor(
    private readonly store: EventStore,
    private readonly chainId: number,
  ) {}

  /** The stream ends, or ended, with this event. */
  note({ id }: NewEvent | RecordedEvent, revision: Revision): void {
    this.#last = { id, revision };
  }

  /** @throws LogMismatchError */
  async require(): Promise<void> {
    if (this.#last === null) return;
    const { id, revision } = this.#last;
    const found = await this.#eventAt(revision);
    if (found?.id === id) return;
    throw new LogMismatchError(
      `The log has lost what it had of chain ${this.chainId}: it was emptied or exchanged while this program ran`,
      { chainId: this.chainId, revision: String(revision), expected: id, actual: found?.id ?? null },
    );
  }

  async #eventAt(from: Revision): Promise<RecordedEvent | null> {
    for await (const page of this.store.readStream(chainStream(this.chainId), { from, maxCount: 1 })) {
      for (const event of page) return event.revision === from ? event : null;
    }
    return null;
  }
}
