import { MemoryEventStore } from '@abland/event-store';
import { describeEventStoreLaws } from '@abland/event-store/laws';
import { collect, sampleEvent } from '@abland/event-store/sample-events';
import type { EventBatch, EventCodec, EventStore, JsonObject, RecordedEvent } from '@abland/kernel';
import { describe, expect, it } from '@jest/globals';
import { withCodec } from './with-codec.js';

/** Puts data into a wrapping of its name, and takes it out again; a list stays what the log refuses. */
const wrapping = (name: string): EventCodec => ({
  encode: (_stream, events) =>
    events.map((event) => (Array.isArray(event.data) ? event : { ...event, data: { [name]: event.data } })),
  decode: (events) => events.map((event) => ({ ...event, data: event.data[name] as JsonObject })),
});
const later = ({ encode, decode }: EventCodec): EventCodec => ({
  encode: async (stream, events) => encode(stream, events),
  decode: async (events) => decode(events),
});
const untouched: EventCodec = { encode: (_stream, events) => events, decode: (events) => events };

for (const [name, codecs] of [
  ['none', []],
  ['one', [wrapping('a')]],
  ['one that waits before one that does not', [later(wrapping('a')), wrapping('b')]],
] as const) {
  describeEventStoreLaws(`memory with codecs: ${name}`, async () => {
    const under = new MemoryEventStore();
    return { store: withCodec(under, ...codecs), close: () => under.close() };
  });
}

async function firstBatch(store: EventStore): Promise<EventBatch | null> {
  for await (const batch of store.subscribeToAll({ signal: new AbortController().signal })) return batch;
  return null;
}

describe('a log with codecs', () => {
  it.each([
    ['in turn', [wrapping('outer'), wrapping('inner')]],
    ['one of them after a wait', [later(wrapping('outer')), wrapping('inner')]],
    ['the other after a wait', [wrapping('outer'), later(wrapping('inner'))]],
  ])('holds what the last one made and gives what the first one was given: %s', async (_, codecs) => {
    const under = new MemoryEventStore();
    const store = withCodec(under, ...codecs);
    await store.append('s', [sampleEvent({ n: 1 })], 'no_stream');
    const held = { inner: { outer: { n: 1 } } };
    expect(await collect(under.readStream('s'))).toMatchObject([{ data: held }]);
    expect(await collect(store.readStream('s'))).toMatchObject([{ data: { n: 1 } }]);
    expect(await collect(store.readAll())).toMatchObject([{ data: { n: 1 } }]);
    expect(await firstBatch(store)).toMatchObject({ events: [{ data: { n: 1 } }], live: true });
  });

  it('stores nothing of an append that one of them refuses', async () => {
    const under = new MemoryEventStore();
    const refusing: EventCodec = {
      ...untouched,
      encode: () => {
        throw new Error('refused');
      },
    };
    const store = withCodec(under, untouched, refusing);
    await expect(store.append('s', [sampleEvent()], 'any')).rejects.toThrow('refused');
    expect(await under.head()).toBeNull();
  });

  it('hands on the very pages and batches that no codec changes', async () => {
    const page: readonly RecordedEvent[] = [];
    const batch: EventBatch = { events: page, scannedTo: 7n, live: true };
    const under = Object.assign(new MemoryEventStore(), {
      readAll: async function* () {
        yield page;
      },
      subscribeToAll: async function* () {
        yield batch;
      },
    });
    const store = withCodec(under, untouched, untouched);
    for await (const read of store.readAll()) expect(read).toBe(page);
    expect(await firstBatch(store)).toBe(batch);
  });

  it('closes what it is on', async () => {
    let closed = 0;
    const under = Object.assign(new MemoryEventStore(), { close: async () => void (closed += 1) });
    await withCodec(under, untouched).close();
    expect(closed).toBe(1);
  });
});
