/** Heads between which the times are looked at, and of which a clock's mark is told. */
const TIMES = 64;
/** Blocks without a transaction, from which a chain is known to mine by the clock: one that mines on demand has none. */
const EMPTY_MIN = 2;
/** Of ten, so many come within the usual time. */
const USUAL_SHARE = 0.9;
/** A second more: how heads are looked at, and how clocks of seconds round. */
const ROUNDING_MS = 1_000;

/** Of blocks whose own times a clock is told by: long enough for whoever has a node mine by a timer of theirs to drift by a second. */
const CLOCK_SPAN_SECONDS = 3_600;
const CLOCK_SECONDS_MIN = 2;
/** From one block to the next of a clock that is as quick as their times can tell, or quicker. */
const FAST_CLOCKS_MS = Array.from({ length: 20 }, (_, index) => 50 * (index + 1));
const SECOND_MS = 1_000;

/** A newest block of a chain. */
export interface NotedHead {
  readonly number: number;
  /** Whether no transaction is in it. */
  readonly isEmpty: boolean;
  /** Its own, in seconds since 1970. */
  readonly time: number;
}

/**
 * How long it usually is from one block of a chain to the next, learnt from when its heads come. Known only of a chain that mines by
 * the clock: it has had blocks with nothing in them, or, where all are filled, the times of its blocks were for an hour those of a
 * clock; and nine of ten of its last 64 came within twice the time that half of them took. What mines where there is something to
 * mine has no empty block and any time, and where luck decides how long it takes differs more.
 */
export class UsualBlockTime {
  readonly #times: number[] = [];
  readonly #clock = new ClockMark();
  #at: number | null = null;
  #empty = 0;

  /** Of each head that is another than the one before. @param now milliseconds of a clock that never goes back */
  note(head: NotedHead, now: number): void {
    if (head.isEmpty) this.#empty += 1;
    this.#clock.note(head);
    if (this.#at !== null) this.#times.push(now - this.#at);
    if (this.#times.length > TIMES) this.#times.shift();
    this.#at = now;
  }

  /** Milliseconds; null where it is not known, or there is no such time. */
  get ms(): number | null {
    const isByTheClock = this.#empty >= EMPTY_MIN || this.#clock.isSeen;
    if (this.#times.length < TIMES || !isByTheClock) return null;
    const sorted = this.#times.toSorted((a, b) => a - b);
    const [half, most] = [0.5, USUAL_SHARE].map((share) => sorted[Math.ceil(share * TIMES) - 1] ?? Infinity);
    if (half === undefined || most === undefined) return null;
    return most <= 2 * half + ROUNDING_MS ? most : null;
  }
}

/**
 * Whether the times of a chain's blocks are those of a clock, span after span: whole multiples of the same two seconds or more, some of
 * them left out now and then; or, of a quicker clock, each block at its very moment, rounded down to a second.
 */
class ClockMark {
  isSeen = false;
  #from: number | null = null;
  #last = 0;
  #heads = 0;
  #divisor = 0;
  #fast: readonly FastClock[] = [];

  note({ number, time }: NotedHead): void {
    if (this.#from === null) this.#begin(time);
    this.#divisor = greatestDivisor(Math.abs(time - this.#last), this.#divisor);
    for (const clock of this.#fast) clock.note(number, time);
    this.#last = time;
    this.#heads += 1;
    if (this.#heads <= TIMES || time - (this.#from ?? time) < CLOCK_SPAN_SECONDS) return;
    this.isSeen = this.#divisor >= CLOCK_SECONDS_MIN || this.#fast.some(({ fits }) => fits);
    this.#begin(time);
  }

  #begin(time: number): void {
    this.#from = time;
    this.#last = time;
    this.#heads = 0;
    this.#divisor = 0;
    this.#fast = FAST_CLOCKS_MS.map((ms) => new FastClock(ms));
  }
}

/** Blocks of such a clock are, by their times, never a second too early and another one too late. */
class FastClock {
  #least = Infinity;
  #most = -Infinity;

  constructor(private readonly ms: number) {}

  note(number: number, time: number): void {
    const lateMs = time * SECOND_MS - number * this.ms;
    this.#least = Math.min(this.#least, lateMs);
    this.#most = Math.max(this.#most, lateMs);
  }

  get fits(): boolean {
    return this.#most - this.#least < SECOND_MS;
  }
}

const greatestDivisor = (a: number, b: number): number => (b === 0 ? a : greatestDivisor(b, a % b));
