export interface Range {
  readonly from: number;
  /** Included. */
  readonly to: number;
}

/** Each but the first begins at a multiple of the size: whoever splits, from wherever, comes to the same ranges. */
export function* splitRange(from: number, to: number, size: number): Generator<Range> {
  for (let start = from; start <= to;) {
    const end = Math.min(to, start - (start % size) + size - 1);
    yield { from: start, to: end };
    start = end + 1;
  }
}

/** Results of ranges in their order, with at most `parallel` of them asked for and not yet taken. */
export async function* inOrder<Result>(
  ranges: Iterable<Range>,
  parallel: number,
  read: (range: Range) => Promise<Result>,
): AsyncGenerator<Result> {
  const pending: Promise<Result>[] = [];
  const start = (range: Range): void => {
    const result = read(range);
    // Awaited below; one that is dropped after an earlier failure must not count as unhandled.
    result.catch(() => undefined);
    pending.push(result);
  };
  for (const range of ranges) {
    start(range);
    if (pending.length < parallel) continue;
    const next = pending.shift();
    if (next !== undefined) yield await next;
  }
  for (const result of pending) yield await result;
}
