/** Heads between which the times are looked at. */
const TIMES = 64;
/** Blocks without a transaction, from which a chain is known to mine by the clock: one that mines on demand has none. */
const EMPTY_MIN = 2;
/** Of ten, so many come within the usual time. */
const USUAL_SHARE = 0.9;
/** A second more: how heads are looked at, and how clocks of seconds round. */
const ROUNDING_MS = 1_000;

/**
 * How long it usually is from one block of a chain to the next, learnt from when its heads come. Known only of a chain that mines by
 * the clock: it has had blocks with nothing in them, and nine of ten of its last 64 came within twice the time that half of them
 * took. What mines where there is something to mine has no empty block, and where luck decides the times differ more.
 */
export class UsualBlockTime {
  readonly #times: number[] = [];
  #at: number | null = null;
  #empty = 0;

  /** Of each head that is another than the one before. @param now of a clock that never goes back */
  note(isEmpty: boolean, now: number): void {
    if (isEmpty) this.#empty += 1;
    if (this.#at !== null) this.#times.push(now - this.#at);
    if (this.#times.length > TIMES) this.#times.shift();
    this.#at = now;
  }

  /** Milliseconds; null where it is not known, or there is no such time. */
  get ms(): number | null {
    if (this.#times.length < TIMES || this.#empty < EMPTY_MIN) return null;
    const sorted = this.#times.toSorted((a, b) => a - b);
    const [half, most] = [0.5, USUAL_SHARE].map((share) => sorted[Math.ceil(share * TIMES) - 1] ?? Infinity);
    if (half === undefined || most === undefined) return null;
    return most <= 2 * half + ROUNDING_MS ? most : null;
  }
}
