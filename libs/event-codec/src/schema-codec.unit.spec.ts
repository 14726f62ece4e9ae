import { InvalidAppendError, type EventStore, type NewEvent, type RecordedEvent } from '@abland/kernel';
import { describe, expect, it } from '@jest/globals';
import { MemoryEventStore } from '@abland/event-store';
import { schemaCodec } from './schema-codec.js';
import { withCodec } from './with-codec.js';

const ADDRESS = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
const STREAM = `user-${ADDRESS.toLowerCase()}`;
const id = (nth: number): string => `00000000-0000-4000-8000-00000000000${nth}`;
const event = (nth: number, part: Partial<NewEvent> = {}): NewEvent => ({
  id: id(nth),
  type: 'UserSignedIn',
  version: 1,
  data: { address: ADDRESS, at: '2026-01-01T12:00:00.000Z' },
  metadata: { correlationId: id(9), causationId: null, actor: ADDRESS },
  ...part,
});
const unknown = event(2, { type: 'Forgotten', data: { anything: 1 } });
const tooNew = event(3, { version: 2, data: { who: ADDRESS } });

function stores(): { under: EventStore; store: EventStore } {
  const under = new MemoryEventStore();
  return { under, store: withCodec(under, schemaCodec) };
}

async function all(pages: AsyncIterable<readonly RecordedEvent[]>): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const page of pages) events.push(...page);
  return events;
}

async function firstBatch(store: EventStore): Promise<readonly RecordedEvent[]> {
  const ended = new AbortController();
  for await (const batch of store.subscribeToAll({ signal: ended.signal })) {
    ended.abort();
    return batch.events;
  }
  return [];
}

describe('an append', () => {
  it('is stored where every event is as its schema says', async () => {
    const { store } = stores();
    await expect(store.append(STREAM, [event(1), event(2)], 'no_stream')).resolves.toMatchObject({
      revision: 1n,
    });
    await expect(all(store.readStream(STREAM))).resolves.toMatchObject([event(1), event(2)]);
    await expect(store.head()).resolves.toBe(2n);
  });
  it.each([
    [
      'a field at fault',
      event(2, { data: { address: 'me', at: '2026-01-01T12:00:00.000Z' } }),
      'events[1].data.address',
    ],
    ['no schema', unknown, 'events[1].data'],
    ['a version that is not there', tooNew, 'events[1].data'],
  ])('of one event with %s stores none', async (_fault, wrong, field) => {
    const { store } = stores();
    const appended = store.append(STREAM, [event(1), wrong], 'no_stream');
    await expect(appended).rejects.toThrow(InvalidAppendError);
    await expect(appended).rejects.toMatchObject({ details: { field, type: wrong.type, stream: STREAM } });
    await expect(store.head()).resolves.toBeNull();
  });
});

describe('a read', () => {
  it('gives what nobody here handles as it is', async () => {
    const { under, store } = stores();
    await under.append(STREAM, [event(1), unknown], 'any');
    await expect(all(store.readStream(STREAM))).resolves.toMatchObject([event(1), unknown]);
    await expect(all(store.readAll())).resolves.toMatchObject([event(1), unknown]);
    await expect(firstBatch(store)).resolves.toMatchObject([event(1), unknown]);
  });
  it('ends at a version newer than this program knows', async () => {
    const { under, store } = stores();
    await under.append(STREAM, [event(1), tooNew], 'any');
    const refused = { code: 'UNKNOWN_EVENT_VERSION' };
    await expect(all(store.readStream(STREAM))).rejects.toMatchObject(refused);
    await expect(all(store.readAll())).rejects.toMatchObject(refused);
    await expect(firstBatch(store)).rejects.toMatchObject(refused);
  });
  it('is of the part that was asked for', async () => {
    const { store } = stores();
    await store.append(STREAM, [event(1), event(2), event(3)], 'any');
    await expect(all(store.readStream(STREAM, { from: 1n, maxCount: 1 }))).resolves.toMatchObject([event(2)]);
    await expect(all(store.readAll({ after: 2n }))).resolves.toMatchObject([event(3)]);
  });
});
