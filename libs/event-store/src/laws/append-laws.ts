import { InvalidAppendError, type NewEvent, WrongExpectedRevisionError } from '@abland/kernel';
import { expect, it } from '@jest/globals';
import type { StoreUnderTest } from './store-under-test.js';
import { collect, idsOf, sampleEvent, sampleEvents } from './sample-events.js';

export function appendLaws({ store, stream }: StoreUnderTest): void {
  it('numbers the events of a stream from 0 and tells the last revision', async () => {
    const name = stream();
    expect(await store().append(name, sampleEvents(3), 'no_stream')).toMatchObject({
      revision: 2n,
      duplicate: false,
    });
    expect(await store().append(name, sampleEvents(1), 2n)).toMatchObject({ revision: 3n });
    expect((await collect(store().readStream(name))).map(({ revision }) => revision)).toEqual([
      0n,
      1n,
      2n,
      3n,
    ]);
  });

  it('assigns growing positions and tells the last one', async () => {
    const first = await store().append(stream(), sampleEvents(2), 'any');
    const second = await store().append(stream(), sampleEvents(1), 'any');
    expect(second.position).toBeGreaterThan(first.position);
    expect(await store().head()).toBe(second.position);
  });

  it('gives back what was appended, unchanged', async () => {
    const name = stream();
    const event: NewEvent = {
      ...sampleEvent({
        text: 'é "quoted" \\ \n\t\u0000 \u2028 💥',
        nested: { list: [1, -2.5, 1e21, null, true, []], empty: {} },
        amount: '115792089237316195423570985008687907853269984665640564039457584007913129639935',
      }),
      version: 7,
      metadata: {
        correlationId: 'c',
        causationId: 'd',
        actor: 'chain',
        chain: {
          chainId: 1,
          blockNumber: 2,
          blockHash: '0xab',
          blockTime: 3,
          txHash: null,
          logIndex: null,
          commandId: null,
        },
      },
    };
    const before = Date.now();
    const { position } = await store().append(name, [event], 'no_stream');
    const [stored] = await collect(store().readStream(name));
    expect(stored).toEqual({
      ...event,
      stream: name,
      revision: 0n,
      position,
      recordedAt: stored?.recordedAt,
    });
    expect(stored?.recordedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(Math.abs(Date.parse(stored?.recordedAt ?? '') - before)).toBeLessThan(60_000);
  });

  it('refuses a stream that is not as expected, tells where it is and stores nothing', async () => {
    const name = stream();
    await expect(store().append(name, sampleEvents(1), 'stream_exists')).rejects.toThrow(
      WrongExpectedRevisionError,
    );
    await expect(store().append(name, sampleEvents(1), 0n)).rejects.toMatchObject({
      expected: 0n,
      actual: null,
    });
    await store().append(name, sampleEvents(2), 'no_stream');
    await expect(store().append(name, sampleEvents(1), 'no_stream')).rejects.toMatchObject({
      code: 'WRONG_EXPECTED_REVISION',
      stream: name,
      expected: 'no_stream',
      actual: 1n,
    });
    await expect(store().append(name, sampleEvents(1), 0n)).rejects.toMatchObject({
      expected: 0n,
      actual: 1n,
    });
    await expect(store().append(name, sampleEvents(1), 5n)).rejects.toMatchObject({
      expected: 5n,
      actual: 1n,
    });
    await store().append(name, sampleEvents(1), 'stream_exists');
    expect(await collect(store().readStream(name))).toHaveLength(3);
  });

  it('lets one of many concurrent appends at the same revision through', async () => {
    const name = stream();
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, () => store().append(name, sampleEvents(2), 'no_stream')),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const reasons = results.flatMap((result) =>
      result.status === 'rejected' ? [result.reason as unknown] : [],
    );
    expect(reasons.every((reason) => reason instanceof WrongExpectedRevisionError)).toBe(true);
    expect(await collect(store().readStream(name))).toHaveLength(2);
  });

  it('stores concurrent appends to one stream in full, each in one piece', async () => {
    const name = stream();
    const batches = Array.from({ length: 20 }, () => sampleEvents(5));
    await Promise.all(batches.map((batch) => store().append(name, batch, 'any')));
    const stored = idsOf(await collect(store().readStream(name)));
    expect(stored).toHaveLength(100);
    for (const batch of batches) {
      const start = stored.indexOf(batch[0]?.id ?? '');
      expect(stored.slice(start, start + 5)).toEqual(idsOf(batch));
    }
  });

  it('stores an append larger than a page in one piece', async () => {
    const name = stream();
    const events = sampleEvents(6_000);
    expect(await store().append(name, events, 'no_stream')).toMatchObject({ revision: 5_999n });
    expect(idsOf(await collect(store().readStream(name)))).toEqual(idsOf(events));
  });

  const valid = sampleEvent();
  it.each<[string, string | null, readonly unknown[]]>([
    ['no events', null, []],
    ['an empty stream name', '', [valid]],
    ['a stream name of the store itself', '$all', [valid]],
    ['a stream name with white space', 'token- 1', [valid]],
    ['a stream name beyond 200 characters', `x${'y'.repeat(200)}`, [valid]],
    ['a malformed id', null, [{ ...valid, id: 'not-a-uuid' }]],
    ['an upper-case id', null, [{ ...valid, id: valid.id.toUpperCase() }]],
    ['one id twice', null, [valid, { ...valid }]],
    ['an empty type', null, [{ ...valid, type: '' }]],
    ['a version of 0', null, [{ ...valid, version: 0 }]],
    ['data that is a list', null, [{ ...valid, data: [] }]],
    ['data with a bigint', null, [{ ...valid, data: { amount: 1n } }]],
    ['data with undefined', null, [{ ...valid, data: { deep: [{ lost: undefined }] } }]],
    ['data with a number that is none', null, [{ ...valid, data: { price: NaN } }]],
    ['data with a Date', null, [{ ...valid, data: { at: new Date() } }]],
  ])('refuses %s and stores nothing', async (_, name, events) => {
    const target = name ?? stream();
    const before = await store().head();
    await expect(store().append(target, events as readonly NewEvent[], 'any')).rejects.toThrow(
      InvalidAppendError,
    );
    await expect(
      store().append(target, [...events, ...events] as readonly NewEvent[], 'any'),
    ).rejects.toMatchObject({
      code: 'INVALID_APPEND',
      details: { field: expect.any(String) },
    });
    expect(await store().head()).toBe(before);
  });
}
