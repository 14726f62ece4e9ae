import { systemTiming, type Timing } from '@abland/kernel';
import { OverBudgetError } from './errors.js';

type BudgetTiming = Pick<Timing, 'now' | 'pause'>;

interface Sent {
  /** On the timing's clock. */
  readonly at: number;
  readonly requests: number;
}

interface Waiting {
  readonly since: number;
  readonly requests: number;
  readonly isUrgent: boolean;
  readonly grant: (requests: number) => void;
}

/** What is urgent comes before all that waits. */
export interface Urgency {
  readonly isUrgent?: boolean;
}

const SECOND_MS = 1_000;
/** Who waits goes on at such steps, together with what may be sent by then: else each batch would be cut anew for ever. */
const STEP_MS = 50;
/** Who would wait for longer asks another provider, or again later. */
const WAIT_MS_MAX = 10_000;

/** In no second are more requests sent than so many; who comes too early waits for its turn, in the order of coming. */
export class RequestBudget {
  /** Of the last second. */
  #sent: readonly Sent[] = [];
  /** The urgent ones first. */
  #waiting: readonly Waiting[] = [];
  readonly #begunAt: number;
  #isServing = false;
  #waitedMs = 0;

  /** @param perSecond whole, at least 1; a batch counts as its requests */
  constructor(
    readonly perSecond: number,
    private readonly timing: BudgetTiming = systemTiming,
  ) {
    this.#begunAt = timing.now();
  }

  /** Milliseconds that was waited for it so far, by all together. */
  get waitedMs(): number {
    return this.#waitedMs;
  }

  /**
   * Resolves when some of so many requests may be sent, to how many: at least one, and a second's at most.
   * @throws OverBudgetError at once where that is too long from now
   */
  async take(wanted: number, { isUrgent = false }: Urgency = {}): Promise<number> {
    const requests = Math.min(wanted, this.perSecond);
    const now = this.timing.now();
    const before = isUrgent ? this.#waiting.filter((other) => other.isUrgent) : this.#waiting;
    const ahead = before.reduce((sum, other) => sum + other.requests, 0);
    const waitMs = this.#turnAfter(ahead, now) - now;
    if (waitMs > WAIT_MS_MAX)
      throw new OverBudgetError(`More is asked than ${this.perSecond} requests a second`, {
        perSecond: this.perSecond,
        waitMs: Math.ceil(waitMs),
      });
    if (before.length === 0 && waitMs <= 0) return this.#send(requests, now);
    const { promise, resolve: grant } = Promise.withResolvers<number>();
    const behind = this.#waiting.slice(before.length);
    this.#waiting = [...before, { since: now, requests, isUrgent, grant }, ...behind];
    if (!this.#isServing) void this.#serve();
    return promise;
  }

  /** Until nobody waits any more. Never rejects. */
  async #serve(): Promise<void> {
    this.#isServing = true;
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const now = this.timing.now();
      const turn = this.#turnAfter(0, now);
      if (turn > now) {
        await this.timing.pause(Math.ceil(this.#stepFrom(turn) - now));
        continue;
      }
      this.#waiting = this.#waiting.slice(1);
      this.#waitedMs += now - next.since;
      next.grant(this.#send(next.requests, now));
    }
    this.#isServing = false;
  }

  #stepFrom(moment: number): number {
    return this.#begunAt + Math.ceil((moment - this.#begunAt) / STEP_MS) * STEP_MS;
  }

  /** When the next request may be sent, once so many were sent before it. */
  #turnAfter(ahead: number, now: number): number {
    this.#sent = this.#sent.filter(({ at }) => at > now - SECOND_MS);
    const beyond = ahead - this.#left();
    if (beyond < 0) return now;
    // All that can be sent now are, and each of the others comes a second after the one that many before it.
    const rounds = Math.floor(beyond / this.perSecond) + 1;
    return this.#sentAs(beyond % this.perSecond, now) + rounds * SECOND_MS;
  }

  /** When the request with this index of the last second's was sent, or would be. */
  #sentAs(index: number, now: number): number {
    let sum = 0;
    for (const { at, requests } of this.#sent) {
      sum += requests;
      if (index < sum) return at;
    }
    return now;
  }

  #left(): number {
    return this.perSecond - this.#sent.reduce((sum, { requests }) => sum + requests, 0);
  }

  #send(requests: number, now: number): number {
    const granted = Math.min(requests, this.#left());
    this.#sent = [...this.#sent, { at: now, requests: granted }];
    return granted;
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
