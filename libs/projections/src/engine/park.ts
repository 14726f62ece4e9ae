import { DomainError, type Logger, type RecordedEvent } from '@abland/kernel';
import { BadEventError } from './errors.js';

/** An event that a projection leaves out. */
export interface ParkedEvent {
  readonly eventId: string;
  readonly position: bigint;
  readonly stream: string;
  readonly type: string;
  readonly code: string;
  readonly reason: string;
  /** Our handler broke, rather than the event being wrong. */
  readonly defect: boolean;
}

const REASON_LENGTH_MAX = 2_000;

/** Why an event is left out, and a line in the log: a warning where the event is at fault, an error where we are. */
export function park(event: RecordedEvent, projection: string, error: unknown, logger: Logger): ParkedEvent {
  const ours = !(error instanceof BadEventError || error instanceof DomainError);
  const reason = error instanceof Error ? error.message : String(error);
  const parked: ParkedEvent = {
    eventId: event.id,
    position: event.position,
    stream: event.stream,
    type: event.type,
    code: ours ? 'PROJECTION_DEFECT' : error.code,
    reason: reason.replaceAll('\0', '\u{fffd}').toWellFormed().slice(0, REASON_LENGTH_MAX),
    defect: ours,
  };
  const fields = { err: error, projection, eventId: event.id, stream: event.stream, type: event.type };
  if (ours) logger.error(fields, 'a projection broke on an event and left it out');
  else logger.warn(fields, 'a projection parked an event');
  return parked;
}
