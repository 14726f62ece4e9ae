import type { EventStore, Supervised } from '@abland/kernel';
import { withClient } from '@abland/postgres';
import type { Pool } from 'pg';
import { definitionHash } from './engine/ddl.js';
import { PROJECTIONS, projectionNamed } from './projections.js';
import { checksumsIn, type StateChecksums } from './recorded-states/live-states.js';
import {
  newestRecorded,
  type RecordedState,
  type RecordingPorts,
  recordStates,
} from './recorded-states/record-states.js';
import { type StateRecorderOptions, startStateRecorder } from './recorded-states/start-recorder.js';

export type { RecordedState, RecordingPorts, StateChecksums };

/** Records what the live tables are, once a day and whenever others became live, until it is stopped. */
export const startRecordingStates = (options: Omit<StateRecorderOptions, 'projections'>): Supervised =>
  startStateRecorder({ ...options, projections: PROJECTIONS });

/** Records at once what the live tables of all projections are. */
export const recordLiveStates = (ports: RecordingPorts): Promise<readonly StateChecksums[]> =>
  recordStates(ports, PROJECTIONS);

/** The newest that was recorded of each projection before something came to be, in the order of their names. */
export async function statesRecorded(
  store: Pick<EventStore, 'readStream'>,
  counts: (recorded: RecordedState) => boolean,
): Promise<readonly RecordedState[]> {
  const found: RecordedState[] = [];
  for (const { name } of PROJECTIONS) {
    const newest = await newestRecorded(store, name, counts);
    if (newest !== null) found.push(newest);
  }
  return found;
}

/** Whether this version of the program would write the same tables. */
export const isOfThisVersion = ({ definition, projection }: StateChecksums): boolean =>
  PROJECTIONS.some((one) => one.name === projection && definitionHash(one) === definition);

/** What the tables of a replay are. @param names of the projections that were replayed; absent: all */
export async function replayedStates(
  pool: Pool,
  schema: string,
  names?: readonly string[],
): Promise<readonly Pick<StateChecksums, 'projection' | 'checksum' | 'tables'>[]> {
  const projections = names?.map(projectionNamed) ?? PROJECTIONS;
  return withClient(pool, async (client) => {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const states: Pick<StateChecksums, 'projection' | 'checksum' | 'tables'>[] = [];
    for (const projection of projections)
      states.push({ projection: projection.name, ...(await checksumsIn(client, schema, projection)) });
    await client.query('COMMIT');
    return states;
  });
}
