import type { Json, Revision } from '@abland/kernel';

/** The state of a stream's fold at a revision: a shortcut, never the truth. */
export interface Snapshot {
  readonly stream: string;
  /** Of the code that made it: a snapshot of another version is as good as none. */
  readonly codeVersion: string;
  readonly revision: Revision;
  /** Id of the event at that revision: where the log has another one, the snapshot is of another log. */
  readonly eventId: string;
  readonly state: Json;
}

export interface SnapshotStore {
  load(stream: string): Promise<Snapshot | null>;
  /** Keeps the newest one of a stream. */
  save(snapshot: Snapshot): Promise<void>;
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
