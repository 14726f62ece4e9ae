/**
 * What is read of a stream, the next item while the one before is worked on: one more than without, and no more.
 * @param open the stream; it ends, however long it waits, where its signal aborts
 */
export async function* oneAhead<Item>(
  open: (signal: AbortSignal) => AsyncIterable<Item>,
  signal: AbortSignal,
): AsyncGenerator<Item> {
  const taken = new AbortController();
  const items = open(AbortSignal.any([signal, taken.signal]))[Symbol.asyncIterator]();
  try {
    for (let next = items.next(); ;) {
      const { done, value } = await next;
      if (done === true) return;
      next = items.next();
      next.catch(() => undefined); // told when it is taken, if it ever is
      yield value;
    }
  } finally {
    taken.abort();
    await items.return?.();
  }
}
