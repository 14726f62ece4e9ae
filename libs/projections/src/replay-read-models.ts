import type { Clock, EventStore, Logger, Position } from '@abland/kernel';
import type { Pool } from 'pg';
import { replayInto } from './builds/replay.js';
import { PROJECTIONS, projectionNamed } from './projections.js';

const REPLAYED_AT_ONCE = 10_000;
const REPLAYED_ROWS_MAX = 300_000;

export interface ReplayReadModelsOptions {
  readonly pool: Pool;
  readonly store: EventStore;
  readonly logger: Logger;
  readonly clock: Clock;
  /** The last event that counts. */
  readonly until: Position;
  /** The name of a schema that there is not yet. */
  readonly into: string;
  /** By name; absent: all. */
  readonly projections?: readonly string[];
  readonly onProgress?: (position: Position) => void;
}

/**
 * The read models as they were at a position of the log, however long ago, as tables of a schema of their own. What is live goes on.
 * @throws SchemaTakenError; then, as with any other failure, nothing is left
 */
export async function replayReadModels({
  onProgress,
  projections,
  ...options
}: ReplayReadModelsOptions): Promise<void> {
  await replayInto({
    ...{
      ...options,
      projections: projections?.map(projectionNamed) ?? PROJECTIONS,
      batchSize: REPLAYED_AT_ONCE,
      cachedRowsMax: REPLAYED_ROWS_MAX,
    },
    onBatch: ({ batch }) => onProgress?.(batch.scannedTo),
  });
}
