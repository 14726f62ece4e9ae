/**
 * Iterates over what `next` fetches, each from where the last one ended, with one fetch ahead of the consumer: transport
 * and the consumer's work overlap, and memory stays at two pages. Null ends it.
 */
export async function* prefetched<Item>(
  next: (previous: Item | null) => Promise<Item | null> | null,
): AsyncGenerator<Item> {
  let pending = next(null);
  while (pending !== null) {
    const item = await pending;
    if (item === null) return;
    pending = next(item);
    pending?.catch(() => undefined); // thrown where it is awaited; a consumer that stops early never does
    yield item;
  }
}
