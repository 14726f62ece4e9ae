import { type EventStore, type Position, requireSameLog, resumeFrom } from '@abland/kernel';
import type { Build, BuildState, LastEvent } from './build.js';
import type { FinalRevert } from './final-reverts.js';
import { Journal } from './journal.js';
import { KeptFrom } from './kept-from.js';
import type { ParkedEvent } from './park.js';
import type { Projection } from './projection.js';
import { RowSet } from './row-set.js';
import { Sums } from './sums.js';
import type { AnyTable } from './table.js';

/** A build being kept: its checkpoint, and rows that are known to be as stored. */
export interface ProjectionRun {
  readonly projection: Projection;
  /** Of the build. */
  readonly id: number;
  readonly schema: string;
  readonly state: BuildState;
  indexed: boolean;
  /** As last read or written; any difference in the database means that another process moved it. */
  readonly generation: bigint;
  /** Up to where the log was handled; once it is opened, no further than the last event by which the log is known. */
  position: Position | null;
  /** The position that was stored last. */
  storedPosition: Position | null;
  /** It had handled nothing when it was opened. */
  readonly startedEmpty: boolean;
  lastEvent: LastEvent | null;
  /** The newest block of each chain that nothing takes back any more. */
  readonly finalized: Map<number, number>;
  /** Where the log takes final blocks back, as far as that is known. */
  readonly finalReverts: readonly FinalRevert[];
  handled: number;
  defects: number;
  /** Events left out so far, those of the batch in hand not among them. */
  parkedBefore: number;
  readonly rows: RowSet;
  readonly sums: Sums;
  /** What did not add up, or was below zero: how many since it was stored last, and the newest of them. */
  violations: { count: number; last: string | null };
  /** Its tables that have no primary key yet. */
  readonly unkeyed: Set<AnyTable>;
  readonly journal: Journal;
  /** What was let go since it was opened. */
  readonly keptFrom: KeptFrom;
  /** When the journal was pruned last, by the timing of who keeps it, and what was final then. */
  prunedAt: number;
  prunedTo: ReadonlyMap<number, number>;
  /** Of the batch in hand. */
  parked: ParkedEvent[];
  /** Ids of the events that it leaves out by an operator's decision. */
  readonly skipped: ReadonlySet<string>;
}

/** What there is to know before a build is kept. */
export interface KnownOfBuild {
  readonly finalReverts?: readonly FinalRevert[];
  readonly unkeyed?: readonly AnyTable[];
  /** Ids of the events that it leaves out by an operator’s decision. */
  readonly skipped?: ReadonlySet<string> | undefined;
}

export function createRun(
  projection: Projection,
  build: Build,
  { finalReverts = [], skipped = new Set(), unkeyed = [] }: KnownOfBuild = {},
): ProjectionRun {
  const place = lastHandledBy(build);
  const sums = new Sums(projection.sums ?? []);
  return {
    projection,
    id: build.id,
    schema: build.schema,
    state: build.state,
    indexed: build.indexed,
    generation: build.generation,
    position: place === null || build.position === null ? build.position : resumeFrom(build.position, place),
    storedPosition: build.position,
    startedEmpty: build.position === null,
    lastEvent: build.lastEvent,
    finalized: new Map(Object.entries(build.finalized).map(([chain, number]) => [Number(chain), number])),
    finalReverts,
    handled: build.handled,
    defects: build.defects,
    parkedBefore: build.parked,
    rows: new RowSet(build.position === null, sums),
    sums,
    violations: { count: 0, last: null },
    unkeyed: new Set(unkeyed),
    journal: new Journal(),
    keptFrom: new KeptFrom(),
    prunedAt: -Infinity,
    prunedTo: new Map(),
    parked: [],
    skipped,
  };
}

/** @throws LogMismatchError where the log is not the one that the tables were built from */
export async function requireLogOf(run: ProjectionRun, store: EventStore): Promise<void> {
  const place = lastHandledBy(run);
  if (place !== null) await requireSameLog(store, `projection ${run.projection.name}`, place);
}

/** The last event that a build handled, and where it is; null where there is none to know the log by. */
export function lastHandledBy({
  lastEvent,
  position,
}: Pick<Build, 'lastEvent' | 'position'>): { position: Position; event: LastEvent } | null {
  if (position === null || lastEvent === null) return null;
  return {
    position: lastEvent.position === undefined ? position : BigInt(lastEvent.position),
    event: lastEvent,
  };
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
