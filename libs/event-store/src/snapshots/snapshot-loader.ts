import type { Decider, DomainEvent, EventStore, Json, Logger, RecordedEvent, Revision } from '@abland/kernel';
import type { Snapshot, SnapshotStore } from './snapshot-store.js';

export interface SnapshotCodec<State> {
  /** Changes with the state's shape or the rules that fold it. */
  readonly codeVersion: string;
  readonly encode: (state: State) => Json;
  readonly decode: (state: Json) => State;
}

export interface LoadedAggregate<State> {
  readonly state: State;
  readonly revision: Revision | null;
  /** Events that were read and folded. */
  readonly folded: number;
}

/** Events folded since the last snapshot that make another one worth its write. */
const EVENTS_BETWEEN = 200;

interface Fold<State> extends LoadedAggregate<State> {
  readonly last: RecordedEvent | null;
}

/**
 * Loads aggregates of long streams from their last snapshot on. A snapshot is used only where its code version is ours and
 * the log has its event at its revision; else the stream is folded from the start. New ones are made in the background, and
 * one that cannot be made is only logged.
 */
export class SnapshotLoader {
  private readonly saving = new Set<Promise<void>>();

  constructor(
    private readonly store: EventStore,
    private readonly snapshots: SnapshotStore,
    private readonly logger: Logger,
  ) {}

  async load<Command, State, Event extends DomainEvent>(
    decider: Decider<Command, State, Event>,
    codec: SnapshotCodec<State>,
    stream: string,
  ): Promise<LoadedAggregate<State>> {
    const snapshot = await this.snapshots.load(stream);
    const usable = snapshot?.codeVersion === codec.codeVersion ? snapshot : null;
    const fold =
      (usable && (await this.foldFrom(decider, codec, usable))) ?? (await this.foldAll(decider, stream));
    if (fold.folded >= EVENTS_BETWEEN && fold.last !== null) this.saveLater(codec, fold.state, fold.last);
    return { state: fold.state, revision: fold.revision, folded: fold.folded };
  }

  /** Waits for the snapshots that are being made. */
  async settle(): Promise<void> {
    await Promise.all(this.saving);
  }

  private async foldFrom<Command, State, Event extends DomainEvent>(
    decider: Decider<Command, State, Event>,
    codec: SnapshotCodec<State>,
    snapshot: Snapshot,
  ): Promise<Fold<State> | null> {
    let state = codec.decode(snapshot.state);
    let last: RecordedEvent | null = null;
    let folded = 0;
    // The snapshot's own event is read again: it shows that the log is the one that the snapshot is of.
    for await (const page of this.store.readStream(snapshot.stream, { from: snapshot.revision })) {
      for (const event of page) {
        if (last === null) {
          if (event.id !== snapshot.eventId || event.revision !== snapshot.revision) return null;
        } else {
          state = decider.evolve(state, event as unknown as Event);
          folded += 1;
        }
        last = event;
      }
    }
    return last === null ? null : { state, revision: last.revision, folded, last };
  }

  private async foldAll<Command, State, Event extends DomainEvent>(
    decider: Decider<Command, State, Event>,
    stream: string,
  ): Promise<Fold<State>> {
    let state = decider.initialState;
    let last: RecordedEvent | null = null;
    let folded = 0;
    for await (const page of this.store.readStream(stream)) {
      for (const event of page) {
        state = decider.evolve(state, event as unknown as Event);
        last = event;
        folded += 1;
      }
    }
    return { state, revision: last?.revision ?? null, folded, last };
  }

  private saveLater<State>(codec: SnapshotCodec<State>, state: State, last: RecordedEvent): void {
    const { codeVersion } = codec;
    const { stream, revision, id: eventId } = last;
    const saving = this.snapshots
      .save({ stream, codeVersion, revision, eventId, state: codec.encode(state) })
      .catch((error: unknown) => this.logger.warn({ err: error, stream }, 'snapshot could not be saved'));
    this.saving.add(saving);
    void saving.finally(() => this.saving.delete(saving));
  }
}
