/** Runs pieces of work one after the other, in the order in which they came. */
export class Serial {
  private last: Promise<unknown> = Promise.resolve();

  run<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.last.then(work);
    this.last = result.catch(() => undefined); // its caller gets the failure; the next piece runs all the same
    return result;
  }
}
