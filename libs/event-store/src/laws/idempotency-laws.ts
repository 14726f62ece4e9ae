import { InvalidAppendError, WrongExpectedRevisionError } from '@abland/kernel';
import { expect, it } from '@jest/globals';
import type { StoreUnderTest } from './store-under-test.js';
import { collect, idsOf, sampleEvents } from './sample-events.js';

export function idempotencyLaws({ store, stream }: StoreUnderTest): void {
  it.each(['no_stream', 'any'] as const)(
    'gives the first result again for a repeated append (%s)',
    async (expected) => {
      const name = stream();
      const events = sampleEvents(3);
      const first = await store().append(name, events, expected);
      await store().append(name, sampleEvents(2), 'any');
      expect(await store().append(name, events, expected)).toEqual({ ...first, duplicate: true });
      expect(await collect(store().readStream(name))).toHaveLength(5);
    },
  );

  it('gives the first result again for an append at an exact revision', async () => {
    const name = stream();
    await store().append(name, sampleEvents(2), 'no_stream');
    const events = sampleEvents(2);
    const first = await store().append(name, events, 1n);
    expect(await store().append(name, events, 1n)).toEqual({ ...first, duplicate: true });
    expect(await store().append(name, events, 'stream_exists')).toEqual({ ...first, duplicate: true });
    expect(await collect(store().readStream(name))).toHaveLength(4);
  });

  it('stores an append once that is sent several times at once', async () => {
    const name = stream();
    const events = sampleEvents(4);
    const results = await Promise.all(Array.from({ length: 10 }, () => store().append(name, events, 'any')));
    expect(new Set(results.map(({ position }) => position)).size).toBe(1);
    expect(results.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
    expect(await collect(store().readStream(name))).toHaveLength(4);
  });

  it('takes a prefix of a stored batch as stored', async () => {
    const name = stream();
    const events = sampleEvents(4);
    await store().append(name, events, 'no_stream');
    expect(await store().append(name, events.slice(0, 2), 'no_stream')).toMatchObject({
      revision: 1n,
      duplicate: true,
    });
    expect(await collect(store().readStream(name))).toHaveLength(4);
  });

  it.each(['no_stream', 'any'] as const)(
    'adds only what is new to a batch stored in part, at the start of a stream (%s)',
    async (expected) => {
      const name = stream();
      const events = sampleEvents(5);
      await store().append(name, events.slice(0, 3), expected);
      expect(await store().append(name, events, expected)).toMatchObject({ revision: 4n, duplicate: false });
      expect(idsOf(await collect(store().readStream(name)))).toEqual(idsOf(events));
    },
  );

  it('adds only what is new to a batch stored in part, at an exact revision', async () => {
    const name = stream();
    const before = sampleEvents(2);
    const events = sampleEvents(4);
    await store().append(name, before, 'no_stream');
    await store().append(name, events.slice(0, 1), 1n);
    expect(await store().append(name, events, 1n)).toMatchObject({ revision: 5n, duplicate: false });
    expect(idsOf(await collect(store().readStream(name)))).toEqual([...idsOf(before), ...idsOf(events)]);
  });

  it('refuses the rest of a batch stored in part when others wrote after it at an exact revision', async () => {
    const name = stream();
    const events = sampleEvents(4);
    await store().append(name, events.slice(0, 2), 'no_stream');
    await store().append(name, sampleEvents(1), 1n);
    await expect(store().append(name, events, 'no_stream')).rejects.toThrow(WrongExpectedRevisionError);
    expect(await collect(store().readStream(name))).toHaveLength(3);
    expect(await store().append(name, events, 'any')).toMatchObject({ revision: 4n, duplicate: false });
    expect(await collect(store().readStream(name))).toHaveLength(5);
  });

  it('refuses stored events behind new ones or in another order', async () => {
    const name = stream();
    const [a, b, c] = sampleEvents(3) as [never, never, never];
    await store().append(name, [a, b], 'no_stream');
    await expect(store().append(name, [c, a], 'any')).rejects.toThrow(InvalidAppendError);
    await expect(store().append(name, [b, a], 'any')).rejects.toThrow(InvalidAppendError);
    expect(await collect(store().readStream(name))).toHaveLength(2);
  });

  it('does not take an id of another stream as stored in this one', async () => {
    const [one, other] = [stream(), stream()];
    const events = sampleEvents(1);
    await store().append(one, events, 'no_stream');
    expect(await store().append(other, events, 'no_stream')).toMatchObject({
      revision: 0n,
      duplicate: false,
    });
  });
}
