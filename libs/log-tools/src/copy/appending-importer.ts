import type { EventStore, NewEvent, RecordedEvent } from '@abland/kernel';
import { type LogImporter, runsOf } from '@abland/event-store';

const LIMITS = { events: 500, bytes: Infinity };

/** Into any store by its own appends; the recorded times become those of the copy. */
export class AppendingImporter implements LogImporter {
  constructor(private readonly store: EventStore) {}

  async add(events: readonly RecordedEvent[]): Promise<void> {
    for (const run of runsOf(events, LIMITS, () => 0)) {
      const first = run[0] as RecordedEvent;
      const expected = first.revision === 0n ? 'no_stream' : first.revision - 1n;
      await this.store.append(first.stream, run.map(toNewEvent), expected);
    }
  }

  async flush(): Promise<void> {
    // each append was waited for
  }

  async close(): Promise<void> {
    // the store is its owner's
  }
}

function toNewEvent({ id, type, version, data, metadata }: RecordedEvent): NewEvent {
  return { id, type, version, data, metadata };
}
