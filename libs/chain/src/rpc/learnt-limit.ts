/** After so many good answers a limit that was learnt is tried again, doubled: some are of the moment. */
const GOOD_ANSWERS_TO_DOUBLE = 50;

/** A limit that is learnt from refusals, and forgotten slowly. */
export class LearntLimit {
  #max = Infinity;
  #good = 0;

  get max(): number {
    return this.#max;
  }
  /** Null where no limit is known. */
  get shown(): number | null {
    return this.#max === Infinity ? null : this.#max;
  }
  /** So much, or less, was refused. */
  lower(to: number): void {
    this.#max = Math.max(1, Math.min(this.#max, Math.floor(to)));
    this.#good = 0;
  }
  /** So much was given. */
  kept(): void {
    this.#good += 1;
    if (this.#max === Infinity || this.#good < GOOD_ANSWERS_TO_DOUBLE) return;
    this.#max *= 2;
    this.#good = 0;
  }
}
