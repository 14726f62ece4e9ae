import { type EventReference, type EventStore, type Position, requireSameLog } from '@abland/kernel';
import type { FinalRevert } from './final-reverts.js';
import { Journal } from './journal.js';
import type { ParkedEvent } from './park.js';
import type { Projection } from './projection.js';
import { RowSet } from './row-set.js';

export type Target = 'live' | 'rebuild';

/** A projection being run, on its live tables or on rebuilt ones: its checkpoint, and rows that are known to be as stored. */
export interface ProjectionRun {
  readonly projection: Projection;
  readonly target: Target;
  readonly schema: string;
  /** As last read or written; any difference in the database means that another process moved it. */
  readonly generation: bigint;
  position: Position | null;
  lastEvent: EventReference | null;
  /** The newest block of each chain that nothing takes back any more. */
  readonly finalized: Map<number, number>;
  /** Where the log takes final blocks back, as far as that is known. */
  readonly finalReverts: readonly FinalRevert[];
  handled: number;
  defects: number;
  readonly rows: RowSet;
  readonly journal: Journal;
  /** States before this position can no longer be read; null: none was let go since the tables were begun. */
  keptFrom: Position | null;
  /** Milliseconds since the epoch: when the journal was pruned last. */
  prunedAt: number;
  /** Of the batch in hand. */
  parked: ParkedEvent[];
}

export interface StoredCheckpoint {
  readonly generation: bigint;
  readonly position: Position | null;
  readonly lastEvent: EventReference | null;
  readonly finalized: Readonly<Record<string, number>>;
  readonly handled: number;
  readonly defects: number;
}

export function createRun(
  projection: Projection,
  target: Target,
  schema: string,
  at: StoredCheckpoint,
  finalReverts: readonly FinalRevert[],
): ProjectionRun {
  return {
    projection,
    target,
    schema,
    generation: at.generation,
    position: at.position,
    lastEvent: at.lastEvent,
    finalized: new Map(Object.entries(at.finalized).map(([chain, number]) => [Number(chain), number])),
    finalReverts,
    handled: at.handled,
    defects: at.defects,
    rows: new RowSet(at.position === null),
    journal: new Journal(),
    keptFrom: null,
    prunedAt: 0,
    parked: [],
  };
}

/** @throws LogMismatchError where the log is not the one that the tables were built from */
export async function requireLogOf(run: ProjectionRun, store: EventStore): Promise<void> {
  const { lastEvent: event, position, projection } = run;
  if (position === null || event === null) return;
  await requireSameLog(store, `projection ${projection.name}`, { position, event });
}

/** Where a subscription for all of them must begin: after the furthest behind; null: at the first event. */
export function earliestPosition(runs: readonly ProjectionRun[]): Position | null {
  let earliest: Position | null = null;
  for (const { position } of runs) {
    if (position === null) return null;
    if (earliest === null || position < earliest) earliest = position;
  }
  return earliest;
}
