import type { AnyEvent } from '@abland/domain';
import type { EventStore, RecordedEvent } from '@abland/kernel';
import type { Session } from './session.js';

/** That a projection leaves an event out for good, by an operator's decision. */
export interface SkippedEvent {
  readonly projection: string;
  readonly eventId: string;
  readonly operationId: string;
}

/** By projection the ids of events. */
export type SkippedEvents = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * What operators decided that is left out, for builds that are about to be kept. Who begins with the first event asks the log, which
 * tells it of every decision long before it comes to where that stands: a rebuild leaves out what the live one did.
 */
export async function skippedEvents(
  session: Session,
  store: EventStore,
  begins: boolean,
): Promise<SkippedEvents> {
  if (begins) await noteSkipped(session, await skippedInLog(store));
  const { rows } = await session.query<{ projection: string; event_ids: string[] }>(
    `SELECT projection, array_agg(event_id::text) AS event_ids FROM projections.skipped_events GROUP BY projection`,
  );
  return new Map(rows.map(({ event_ids, projection }) => [projection, new Set(event_ids)]));
}

/** Once each. */
export async function noteSkipped(session: Session, skipped: readonly SkippedEvent[]): Promise<void> {
  if (skipped.length === 0) return;
  await session.query({
    text: `INSERT INTO projections.skipped_events (projection, event_id, operation_id)
           SELECT * FROM unnest($1::text[], $2::uuid[], $3::uuid[]) ON CONFLICT DO NOTHING`,
    values: [
      skipped.map(({ projection }) => projection),
      skipped.map(({ eventId }) => eventId),
      skipped.map(({ operationId }) => operationId),
    ],
  });
}

const ACTS = { types: ['OperationRequested', 'OperationProposed', 'OperationCompleted'] } as const;

/** What was asked for, and done. */
async function skippedInLog(store: EventStore): Promise<readonly SkippedEvent[]> {
  const asked = new Map<string, SkippedEvent>();
  const done: SkippedEvent[] = [];
  for await (const page of store.readAll({ filter: ACTS })) {
    for (const event of page as readonly (RecordedEvent & AnyEvent)[]) {
      if (event.type === 'OperationRequested' || event.type === 'OperationProposed') {
        const skip = skipAskedBy(event.data);
        if (skip !== null) asked.set(skip.operationId, skip);
      } else if (event.type === 'OperationCompleted') {
        const skip = asked.get(event.data.operationId);
        if (skip !== undefined) done.push(skip);
      }
    }
  }
  return done;
}

const SUBJECT = /^PROJECTION\/([a-z-]{1,60})\/([0-9a-f-]{36})$/;

function skipAskedBy(asked: {
  readonly kind: string;
  readonly subject: string;
  readonly operationId: string;
}): SkippedEvent | null {
  const { kind, operationId, subject } = asked;
  const parked = kind === 'SKIP_PARKED_EVENT' ? parkedByProjection(subject) : null;
  return parked === null ? null : { ...parked, operationId };
}

/** What the id of a parked event says, where a projection parked it. */
export function parkedByProjection(id: string): Pick<SkippedEvent, 'projection' | 'eventId'> | null {
  const [, projection, eventId] = SUBJECT.exec(id) ?? [];
  return projection === undefined || eventId === undefined ? null : { projection, eventId };
}
