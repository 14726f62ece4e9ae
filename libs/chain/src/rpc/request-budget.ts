import { systemTiming, type Timing } from '@abland/kernel';
import { RpcTooOftenError } from './errors.js';

type BudgetTiming = Pick<Timing, 'now' | 'pause'>;

interface Taken {
  /** When the requests are sent, on the timing's clock. */
  readonly at: number;
  readonly requests: number;
}

const SECOND_MS = 1_000;
/** Who would wait for longer asks another provider, or again later. */
const WAIT_MS_MAX = 10_000;

/** In no second are more requests sent than so many; who comes too early waits for its turn, in the order of coming. */
export class RequestBudget {
  /** Of the last second, and those that wait, in order. */
  #taken: readonly Taken[] = [];
  #waitedMs = 0;

  /** @param perSecond whole, at least 1; a batch counts as its requests */
  constructor(
    readonly perSecond: number,
    private readonly timing: BudgetTiming = systemTiming,
  ) {}

  /** Milliseconds that was waited for it so far, by all together. */
  get waitedMs(): number {
    return this.#waitedMs;
  }

  /**
   * Resolves when so many requests may be sent.
   * @param requests no more than a second's
   * @throws RpcTooOftenError at once where that is too long from now
   */
  async take(requests: number): Promise<void> {
    const now = this.timing.now();
    this.#taken = this.#taken.filter(({ at }) => at > now - SECOND_MS);
    const at = this.#turnOf(requests, now);
    const waitMs = at - now;
    if (waitMs > WAIT_MS_MAX)
      throw new RpcTooOftenError(`More is asked than ${this.perSecond} requests a second`, {
        perSecond: this.perSecond,
        retryAfterMs: Math.ceil(waitMs),
      });
    this.#taken = [...this.#taken, { at, requests }];
    if (waitMs === 0) return;
    this.#waitedMs += waitMs;
    await this.timing.pause(Math.ceil(waitMs));
  }

  #turnOf(requests: number, now: number): number {
    const last = Math.max(now, this.#taken.at(-1)?.at ?? now);
    let sum = requests;
    for (const { at, requests: earlier } of this.#taken.toReversed()) {
      sum += earlier;
      if (sum > this.perSecond) return Math.max(last, at + SECOND_MS);
    }
    return last;
  }
}

/** Of this process, by provider: its limit is of who asks it, for whatever. */
const budgets = new Map<string, RequestBudget>();

/** What all that asks a provider here shares; null without a limit. */
export function budgetOf(url: string, perSecond: number | undefined): RequestBudget | null {
  if (perSecond === undefined) return null;
  const name = `${perSecond} ${url}`;
  const budget = budgets.get(name) ?? new RequestBudget(perSecond);
  budgets.set(name, budget);
  return budget;
}
