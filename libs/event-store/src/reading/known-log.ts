import { LogMismatchError, type Position } from '@abland/kernel';

/** An event by where it is: no other log has it there. */
export interface Mark {
  readonly position: Position;
  readonly id: string;
}

/**
 * What a process knows its log by: the newest event that it has seen there, and the id that PostgreSQL gives a log when it is made.
 * A log without them was emptied under the running system, put back to what it was before, or is another one: whoever follows or
 * appends asks for them, so that nothing is taken from such a log and nothing is written to it. What is known is kept when that
 * comes out: the right log, put back, is gone on with.
 */
export class KnownLog {
  /** Null until the log was asked, and where a store gives its logs no ids. */
  id: string | null = null;
  /** Null while the log is not known to have any event. */
  mark: Mark | null = null;

  /** Of what is surely in this log: an append that was answered, or what was read before the log was found to be ours. */
  note(seen: Mark | null): void {
    if (seen !== null && seen.position > (this.mark?.position ?? 0n)) this.mark = seen;
  }

  mismatch(cause?: unknown): LogMismatchError {
    const details = { position: this.mark?.position.toString() ?? null, eventId: this.mark?.id ?? null };
    return new LogMismatchError(
      'The log is not the one that this program has worked with: it was emptied, put back or replaced by another',
      details,
      cause,
    );
  }
}
