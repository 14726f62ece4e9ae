/** Ends what a connection follows: it is behind by more than is kept for it. */
export type Overflow = () => void;

/**
 * What a follower has yet to be told: the newest value under each key, in the order in which the keys changed. Bounded: more
 * keys than `max` end it.
 */
export class Pending<Value> implements AsyncIterableIterator<Value> {
  private readonly values = new Map<string, Value>();
  private wake: (() => void) | null = null;
  private ended = false;
  private error: unknown = null;

  /**
   * @param onEnd called once, however it ends
   * @param onOverflow called when a follower that is told of too little stays behind
   */
  constructor(
    private readonly max: number,
    private readonly onEnd: () => void,
    private readonly onOverflow: Overflow,
  ) {}

  push(key: string, value: Value): void {
    if (this.ended) return;
    this.values.set(key, value);
    if (this.values.size > this.max) {
      this.values.clear();
      this.end();
      this.onOverflow();
    }
    this.wake?.();
  }

  /** What is pending is still told, then the error. */
  fail(error: unknown): void {
    this.error = error;
    this.end();
  }

  async next(): Promise<IteratorResult<Value>> {
    while (this.values.size === 0 && !this.ended) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.wake = resolve;
      await promise;
    }
    for (const [key, value] of this.values) {
      this.values.delete(key);
      return { done: false, value };
    }
    if (this.error !== null) throw this.error;
    return { done: true, value: undefined };
  }

  async return(): Promise<IteratorResult<Value>> {
    this.values.clear();
    this.end();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  private end(): void {
    if (this.ended) return;
    this.ended = true;
    this.onEnd();
    this.wake?.();
  }
}
