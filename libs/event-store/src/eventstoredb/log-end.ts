import type { Position, RecordedEvent } from '@abland/kernel';
import type { Mark } from '../reading/known-log.js';

/** A place of the whole log, with what is there. */
export interface Place extends Mark {
  /** Null for the server's own events, which share the log. */
  readonly event: RecordedEvent | null;
}

/** From the end where no position is given, else from before or at it. */
export type ReadBackward = (from: Position | null, count: number) => Promise<readonly Place[]>;

/** What the log's end was found to be, against what was known of it. */
export interface FoundEnd {
  /** The newest of our events; null where none has come. */
  readonly newest: Place | null;
  /** Whether reading back came to the record that was known to be there. */
  readonly goesOn: boolean;
}

const PAGE = { min: 32, max: 4_096 };

/**
 * The end of a log that its server writes to as well, its own events by the thousand. It is read back no further than to what is
 * known, in pages that grow: asked every second, it costs what came in that second.
 */
export class LogEnd {
  /** The newest record when it was last asked, whoever's. */
  private known: Mark | null = null;

  /** @param mark an event that is known to be there; reading ends at it too */
  async find(mark: Mark | null, read: ReadBackward): Promise<FoundEnd> {
    const until = later(this.known, mark);
    let end: Mark | null = null;
    let newest: Place | null = null;
    let from: Position | null = null;
    for (let count = PAGE.min; ; count = Math.min(count * 2, PAGE.max)) {
      const page: readonly Place[] = await read(from, count);
      const places = page.filter(({ position }) => position !== from);
      end ??= places[0] ?? null;
      newest ??= places.find(({ event, position }) => event !== null && isAfter(position, until)) ?? null;
      const met = places.find(({ position }) => !isAfter(position, until));
      const found = until === null ? newest !== null : met !== undefined;
      if (found || page.length < count) {
        this.known = end;
        return { newest, goesOn: until === null || met?.id === until.id };
      }
      from = places.at(-1)?.position ?? null;
    }
  }

  /** The log is another: nothing is known of its end. */
  forget(): void {
    this.known = null;
  }
}

const isAfter = (position: Position, mark: Mark | null): boolean => position > (mark?.position ?? -1n);

const later = (a: Mark | null, b: Mark | null): Mark | null => (isAfter(a?.position ?? -1n, b) ? a : b);
