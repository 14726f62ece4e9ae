import { type AppendResult, EventStoreUnavailableError, type Logger, Outages } from '@abland/kernel';
import { isPassingFailure } from '@abland/postgres';
import type pg from 'pg';
import type { AppendRequest } from '../../append/append-request.js';
import type { KnownLog } from '../../reading/known-log.js';
import { isLogGone } from '../known/log-gone.js';
import { appendAhead } from './append-ahead.js';
import { AppendOrder, type Turn } from './append-order.js';
import { AppendPlan } from './append-plan.js';
import { AppendQueue, type QueueBounds, type Waiting } from './append-queue.js';
import { appendUnderLock, type StoredGroup } from './append-under-lock.js';
import type { Lane } from './lane.js';

interface Group {
  readonly requests: readonly Waiting[];
  readonly events: number;
  readonly plan: AppendPlan | null;
}

interface WorkingLane {
  readonly lane: Lane;
  working: Promise<void> | null;
}

/** Bounds a transaction's time, and with it how long other processes wait for the lock. */
const GROUP_EVENTS_MAX = 5_000;
/** So many events in a group have paid for its commit: it is written ahead of the lock, and more beside it. */
const LARGE_GROUP = 128;
/** Group commit: while transactions are in flight, callers queue; the next one takes them together. */
export class GroupAppender {
  private readonly queue: AppendQueue;
  /** Taken from the queue, and waiting until it may start. */
  private prepared: Group | null = null;
  private readonly order: AppendOrder;
  private inFlight = 0;
  private scheduled = false;
  private closed = false;
  private readonly lanes: readonly WorkingLane[];
  private readonly interruptions: Outages;

  constructor(
    /** While one group is being written, so is the next one where there are two. */
    lanes: readonly Lane[],
    logger: Logger,
    private readonly known: KnownLog,
    /** Events; tests set it low, so that what is done with large groups is done with theirs. */
    private readonly largeGroup = LARGE_GROUP,
    bounds?: QueueBounds,
  ) {
    this.lanes = lanes.map((lane) => ({ lane, working: null }));
    this.queue = new AppendQueue(bounds);
    const message = 'append interrupted: outcome unknown to its callers';
    this.interruptions = new Outages({ logger, message });
    this.order = new AppendOrder(largeGroup);
  }

  append(request: AppendRequest): Promise<AppendResult> {
    if (this.closed) return Promise.reject(new EventStoreUnavailableError('The event store is closed'));
    return new Promise((resolve, reject) => {
      this.queue.add({ ...request, resolve, reject });
      this.schedule();
    });
  }

  /** Ends after what was asked for is stored. */
  async close(): Promise<void> {
    this.closed = true;
    while (!this.queue.isEmpty || this.prepared !== null || this.inFlight > 0) {
      this.dispatch();
      await Promise.all(this.lanes.map(({ working }) => working));
    }
    await Promise.all(this.lanes.map(({ lane }) => lane.close()));
  }

  /** Callers that were answered in one turn of the event loop, and append again in it, share the next group. */
  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      this.dispatch();
    });
  }

  private dispatch(): void {
    for (const one of this.lanes) {
      if (one.working !== null) continue;
      const group = this.nextGroup();
      if (group === null) return;
      this.inFlight += group.events;
      one.working = this.flush(one.lane, group, this.order.start(group.plan)).finally(() => {
        one.working = null;
        this.inFlight -= group.events;
        if (!this.queue.isEmpty || this.prepared !== null) this.schedule();
      });
    }
  }

  private nextGroup(): Group | null {
    if (this.prepared === null && this.isWorthStarting()) this.prepared = this.takeGroup();
    const group = this.prepared;
    if (group === null || !this.order.mayStart(group.plan)) return null;
    this.prepared = null;
    return group;
  }

  /** Small groups wait for each other, since the cost of a commit is shared; large ones overlap, since Node's and PostgreSQL's work add up. */
  private isWorthStarting(): boolean {
    if (this.queue.isEmpty) return false;
    return this.inFlight === 0 || this.closed || this.queue.events >= this.largeGroup;
  }

  private async flush(lane: Lane, { requests, plan }: Group, turn: Turn): Promise<void> {
    try {
      const stored = await lane.use((client) => this.store(client, requests, plan, turn));
      const { outcomes, end, last } = stored;
      this.known.note(last);
      turn.end(end);
      for (const [index, outcome] of outcomes.entries()) {
        if (outcome instanceof Error) requests[index]?.reject(outcome);
        else requests[index]?.resolve(outcome);
      }
    } catch (error) {
      turn.end(null);
      const reported = this.describe(error, requests);
      for (const { reject } of requests) reject(reported);
    }
  }

  /** All that wait, or where that is much an equal share of it and what is in flight, so that the lanes stay balanced. */
  private takeGroup(): Group {
    const total = this.queue.events + this.inFlight;
    const share = Math.min(Math.max(this.largeGroup, Math.ceil(total / this.lanes.length)), GROUP_EVENTS_MAX);
    const requests = this.queue.take(share);
    return { requests, events: countEvents(requests), plan: AppendPlan.of(requests) };
  }

  private describe(error: unknown, group: readonly Waiting[]): unknown {
    if (isLogGone(error)) return this.known.mismatch(error);
    if (!isPassingFailure(error)) return error;
    this.interruptions.note(error, { appends: group.length });
    return new EventStoreUnavailableError(
      'The connection was lost during the append; it may be repeated',
      { stream: group[0]?.stream },
      error,
    );
  }

  /** Ahead of the lock where the log's end is known; where that came to nothing, or it is not known, under the lock. */
  private async store(
    client: pg.Client,
    requests: readonly AppendRequest[],
    plan: AppendPlan | null,
    turn: Turn,
  ): Promise<StoredGroup> {
    const { known } = this;
    if (turn.head !== null && plan !== null) {
      const outcomes = await appendAhead(client, plan, turn.head, turn, known);
      if (outcomes !== null) return { outcomes, ...plan.endAfter(turn.head) };
      turn.fail();
      await turn.previousEnded;
    }
    return appendUnderLock(client, requests, plan, known);
  }
}

function countEvents(requests: readonly AppendRequest[]): number {
  let count = 0;
  for (const { events } of requests) count += events.length;
  return count;
}
