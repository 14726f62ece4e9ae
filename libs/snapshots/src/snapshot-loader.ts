import {
  type AggregateLoader,
  type Decider,
  type DomainEvent,
  type EventStore,
  foldStream,
  type LoadedAggregate,
  type Logger,
  Outages,
} from '@abland/kernel';
import { EventIdFilter } from './event-id-filter.js';
import { SnapshotDamagedError } from './errors.js';
import { SnapshotMaker } from './snapshot-maker.js';
import { newStatistics, type SnapshotStatistics } from './snapshot-statistics.js';
import type { Snapshot, SnapshotStore } from './snapshot-store.js';
import { foldFrom, type StreamFold } from './stream-fold.js';

export interface SnapshotLoaderOptions {
  /** Without keys of persons: a state that is kept must not tell after an erasure what was erased. */
  readonly store: EventStore;
  readonly snapshots: SnapshotStore;
  readonly logger: Logger;
  /** Events folded since the last snapshot that make another one worth its write. Default 200. */
  readonly eventsBetween?: number;
}

const EVENTS_BETWEEN = 200;

interface Beginning<State> {
  readonly snapshot: Snapshot | null;
  /** On from the snapshot; null where it cannot be used. */
  readonly fold: StreamFold<State> | null;
  /** One that can never be used is replaced at once, so that it is not looked at again. */
  readonly replace: boolean;
  /** It is good, but not for this load. */
  readonly keep: boolean;
}
const NOTHING = { snapshot: null, fold: null, replace: false, keep: false } as const;

/**
 * Loads aggregates with endless streams from their last snapshot on. A snapshot is used only where its state version is the
 * decider's and the log has its event at its place; else, and where the event asked about may be older than it, the stream
 * is folded from the start. New ones are made in the background; whatever goes wrong with them, the log is there.
 */
export class SnapshotLoader implements AggregateLoader {
  private readonly counts = newStatistics();
  private readonly maker: SnapshotMaker;
  private readonly unusable: Outages;

  constructor(private readonly options: SnapshotLoaderOptions) {
    this.maker = new SnapshotMaker(options, this.counts);
    const message = 'snapshots cannot be used, their streams are folded';
    this.unusable = new Outages({ logger: options.logger, message });
  }

  /** Since the start of this process. */
  get statistics(): SnapshotStatistics {
    return this.counts;
  }

  async load<Command, State, Event extends DomainEvent>(
    decider: Decider<Command, State, Event>,
    stream: string,
    eventId: string | null,
  ): Promise<LoadedAggregate<State>> {
    const { store, eventsBetween = EVENTS_BETWEEN } = this.options;
    if (decider.stateVersion === undefined) return foldStream(store, decider, stream, eventId);
    const start = await this.begin(decider, stream, eventId);
    const fold = start.fold ?? (await this.foldAll(decider, stream, eventId));
    const { keepable } = fold;
    const due = start.replace ? 1 : eventsBetween;
    if (keepable !== null && keepable.ids.length >= due && !start.keep) {
      const base = start.fold === null ? null : start.snapshot;
      this.maker.makeLater(decider, stream, { base, keepable });
    }
    const { position, repeated, revision, state } = fold;
    return { state, revision, position, repeated };
  }

  /** Ends what is being made. */
  async close(): Promise<void> {
    await this.maker.close();
  }

  /** Waits for the snapshots that are being made. */
  async settle(): Promise<void> {
    await this.maker.settle();
  }

  /** What the stream's snapshot gives. */
  private async begin<Command, State, Event extends DomainEvent>(
    decider: Decider<Command, State, Event>,
    stream: string,
    eventId: string | null,
  ): Promise<Beginning<State>> {
    const { snapshots, store } = this.options;
    let snapshot: Snapshot | null;
    try {
      snapshot = await snapshots.load(stream);
    } catch (error) {
      const damaged = error instanceof SnapshotDamagedError;
      this.counts[damaged ? 'damaged' : 'unavailable'] += 1;
      if (damaged) this.unusable.note(error, { stream }, stream);
      else this.unusable.note(error, { stream });
      return { ...NOTHING, replace: damaged };
    }
    if (snapshot === null) return NOTHING;
    if (snapshot.stateVersion !== decider.stateVersion) {
      this.counts.otherVersion += 1;
      return { ...NOTHING, replace: true };
    }
    const ids = EventIdFilter.from(snapshot.eventIds, Number(snapshot.revision) + 1);
    if (eventId !== null && ids.mayHave(eventId)) {
      this.counts.perhapsRepeated += 1;
      return { ...NOTHING, keep: true };
    }
    const fold = await foldFrom(store, decider, { stream, snapshot }, { eventId });
    this.counts[fold === null ? 'otherLog' : 'used'] += 1;
    return { snapshot, fold, replace: fold === null, keep: false };
  }

  private async foldAll<Command, State, Event extends DomainEvent>(
    decider: Decider<Command, State, Event>,
    stream: string,
    eventId: string | null,
  ): Promise<StreamFold<State>> {
    const fold = await foldFrom(this.options.store, decider, { stream, snapshot: null }, { eventId });
    this.counts.foldedWhole += 1;
    // Without a snapshot there is nothing that the stream could lack.
    return fold as StreamFold<State>;
  }
}
