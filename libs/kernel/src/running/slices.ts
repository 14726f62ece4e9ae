/** Milliseconds that others wait without noticing. */
const SLICE_MS = 10;

/** Resolves when everything else that could run has run. */
export const turnOfOthers = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * Long work of the processor cut into slices, between which timers, sockets and whatever else waits have their turn:
 * `if (slices.over) await slices.next();` between two pieces of it.
 */
export class Slices {
  private begun = performance.now();

  /** @param giveWay resolves when the next slice may begin */
  constructor(
    private readonly msMax = SLICE_MS,
    private readonly giveWay = turnOfOthers,
  ) {}

  /** Whether the slice has lasted long enough. */
  get over(): boolean {
    return performance.now() - this.begun >= this.msMax;
  }

  /** Returns when others have had their turn. */
  async next(): Promise<void> {
    await this.giveWay();
    this.begun = performance.now();
  }
}
