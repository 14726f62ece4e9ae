import type { RecordedEvent } from '@abland/kernel';

/**
 * Adds events to a log as they were recorded elsewhere: in their order, at their revisions and with their recorded times.
 * For a copy alone, into a log that nobody else writes to meanwhile. What was cut off at any moment leaves a beginning of
 * what was given, never a gap.
 */
export interface LogImporter {
  /**
   * Returns when more may be given, which is before these are stored: at most a few megabytes are under way.
   * @throws LogMismatchError where the log is not as these events need it: somebody else writes to it.
   */
  add(events: readonly RecordedEvent[]): Promise<void>;
  /** Returns when all is stored. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** Events of one stream that follow each other in the log, cut where they become too many or too large for one append. */
export function* runsOf<Event extends { readonly stream: string }>(
  events: Iterable<Event>,
  limits: { readonly events: number; readonly bytes: number },
  bytesOf: (event: Event) => number,
): Generator<Event[]> {
  let run: Event[] = [];
  let bytes = 0;
  for (const event of events) {
    const size = bytesOf(event);
    const full = run.length >= limits.events || bytes + size > limits.bytes;
    if (run[0] !== undefined && (full || run[0].stream !== event.stream)) {
      yield run;
      run = [];
      bytes = 0;
    }
    run.push(event);
    bytes += size;
  }
  if (run.length > 0) yield run;
}
