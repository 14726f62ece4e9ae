import type { EventCodec, EventStore, NewEvent, Perhaps, RecordedEvent } from '@abland/kernel';

/**
 * A log as programs work with it. What is appended passes the codecs in their order, the last of them next to the log; what is
 * read passes them the other way.
 */
export function withCodec(store: EventStore, ...codecs: readonly EventCodec[]): EventStore {
  const outward = codecs.toReversed();
  const encode = (stream: string, events: readonly NewEvent[]): Perhaps<readonly NewEvent[]> =>
    through(codecs, events, (codec, passing) => codec.encode(stream, passing));
  const decode = (events: readonly RecordedEvent[]): Perhaps<readonly RecordedEvent[]> =>
    through(outward, events, (codec, passing) => codec.decode(passing));

  async function* decoded(pages: AsyncIterable<readonly RecordedEvent[]>): ReturnType<EventStore['readAll']> {
    for await (const page of pages) yield decode(page);
  }
  return {
    async append(stream, events, expected) {
      const encoded = encode(stream, events);
      return store.append(stream, encoded instanceof Promise ? await encoded : encoded, expected);
    },
    readStream: (stream, options) => decoded(store.readStream(stream, options)),
    readAll: (options) => decoded(store.readAll(options)),
    async *subscribeToAll(options) {
      for await (const batch of store.subscribeToAll(options)) {
        const decoding = decode(batch.events);
        const events = decoding instanceof Promise ? await decoding : decoding;
        yield events === batch.events ? batch : { ...batch, events };
      }
    },
    head: () => store.head(),
    close: () => store.close(),
  };
}

/** Waits for nothing where no codec does. */
function through<Events>(
  codecs: readonly EventCodec[],
  events: Events,
  pass: (codec: EventCodec, passing: Events) => Perhaps<Events>,
): Perhaps<Events> {
  let passing: Perhaps<Events> = events;
  for (const codec of codecs) {
    passing = passing instanceof Promise ? passing.then((known) => pass(codec, known)) : pass(codec, passing);
  }
  return passing;
}
