import type { EventBatch, EventStore, Position, ReadAllOptions, SubscribeOptions } from '@abland/kernel';

/** The log as it was after the event of a position, for who only reads: nothing comes any more. */
export function logUntil(store: EventStore, until: Position): EventStore {
  const earlier = (position: Position): Position => (position < until ? position : until);
  const readAll = (options: ReadAllOptions = {}) =>
    store.readAll({ ...options, until: options.until === undefined ? until : earlier(options.until) });
  return {
    append: () => Promise.reject(new TypeError('A log of the past takes no events')),
    readStream: (stream, options) => store.readStream(stream, options),
    readAll,
    async *subscribeToAll(options: SubscribeOptions): AsyncIterable<EventBatch> {
      const { after, batchSize: pageSize, filter, onLook, signal } = options;
      const range = {
        ...(after === undefined ? {} : { after }),
        ...(filter === undefined ? {} : { filter }),
        ...(pageSize === undefined ? {} : { pageSize }),
      };
      for await (const events of readAll(range)) {
        onLook?.();
        if (signal.aborted) return;
        const last = events.at(-1);
        if (last !== undefined) yield { events, scannedTo: last.position, live: false };
      }
      if (!signal.aborted) yield { events: [], scannedTo: until, live: true };
    },
    head: async () => {
      const head = await store.head();
      return head === null ? null : earlier(head);
    },
    close: () => Promise.resolve(),
  };
}
