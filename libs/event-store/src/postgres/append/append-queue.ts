import { type AppendResult, EventStoreUnavailableError } from '@abland/kernel';
import type { AppendRequest } from '../../append/append-request.js';

/** An append with whoever waits for it. */
export interface Waiting extends AppendRequest {
  readonly resolve: (result: AppendResult) => void;
  readonly reject: (error: unknown) => void;
}

interface Queued {
  readonly append: Waiting;
  readonly since: number;
}

export interface QueueBounds {
  readonly eventsMax: number;
  /** Milliseconds that an append may wait to be begun. */
  readonly waitMsMax: number;
}

const BOUNDS: QueueBounds = { eventsMax: 100_000, waitMsMax: 8_000 };

/** Appends that wait to be begun, the oldest first: so many events and so long at most, as what is refused here is surely not stored. */
export class AppendQueue {
  /** Of what waits. */
  events = 0;
  private queued: Queued[] = [];
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly bounds: QueueBounds = BOUNDS) {}

  get isEmpty(): boolean {
    return this.queued.length === 0;
  }

  /** @throws EventStoreUnavailableError */
  add(append: Waiting): void {
    const { eventsMax } = this.bounds;
    if (!this.isEmpty && this.events + append.events.length > eventsMax) {
      throw new EventStoreUnavailableError('Too many appends wait for the event store', { eventsMax });
    }
    this.queued.push({ append, since: performance.now() });
    this.events += append.events.length;
    this.timer ??= setTimeout(() => this.refuseLate(), this.bounds.waitMsMax);
  }

  /** The oldest, as long as they have no more events together; at least one. */
  take(eventsMax: number): readonly Waiting[] {
    let events = 0;
    let count = 0;
    for (const { append } of this.queued) {
      if (count > 0 && events + append.events.length > eventsMax) break;
      events += append.events.length;
      count += 1;
    }
    return this.remove(count);
  }

  private remove(count: number): readonly Waiting[] {
    const removed = this.queued.slice(0, count).map(({ append }) => append);
    this.queued = this.queued.slice(count);
    for (const { events } of removed) this.events -= events.length;
    if (this.isEmpty && this.timer !== null) {
      clearTimeout(this.timer);
      this.timer = null;
    }
    return removed;
  }

  private refuseLate(): void {
    const { waitMsMax } = this.bounds;
    const latest = performance.now() - waitMsMax;
    const fresh = this.queued.findIndex(({ since }) => since > latest);
    const late = this.remove(fresh === -1 ? this.queued.length : fresh);
    for (const { reject, stream } of late) {
      reject(new EventStoreUnavailableError('The append was not begun in time', { stream, waitMsMax }));
    }
    const [oldest] = this.queued;
    this.timer =
      oldest === undefined ? null : setTimeout(() => this.refuseLate(), Math.max(1, oldest.since - latest));
  }
}
