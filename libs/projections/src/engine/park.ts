import { DomainError, type Logger, type RecordedEvent } from '@abland/kernel';
import { concernsOf } from './concerns.js';
import { BadEventError } from './errors.js';
import type { ProjectionRun } from './projection-run.js';
import type { Session } from './session.js';
import { storableText } from './values.js';

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
  /** Where our code was; null where what failed is no error. */
  readonly stack: string | null;
  /** See `concernsOf`. */
  readonly concerns: readonly string[];
}

const REASON_LENGTH_MAX = 2_000;
const STACK_LENGTH_MAX = 4_000;

/** Why an event is left out, and a line in the log: a warning where the event is at fault, an error where we are. */
export function parkedEvent(
  event: RecordedEvent,
  projection: string,
  error: unknown,
  logger: Logger,
): ParkedEvent {
  const ours = !(error instanceof BadEventError || error instanceof DomainError);
  const reason = error instanceof Error ? error.message : String(error);
  const parked: ParkedEvent = {
    eventId: event.id,
    position: event.position,
    stream: event.stream,
    type: event.type,
    code: ours ? 'PROJECTION_DEFECT' : error.code,
    reason: storableText(reason.slice(0, REASON_LENGTH_MAX)),
    defect: ours,
    stack: stackOf(error),
    concerns: concernsOf(event),
  };
  const fields = { err: error, projection, eventId: event.id, stream: event.stream, type: event.type };
  if (ours) logger.error(fields, 'a projection broke on an event and left it out');
  else logger.warn(fields, 'a projection parked an event');
  return parked;
}

const stackOf = (error: unknown): string | null =>
  error instanceof Error && typeof error.stack === 'string'
    ? storableText(error.stack.slice(0, STACK_LENGTH_MAX))
    : null;

/** Stores what a run left out in a batch that is over from now on. */
export function park(session: Session, run: ProjectionRun): Promise<unknown>[] {
  const { parked, schema } = run;
  run.parked = [];
  run.parkedBefore += parked.length;
  if (parked.length === 0) return [];
  const query = {
    text: `INSERT INTO ${schema}.parked_events (event_id, position, stream, type, code, reason, defect, stack, concerns)
           SELECT event_id, position, stream, type, code, reason, defect, stack, string_to_array(concerns, ' ')
           FROM unnest($1::uuid[], $2::numeric[], $3::text[], $4::text[], $5::text[], $6::text[], $7::boolean[], $8::text[], $9::text[])
             AS p(event_id, position, stream, type, code, reason, defect, stack, concerns)
           ON CONFLICT (event_id) DO NOTHING`,
    values: [
      parked.map((event) => event.eventId),
      parked.map((event) => event.position.toString()),
      parked.map((event) => event.stream),
      parked.map((event) => event.type),
      parked.map((event) => event.code),
      parked.map((event) => event.reason),
      parked.map((event) => event.defect),
      parked.map((event) => event.stack),
      parked.map((event) => event.concerns.join(' ')),
    ],
  };
  return [session.query(query)];
}
