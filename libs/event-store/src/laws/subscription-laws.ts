import { setTimeout as sleep } from 'node:timers/promises';
import { LogMismatchError, type Position, type RecordedEvent } from '@abland/kernel';
import { until } from '@abland/testing/eventually';
import { expect, it } from '@jest/globals';
import type { StoreUnderTest } from './store-under-test.js';
import { collect, followUntil, idsOf, sampleEvents } from './sample-events.js';

export function subscriptionLaws({ store, stream }: StoreUnderTest): void {
  const after = async (): Promise<{ after?: Position }> => {
    const head = await store().head();
    return head === null ? {} : { after: head };
  };

  it('delivers what is there and then what comes, each event once and in order', async () => {
    const start = await after();
    const name = stream();
    const earlier = sampleEvents(25);
    await store().append(name, earlier, 'any');
    const later = Array.from({ length: 30 }, () => sampleEvents(3));
    const following = followUntil(store(), { ...start, batchSize: 10 }, (seen) => seen.length >= 115);
    for (const batch of later) await store().append(name, batch, 'any');
    expect(idsOf(await following)).toEqual(idsOf([...earlier, ...later.flat()]));
  });

  it('misses and doubles nothing while many append at once', async () => {
    const start = await after();
    const following = followUntil(store(), start, (seen) => seen.length >= 600);
    await Promise.all(
      Array.from({ length: 60 }, async () => {
        const name = stream();
        for (let index = 0; index < 5; index += 1) await store().append(name, sampleEvents(2), 'any');
      }),
    );
    const seen = await following;
    expect(idsOf(seen)).toEqual(idsOf(await collect(store().readAll(start))));
    expect(seen).toHaveLength(600);
  });

  it('delivers a live event when it comes, not when it would look again', async () => {
    const start = await after();
    const delays: number[] = [];
    let [isLive, delivered] = [false, 0];
    const following = followUntil(store(), start, (seen, batch) => {
      [isLive, delivered] = [isLive || batch.live, seen.length];
      return delivered >= 9;
    });
    await until(() => isLive);
    for (let index = 0; index < 9; index += 1) {
      const appendedAt = performance.now();
      await store().append(stream(), sampleEvents(1), 'any');
      await until(() => delivered > index);
      delays.push(performance.now() - appendedAt);
    }
    await following;
    // Whoever finds events by looking does so once a second, and has just looked.
    expect(delays.sort((a, b) => a - b)[4]).toBeLessThan(800);
  });

  it('resumes after a position without skipping or repeating', async () => {
    const start = await after();
    const name = stream();
    const events = sampleEvents(50);
    await store().append(name, events, 'any');
    const seen: RecordedEvent[] = [];
    let checkpoint = start.after;
    while (seen.length < 50) {
      const from = checkpoint === undefined ? {} : { after: checkpoint };
      const part = await followUntil(store(), { ...from, batchSize: 7 }, (_, batch) => {
        checkpoint = batch.scannedTo;
        return true;
      });
      seen.push(...part);
    }
    expect(idsOf(seen)).toEqual(idsOf(events));
  });

  it('filters, and tells how far it scanned where nothing matches', async () => {
    const start = await after();
    const [left, right] = [stream('left'), stream('right')];
    const wanted = sampleEvents(3, 'Wanted');
    await store().append(left, wanted, 'any');
    await store().append(left, sampleEvents(3, 'Unwanted'), 'any');
    const { position } = await store().append(right, sampleEvents(3, 'Wanted'), 'any');
    let scannedTo: Position | undefined;
    const seen = await followUntil(
      store(),
      { ...start, filter: { types: ['Wanted'], streamPrefixes: ['left'] } },
      (_, batch) => {
        scannedTo = batch.scannedTo;
        return batch.live;
      },
    );
    expect(idsOf(seen)).toEqual(idsOf(wanted));
    expect(scannedTo).toBe(position);
  });

  it('says when it has reached the end, also where there is nothing to deliver', async () => {
    const start = await after();
    let batches = 0;
    const seen = await followUntil(store(), start, (_, batch) => {
      batches += 1;
      return batch.live;
    });
    expect(seen).toEqual([]);
    expect(batches).toBe(1);
  });

  it('waits for a slow consumer and reads no further than a page or two ahead', async () => {
    const start = await after();
    const name = stream();
    await store().append(name, sampleEvents(40), 'any');
    const abort = new AbortController();
    const sizes: number[] = [];
    for await (const batch of store().subscribeToAll({ ...start, batchSize: 8, signal: abort.signal })) {
      sizes.push(batch.events.length);
      await sleep(10);
      if (sizes.reduce((a, b) => a + b, 0) >= 40) abort.abort();
    }
    expect(Math.max(...sizes)).toBeLessThanOrEqual(8);
  });

  it('ends when its signal aborts while it waits', async () => {
    const start = await after();
    const abort = new AbortController();
    const ended = (async () => {
      for await (const batch of store().subscribeToAll({ ...start, signal: abort.signal })) {
        expect(batch.events).toEqual([]);
      }
    })();
    await sleep(100);
    abort.abort();
    await ended;
  });

  it('tells of each look for what is new, though nothing is', async () => {
    const start = await after();
    const abort = new AbortController();
    let looks = 0;
    const onLook = (): void => {
      looks += 1;
      if (looks > 2) abort.abort();
    };
    const batches: number[] = [];
    for await (const { events } of store().subscribeToAll({ ...start, onLook, signal: abort.signal }))
      batches.push(events.length);
    expect(batches).toEqual([0]);
    expect(looks).toBe(3);
  });

  it('refuses a checkpoint that the log has not reached', async () => {
    const head = (await store().head()) ?? 0n;
    const beyond = { after: head + 1_000_000n, signal: new AbortController().signal };
    const follow = async (): Promise<void> => {
      for await (const batch of store().subscribeToAll(beyond)) expect(batch).toBeUndefined();
    };
    await expect(follow()).rejects.toThrow(LogMismatchError);
  });
}
