import { AsyncLocalStorage } from 'node:async_hooks';

/** What one piece of work waited for the budgets of those whom it asks, on a clock that only goes forward. */
export class OwnWaits {
  #ms = 0;
  #waiting = 0;
  #since = 0;

  get ms(): number {
    return this.#ms + (this.#waiting === 0 ? 0 : performance.now() - this.#since);
  }

  async during<Result>(wait: Promise<Result>): Promise<Result> {
    if (this.#waiting === 0) this.#since = performance.now();
    this.#waiting += 1;
    try {
      return await wait;
    } finally {
      this.#waiting -= 1;
      if (this.#waiting === 0) this.#ms += performance.now() - this.#since;
    }
  }
}

const current = new AsyncLocalStorage<OwnWaits>();

/** Does work whose waits are counted. */
export const countingWaits = <Result>(waits: OwnWaits, work: () => Result): Result =>
  current.run(waits, work);

/** Waits, and counts it for the work that this belongs to, if it belongs to one. */
export const counted = <Result>(wait: Promise<Result>): Promise<Result> =>
  current.getStore()?.during(wait) ?? wait;
