import type { Position } from '@abland/kernel';
import type { AppendPlan } from './append-plan.js';

/** After a failure, so many groups at most are appended under the lock before another is written ahead. */
const REST_MAX = 64;

/** A group's place among those that this process has in flight. */
export interface Turn {
  /** The position after which the group can be written ahead of the lock; null: it is appended under the lock. */
  readonly head: Position | null;
  /** Whether all before it were stored where they were expected to be; settles no later than they end. */
  readonly follows: Promise<boolean>;
  /** When the group before it has ended. */
  readonly previousEnded: Promise<void>;
  /** It was not stored where it was expected to be: what was written after it can be taken back at once. */
  fail(): void;
  /** @param end of the log after it; null where that is not known */
  end(end: Position | null): void;
}

interface InFlight {
  readonly plan: AppendPlan | null;
  readonly expectedEnd: Position | null;
  readonly ahead: boolean;
  readonly stored: Promise<boolean>;
  readonly ended: Promise<void>;
}

/**
 * The order in which this process's groups are stored, and where each will be if no other process appends in between. While
 * one process appends that holds, and groups are written side by side; where several do, a group that came to a place taken
 * is appended under the lock, and so are the next ones, twice as many after each failure.
 */
export class AppendOrder {
  private readonly inFlight: InFlight[] = [];
  private expectedEnd: Position | null = null;
  private resting = 0;
  private nextRest = 1;

  /** @param largeGroup from so many events on, a group is written ahead of the lock */
  constructor(private readonly largeGroup: number) {}

  /**
   * Whether a group may start now. Beside others only what can be written ahead of the lock, on other streams, so that none
   * ever waits in the database for another that waits here for its turn.
   */
  mayStart(plan: AppendPlan | null): boolean {
    if (this.inFlight.length === 0) return true;
    return (
      this.canBeAhead(plan) &&
      this.inFlight.every((other) => other.ahead && other.plan !== null && !plan.sharesStream(other.plan))
    );
  }

  start(plan: AppendPlan | null): Turn {
    const previous = this.inFlight.at(-1);
    const head = this.canBeAhead(plan) ? this.expectedEnd : null;
    if (this.resting > 0) this.resting -= 1;
    const expectedEnd =
      this.expectedEnd === null || plan === null ? null : this.expectedEnd + BigInt(plan.count);
    const stored = Promise.withResolvers<boolean>();
    const ended = Promise.withResolvers<void>();
    const entry = { plan, expectedEnd, ahead: head !== null, stored: stored.promise, ended: ended.promise };
    this.inFlight.push(entry);
    this.expectedEnd = expectedEnd;
    return {
      head,
      follows: previous?.stored ?? Promise.resolve(true),
      previousEnded: previous?.ended ?? Promise.resolve(),
      fail: () => {
        stored.resolve(false);
        this.expectedEnd = null;
        this.resting = this.nextRest;
        this.nextRest = Math.min(this.nextRest * 2, REST_MAX);
      },
      end: (end) => {
        const asExpected = end !== null && end === expectedEnd;
        stored.resolve(asExpected);
        ended.resolve();
        if (head !== null && asExpected) this.nextRest = 1;
        if (this.inFlight.at(-1) === entry) this.expectedEnd = end;
        else if (!asExpected) this.expectedEnd = null;
        this.inFlight.splice(this.inFlight.indexOf(entry), 1);
      },
    };
  }

  private canBeAhead(plan: AppendPlan | null): plan is AppendPlan {
    if (plan === null || this.expectedEnd === null || this.resting > 0) return false;
    return plan.count >= this.largeGroup && plan.isExact;
  }
}
