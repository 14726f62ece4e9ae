import type { Decider, DomainEvent, EventStore, Position, RecordedEvent, Revision } from '@abland/kernel';
import type { Snapshot } from './snapshot-store.js';

/** A state that may be kept: of all events up to `last`. */
export interface KeepableState<State> {
  readonly state: State;
  readonly last: RecordedEvent;
  /** Of the events that were folded here. */
  readonly ids: readonly string[];
}

export interface StreamFold<State> {
  readonly state: State;
  readonly revision: Revision | null;
  readonly position: Position | null;
  readonly repeated: boolean;
  /** Null where none was folded. */
  readonly keepable: KeepableState<State> | null;
}

interface FoldOptions {
  readonly eventId: string | null;
  /** Last revision to fold; absent: to the end. */
  readonly until?: Revision;
}

/**
 * Folds a stream from its start or from a snapshot on.
 * @returns null where the stream does not have the snapshot's event: it is of another log
 */
export async function foldFrom<Command, State, Event extends DomainEvent>(
  store: EventStore,
  decider: Decider<Command, State, Event>,
  start: { readonly stream: string; readonly snapshot: Snapshot | null },
  { eventId, until }: FoldOptions,
): Promise<StreamFold<State> | null> {
  const { stream, snapshot } = start;
  let state = snapshot === null ? decider.initialState : (snapshot.state as State);
  let revision: Revision | null = snapshot?.revision ?? null;
  let position: Position | null = snapshot?.position ?? null;
  let repeated = false;
  let anchored = snapshot === null;
  let last: RecordedEvent | null = null;
  const ids: string[] = [];
  // The snapshot's own event is read again: it shows that the log is the one that the snapshot is of.
  for await (const page of store.readStream(stream, snapshot === null ? {} : { from: snapshot.revision })) {
    for (const event of page) {
      if (snapshot !== null && !anchored) {
        if (!isAnchor(event, snapshot)) return null;
        anchored = true;
        repeated ||= event.id === eventId;
        continue;
      }
      if (until !== undefined && event.revision > until) break;
      state = decider.evolve(state, event as unknown as Event);
      revision = event.revision;
      position = event.position;
      repeated ||= event.id === eventId;
      ids.push(event.id);
      last = event;
    }
    if (until !== undefined && revision !== null && revision >= until) break;
  }
  if (!anchored) return null;
  return { state, revision, position, repeated, keepable: last === null ? null : { state, last, ids } };
}

const isAnchor = (event: RecordedEvent, snapshot: Snapshot): boolean =>
  event.revision === snapshot.revision &&
  event.id === snapshot.eventId &&
  event.position === snapshot.position &&
  event.recordedAt === snapshot.recordedAt;
