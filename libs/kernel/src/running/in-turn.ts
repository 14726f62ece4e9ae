/** Pieces of work one after another, in the order in which they came; one that fails holds back none. */
export class InTurn {
  #last: Promise<unknown> = Promise.resolve();
  #left = 0;

  get isIdle(): boolean {
    return this.#left === 0;
  }

  /** Every wait within the work has a limit of its own. */
  run<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#left += 1;
    const turn = this.#last.then(work).finally(() => (this.#left -= 1));
    this.#last = turn.catch(() => undefined); // the caller gets the failure; the next one runs all the same
    return turn;
  }

  /** Settles when all that has come so far is over. */
  async idle(): Promise<void> {
    await this.#last;
  }
}

/** Pieces of work, those of one key in turn; of other keys at the same time. */
export class InTurnByKey {
  readonly #turns = new Map<string, InTurn>();

  async run<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    const turns = this.#turns.get(key) ?? new InTurn();
    this.#turns.set(key, turns);
    try {
      return await turns.run(work);
    } finally {
      if (turns.isIdle) this.#turns.delete(key);
    }
  }

  /** Settles when all that has come so far is over. */
  async idle(): Promise<void> {
    await Promise.all([...this.#turns.values()].map((turns) => turns.idle()));
  }
}
