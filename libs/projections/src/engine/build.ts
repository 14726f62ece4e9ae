import type { EventReference, Position } from '@abland/kernel';

/**
 * BUILDING: read in from the log, or on its way to its end. PAUSED: until an operator lets it go on. READY: level with the log, and
 * kept so until it is promoted. LIVE: what readers see. RETIRED: was live before, and kept for a switch back. FAILED: stopped on
 * what no repetition helps.
 */
export type BuildState = 'BUILDING' | 'PAUSED' | 'READY' | 'LIVE' | 'RETIRED' | 'FAILED';

/** The event that a checkpoint was taken after, by which the log is known again. */
export interface LastEvent extends EventReference {
  /** Decimal text; absent in checkpoints of earlier versions, where it is the checkpoint's own. */
  readonly position?: string;
}

/** Tables of a projection, built from the log: how far, by which definition, and why they are there. */
export interface Build {
  readonly id: number;
  readonly projection: string;
  /** Of the program that made it: changes when the tables or what is written into them do. */
  readonly definition: string;
  /** Of that program's projection; null where it was made before versions were kept. */
  readonly version: number | null;
  /** Its tables, its journal and its parked events lie in it, and nothing else. */
  readonly schema: string;
  readonly state: BuildState;
  /** Grows whenever somebody else than who keeps it moves or changes it. */
  readonly generation: bigint;
  /** Up to where the log was handled; null: it was not begun. */
  readonly position: Position | null;
  readonly lastEvent: LastEvent | null;
  /** The newest final block of each chain. */
  readonly finalized: Readonly<Record<string, number>>;
  readonly handled: number;
  readonly defects: number;
  readonly parked: number;
  /** Whether the secondary indexes are there; a build far behind is written without them. */
  readonly indexed: boolean;
  /** Promoted as soon as it is level, without an operator. */
  readonly promotesItself: boolean;
  /** It cannot go on, and is shown as it is until another takes its place. */
  readonly stands: boolean;
  /** `operator:<name>`, an address, or `program`. */
  readonly askedBy: string;
  readonly reason: string;
  /** ISO 8601. */
  readonly askedAt: string;
  readonly lastError: string | null;
}

/** The lease under which a build is written. */
export const leaseOfBuild = (id: number): string => `build-${id}`;

/** States in which somebody keeps it up with the log. */
export const isFollowed = ({ stands, state }: Pick<Build, 'state' | 'stands'>): boolean =>
  !stands && (state === 'LIVE' || state === 'BUILDING' || state === 'READY');
