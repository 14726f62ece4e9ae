import { AblandError } from '@abland/kernel';
import { DatabaseBusyError } from '@abland/postgres';

/** Whoever asked has been answered, or is gone: what was still to be read for them is not begun. */
export class RequestOverError extends AblandError {
  readonly code = 'REQUEST_OVER';
  override readonly failureClass = 'LATER';
}

export interface SlotLimits {
  /** At once. */
  readonly max: number;
  readonly waitersMax: number;
  /** Milliseconds that one waits at most. */
  readonly waitMs: number;
}

/** Reads once there is a slot for it. @throws DatabaseBusyError, RequestOverError where it never is */
export type InSlot = <Result>(read: () => Promise<Result>) => Promise<Result>;

interface Waiter {
  readonly begin: () => void;
}

/** So many at once; the others wait in the order in which they came. */
export class ReadSlots {
  private inHand = 0;
  private readonly waiting = new Set<Waiter>();

  constructor(private readonly limits: SlotLimits) {}

  /**
   * Waits for a slot; whoever has it ends it by what is returned, once.
   * @param over ends the waiting
   * @throws DatabaseBusyError where too many wait, or it took too long
   * @throws RequestOverError
   */
  async take(over: AbortSignal | null): Promise<() => void> {
    if (over?.aborted === true) throw new RequestOverError('Nobody waits for this any more');
    if (this.inHand < this.limits.max) this.inHand += 1;
    else await this.wait(over);
    return () => this.pass();
  }

  /** A slot goes from hand to hand: nobody who comes meanwhile overtakes who waits. */
  private pass(): void {
    const [next] = this.waiting;
    if (next === undefined) this.inHand -= 1;
    else next.begin();
  }

  private wait(over: AbortSignal | null): Promise<void> {
    const { waitersMax, waitMs } = this.limits;
    if (this.waiting.size >= waitersMax) {
      return Promise.reject(new DatabaseBusyError('Too many wait for the database already', { waitersMax }));
    }
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        clearTimeout(late);
        over?.removeEventListener('abort', give);
        this.waiting.delete(waiter);
      };
      const refuse = (error: Error): void => {
        leave();
        reject(error);
      };
      const give = (): void => refuse(new RequestOverError('Nobody waits for this any more'));
      const late = setTimeout(
        () => refuse(new DatabaseBusyError('The database was too busy for too long', { waitMs })),
        waitMs,
      );
      const waiter: Waiter = {
        begin: () => {
          leave();
          resolve();
        },
      };
      over?.addEventListener('abort', give);
      this.waiting.add(waiter);
    });
  }
}
