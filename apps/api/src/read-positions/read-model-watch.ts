import { type Position, systemTiming } from '@abland/kernel';
import { DatabaseBusyError } from '@abland/postgres';
import { livePositions } from '@abland/projections';
import type pg from 'pg';
import { ApiError } from '../errors/api-error.js';

const LOOK_AGAIN_MS = 15;
const WAITERS_MAX = 2_000;

export interface PositionWait {
  /** Which read models must be there; absent: all. */
  readonly projections?: readonly string[];
  /** Milliseconds. */
  readonly withinMs: number;
  /** Nobody waits any more. */
  readonly signal: AbortSignal | null;
}

/** Where the slowest of the read models that were waited for is. */
export interface Standing {
  /** Null before its first event. */
  readonly position: Position | null;
  readonly isReached: boolean;
}

interface Waiter extends PositionWait {
  readonly wanted: Position;
  readonly giveUpAt: number;
  readonly resolve: (standing: Standing) => void;
  readonly reject: (error: unknown) => void;
}

type Positions = ReadonlyMap<string, Position | null>;

/** Knows how far the read models of a database are. One look at a time for all who wait, and none while nobody does. */
export class ReadModelWatch {
  private readonly waiting = new Set<Waiter>();
  private isLooking = false;

  constructor(private readonly pool: pg.Pool) {}

  /**
   * Waits until the read models have handled the event at a position, the time is over, or nobody waits any more.
   * @throws DatabaseBusyError where too many wait already
   */
  until(wanted: Position, patience: PositionWait): Promise<Standing> {
    if (this.waiting.size >= WAITERS_MAX) {
      throw new DatabaseBusyError('Too many wait for the read models already', { waitersMax: WAITERS_MAX });
    }
    const { promise, resolve, reject } = Promise.withResolvers<Standing>();
    const giveUpAt = systemTiming.now() + patience.withinMs;
    this.waiting.add({ ...patience, wanted, giveUpAt, resolve, reject });
    if (!this.isLooking) void this.lookWhileAnyWaits();
    return promise;
  }

  /** As `until`. @throws ApiError SERVICE_UNAVAILABLE where they are not there in time */
  async reach(wanted: Position, patience: PositionWait): Promise<void> {
    const { isReached } = await this.until(wanted, patience);
    if (!isReached) throw new ApiError('SERVICE_UNAVAILABLE', 'The read models are behind for now');
  }

  private async lookWhileAnyWaits(): Promise<void> {
    this.isLooking = true;
    while (this.waiting.size > 0) {
      await this.look();
      if (this.waiting.size > 0) await systemTiming.pause(LOOK_AGAIN_MS);
    }
    this.isLooking = false;
  }

  private async look(): Promise<void> {
    const asking = [...this.waiting];
    try {
      const positions = await livePositions(this.pool);
      for (const waiter of asking) this.tell(waiter, slowestOf(positions, waiter.projections));
    } catch (error) {
      for (const waiter of asking) {
        this.waiting.delete(waiter);
        waiter.reject(error);
      }
    }
  }

  private tell(waiter: Waiter, position: Position | null): void {
    const isReached = position !== null && position >= waiter.wanted;
    const isOver = waiter.signal?.aborted === true || systemTiming.now() >= waiter.giveUpAt;
    if (!isReached && !isOver) return;
    this.waiting.delete(waiter);
    waiter.resolve({ position, isReached });
  }
}

function slowestOf(positions: Positions, projections: Iterable<string> = positions.keys()): Position | null {
  let slowest: Position | null = null;
  for (const name of projections) {
    const position = positions.get(name) ?? null;
    if (position === null) return null;
    if (slowest === null || position < slowest) slowest = position;
  }
  return slowest;
}
