/** A rate is of the time since the oldest mark that is kept: of the last minute, or of all time before that is over. */
const MARKS_KEPT = 6;
const MARK_EVERY_MS = 10_000;

export interface Pace {
  readonly blocksPerSecond: number;
  /** Until the head is reached at this rate, as long as it does not move; null where nothing moves. */
  readonly secondsLeft: number | null;
}

interface Mark {
  readonly atMs: number;
  readonly blocks: number;
}

/** How fast blocks are taken at the moment: over the last minute, not since the start. */
export class CatchUpPace {
  readonly #marks: Mark[];

  /** @param atMs of any clock that only goes forward */
  constructor(atMs: number) {
    this.#marks = [{ atMs, blocks: 0 }];
  }

  /**
   * Tells how many blocks were taken since the start. True where a mark was set: often enough to be told to a person.
   */
  mark(atMs: number, blocks: number): boolean {
    const newest = this.#marks.at(-1);
    if (newest !== undefined && atMs - newest.atMs < MARK_EVERY_MS) return false;
    this.#marks.push({ atMs, blocks });
    if (this.#marks.length > MARKS_KEPT) this.#marks.shift();
    return true;
  }

  pace(atMs: number, blocks: number, lagBlocks: number | null): Pace {
    const oldest = this.#marks[0] ?? { atMs, blocks };
    const seconds = (atMs - oldest.atMs) / 1_000;
    const blocksPerSecond = seconds <= 0 ? 0 : Math.round(((blocks - oldest.blocks) / seconds) * 10) / 10;
    const secondsLeft =
      lagBlocks === 0
        ? 0
        : lagBlocks === null || blocksPerSecond === 0
          ? null
          : Math.ceil(lagBlocks / blocksPerSecond);
    return { blocksPerSecond, secondsLeft };
  }
}
