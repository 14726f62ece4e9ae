import { createHash } from 'node:crypto';
import type { Json, Position, Revision } from '@abland/kernel';

/** The state of a stream's fold at a revision: a shortcut, never the truth. */
export interface Snapshot {
  readonly stream: string;
  /** The decider's `stateVersion`: a snapshot of another one is as good as none. */
  readonly stateVersion: number;
  /** Of the last event folded. Where the log has another event there, the snapshot is of another log. */
  readonly revision: Revision;
  readonly eventId: string;
  readonly position: Position;
  readonly recordedAt: string;
  readonly state: Json;
  /** The bits of an EventIdFilter of all events folded. */
  readonly eventIds: Uint8Array;
}

export interface SnapshotStore {
  /** Null where there is none. @throws SnapshotDamagedError where it is not as it was saved. */
  load(stream: string): Promise<Snapshot | null>;
  /** Keeps the last one saved of a stream. */
  save(snapshot: Snapshot): Promise<void>;
}

/** What is stored beside a snapshot and compared when it is loaded. */
export function checksumOf(snapshot: Omit<Snapshot, 'state'>, state: string): string {
  const { stream, stateVersion, revision, eventId, position, recordedAt, eventIds } = snapshot;
  const place = [stream, stateVersion, revision.toString(), eventId, position.toString(), recordedAt, state];
  return createHash('sha256').update(JSON.stringify(place)).update(eventIds).digest('hex');
}

export class MemorySnapshotStore implements SnapshotStore {
  private readonly snapshots = new Map<string, Snapshot>();

  async load(stream: string): Promise<Snapshot | null> {
    return this.snapshots.get(stream) ?? null;
  }

  async save(snapshot: Snapshot): Promise<void> {
    this.snapshots.set(snapshot.stream, structuredClone(snapshot));
  }
}
