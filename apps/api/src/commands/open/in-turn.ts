/** Pieces of work, those of one key one after another in the order in which they came; of other keys at the same time. */
export class InTurn {
  private readonly last = new Map<string, Promise<unknown>>();

  /** Every wait within the work has a limit of its own. */
  async run<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    const before = this.last.get(key) ?? Promise.resolve();
    const turn = before.then(work);
    const over = turn.catch(() => undefined); // the caller gets the failure; the next one runs all the same
    this.last.set(key, over);
    try {
      return await turn;
    } finally {
      if (this.last.get(key) === over) this.last.delete(key);
    }
  }
}
