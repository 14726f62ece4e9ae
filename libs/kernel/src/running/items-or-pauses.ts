import { Wakeup } from '../time/wakeup.js';

/**
 * What is read of a stream, and null in between where nothing came for as long as the reader's patience lasts.
 * @param open the stream; it ends, however long it waits, where its signal aborts
 * @param patienceMs asked before each item is waited for; null: as long as it takes
 */
export async function* itemsOrPauses<Item>(
  open: (signal: AbortSignal) => AsyncIterable<Item>,
  patienceMs: () => number | null,
  signal: AbortSignal,
): AsyncGenerator<Item | null> {
  const over = new AbortController();
  const items = open(AbortSignal.any([signal, over.signal]))[Symbol.asyncIterator]();
  try {
    for (;;) {
      let came = false;
      const wakeup = new Wakeup();
      const next = items.next().finally(() => {
        came = true;
        wakeup.wake();
      });
      next.catch(() => undefined); // told where it is awaited, if it ever is
      for (let patience = patienceMs(); !came && patience !== null; patience = patienceMs()) {
        await wakeup.wait(patience);
        if (!came) yield null;
      }
      const { done, value } = await next;
      if (done === true) return;
      yield value;
    }
  } finally {
    over.abort();
    await items.return?.();
  }
}
