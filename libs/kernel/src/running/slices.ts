/** Milliseconds that others wait without noticing. */
const SLICE_MS = 10;

/**
 * Long work of the processor cut into slices, between which timers, sockets and whatever else waits have their turn:
 * `if (slices.over) await slices.next();` between two pieces of it.
 */
export class Slices {
  private begun = performance.now();

  constructor(private readonly msMax = SLICE_MS) {}

  /** Whether the slice has lasted long enough. */
  get over(): boolean {
    return performance.now() - this.begun >= this.msMax;
  }

  /** Returns when everything else that could run has run. */
  async next(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.begun = performance.now();
  }
}
