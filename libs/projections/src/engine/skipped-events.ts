import { SKIP_EVENTS, SkipsInLog } from '@abland/domain';
import type { EventStore } from '@abland/kernel';
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

/** What was asked for, and done. */
async function skippedInLog(store: EventStore): Promise<readonly SkippedEvent[]> {
  const skips = new SkipsInLog();
  for await (const page of store.readAll({ filter: { types: SKIP_EVENTS } }))
    for (const event of page) skips.see(event);
  return skips.done.flatMap(({ operationId, subject }) => {
    const parked = parkedByProjection(subject);
    return parked === null ? [] : [{ ...parked, operationId }];
  });
}

const SUBJECT = /^PROJECTION\/([a-z-]{1,60})\/([0-9a-f-]{36})$/;

/** What the id of a parked event says, where a projection parked it. */
export function parkedByProjection(id: string): Pick<SkippedEvent, 'projection' | 'eventId'> | null {
  const [, projection, eventId] = SUBJECT.exec(id) ?? [];
  return projection === undefined || eventId === undefined ? null : { projection, eventId };
}
