import { randomUUID } from 'node:crypto';
import { STATE_CHECKSUM_VERSIONS, type StateChecksumsRecorded, stateChecksumsStream } from '@abland/domain';
import type { EventStore, RecordedEvent } from '@abland/kernel';
import type { Pool } from 'pg';
import type { Projection } from '../engine/projection.js';
import { liveStates, type StateChecksums } from './live-states.js';

export type RecordedState = RecordedEvent<StateChecksumsRecorded>;

export interface RecordingPorts {
  /** Of the read models. */
  readonly pool: Pool;
  readonly store: EventStore;
  /** Who records: `process:<name>`, `operator:<name>`. */
  readonly actor: string;
}

/** Records in the log what live tables are now, and returns it. */
export async function recordStates(
  { actor, pool, store }: RecordingPorts,
  projections: readonly Projection[],
): Promise<readonly StateChecksums[]> {
  const states = await liveStates(pool, projections);
  for (const data of states) {
    const id = randomUUID();
    const metadata = { correlationId: id, causationId: data.after.id, actor };
    const version = STATE_CHECKSUM_VERSIONS.StateChecksumsRecorded;
    const event = { id, type: 'StateChecksumsRecorded', version, data, metadata };
    await store.append(stateChecksumsStream(data.projection), [event], 'any');
  }
  return states;
}

/** The newest that was recorded of a projection, of those that a condition holds of; null where there is none. */
export async function newestRecorded(
  store: Pick<EventStore, 'readStream'>,
  projection: string,
  counts: (recorded: RecordedState) => boolean = () => true,
): Promise<RecordedState | null> {
  const backward = { direction: 'backward' } as const;
  for await (const page of store.readStream(stateChecksumsStream(projection), backward))
    for (const event of page as readonly RecordedState[]) if (counts(event)) return event;
  return null;
}
