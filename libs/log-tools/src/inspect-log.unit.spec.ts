import type { EventStore, RecordedEvent } from '@abland/kernel';
import { describe, expect, it } from '@jest/globals';
import { collect, idsOf, sampleEvents } from '@abland/event-store/sample-events';
import { MemoryEventStore } from '@abland/event-store';
import { measureLog, tailEvents } from './inspect-log.js';

async function filledStore(): Promise<EventStore> {
  const store = new MemoryEventStore();
  for (let index = 0; index < 40; index += 1) {
    await store.append(
      `order-${index % 4}`,
      sampleEvents((index % 3) + 1, index % 2 ? 'Odd' : 'Even'),
      'any',
    );
  }
  await store.append('chain-1', sampleEvents(1_200, 'Swap'), 'any');
  return store;
}

describe('inspecting a log', () => {
  it('shows the newest events and then those that come', async () => {
    const store = await filledStore();
    const filter = { streamPrefixes: ['order-'] };
    const all = await collect(store.readAll({ filter }));
    const tail: RecordedEvent[] = [];
    for await (const event of tailEvents(store, { count: 3, filter })) tail.push(event);
    expect(idsOf(tail)).toEqual(idsOf(all.slice(-3)));

    const abort = new AbortController();
    const followed: RecordedEvent[] = [];
    const more = sampleEvents(2);
    for await (const event of tailEvents(store, { count: 1, filter, follow: abort.signal })) {
      followed.push(event);
      if (followed.length === 1) await store.append('order-9', more, 'any');
      if (followed.length === 3) abort.abort();
    }
    expect(idsOf(followed)).toEqual([...idsOf(all.slice(-1)), ...idsOf(more)]);
  });

  it('counts events by type and by category', async () => {
    const statistics = await measureLog(await filledStore());
    expect(statistics.streams).toBe(5);
    expect(statistics.byCategory.get('chain')).toBe(1_200);
    expect([...statistics.byType.keys()][0]).toBe('Swap');
    expect([...statistics.byType.values()].reduce((a, b) => a + b, 0)).toBe(Number(statistics.events));
  });
});
