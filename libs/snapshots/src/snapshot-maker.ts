import { isDeepStrictEqual } from 'node:util';
import {
  type Decider,
  type DomainEvent,
  type EventStore,
  findNonJson,
  invariant,
  type Json,
  type Logger,
  Outages,
} from '@abland/kernel';
import { EventIdFilter } from './event-id-filter.js';
import type { SnapshotStatistics } from './snapshot-statistics.js';
import type { Snapshot, SnapshotStore } from './snapshot-store.js';
import { foldFrom, type KeepableState } from './stream-fold.js';

export interface SnapshotMakerOptions {
  readonly store: EventStore;
  readonly snapshots: SnapshotStore;
  readonly logger: Logger;
}

/** A state to keep, and the snapshot that it was folded on from; null: from the stream's start. */
export interface SnapshotDraft<State> {
  readonly base: Snapshot | null;
  readonly keepable: KeepableState<State>;
}

/** Makes snapshots in the background, one after the other. What fails is logged: there will be another one. */
export class SnapshotMaker {
  private readonly streams = new Set<string>();
  private making: Promise<void> = Promise.resolve();
  private closed = false;

  private readonly failures: Outages;

  constructor(
    private readonly options: SnapshotMakerOptions,
    private readonly counts: SnapshotStatistics,
  ) {
    this.failures = new Outages({ logger: options.logger, message: 'snapshots could not be made' });
  }

  makeLater<Command, State, Event extends DomainEvent>(
    decider: Decider<Command, State, Event>,
    stream: string,
    draft: SnapshotDraft<State>,
  ): void {
    if (this.closed || this.streams.has(stream)) return;
    this.streams.add(stream);
    this.making = this.making
      .then(() => new Promise((resolve) => setImmediate(resolve)))
      .then(() => (this.closed ? undefined : this.make(decider, stream, draft)))
      .catch((error: unknown) => {
        this.counts.failed += 1;
        this.failures.note(error, { stream });
      })
      .finally(() => this.streams.delete(stream));
  }

  settle(): Promise<void> {
    return this.making;
  }

  /** Leaves what is not begun. */
  async close(): Promise<void> {
    this.closed = true;
    await this.making;
  }

  private async make<Command, State, Event extends DomainEvent>(
    decider: Decider<Command, State, Event>,
    stream: string,
    { base, keepable }: SnapshotDraft<State>,
  ): Promise<void> {
    const { stateVersion } = decider;
    invariant(stateVersion !== undefined, 'A snapshot of an aggregate that has no state version');
    const grown = base === null ? null : grownBy(base, keepable.ids);
    const { state, ids } = grown === null ? await this.foldedAnew(decider, stream, base, keepable) : keepable;
    const { revision, id: eventId, position, recordedAt } = keepable.last;
    await this.options.snapshots.save({
      ...{ stream, stateVersion, revision, eventId, position, recordedAt },
      state: requireJson(state, stream),
      eventIds: (grown ?? EventIdFilter.of(ids)).bits,
    });
    this.counts.saved += 1;
  }

  /**
   * From the start of the stream, so that what was folded from snapshot to snapshot is held against the log each time the
   * stream has doubled: that costs as much as folding it once in all.
   */
  private async foldedAnew<Command, State, Event extends DomainEvent>(
    decider: Decider<Command, State, Event>,
    stream: string,
    base: Snapshot | null,
    keepable: KeepableState<State>,
  ): Promise<KeepableState<State>> {
    if (base === null) return keepable;
    const { store, logger } = this.options;
    const until = keepable.last.revision;
    const fold = await foldFrom(store, decider, { stream, snapshot: null }, { eventId: null, until });
    const truth = fold?.keepable ?? null;
    invariant(truth?.last.id === keepable.last.id, 'The log does not have the events of the snapshot', {
      stream,
    });
    this.counts.verified += 1;
    if (!isDeepStrictEqual(requireJson(truth.state, stream), requireJson(keepable.state, stream))) {
      this.counts.differed += 1;
      logger.error(
        { stream, revision: until.toString() },
        'a snapshot differed from the log and is replaced',
      );
    }
    return truth;
  }
}

/** Null where the base has no room for these. */
function grownBy(base: Snapshot, ids: readonly string[]): EventIdFilter | null {
  const filter = EventIdFilter.from(base.eventIds, Number(base.revision) + 1);
  return filter.count + ids.length > filter.capacity ? null : filter.with(ids);
}

/** A state that would not come back from JSON as it is cannot be kept: its decider must not ask for snapshots. */
function requireJson(state: unknown, stream: string): Json {
  const wrong = findNonJson(state, 'state');
  invariant(wrong === null, 'The state of this aggregate is not JSON', { stream, wrong });
  return JSON.parse(JSON.stringify(state)) as Json;
}
