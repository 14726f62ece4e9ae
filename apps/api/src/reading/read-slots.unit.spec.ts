import { describe, expect, it } from '@jest/globals';
import { ReadSlots } from './read-slots.js';

const LIMITS = { max: 1, waitersMax: 2, waitMs: 60_000 };

describe('slots of reading', () => {
  it('come in the order in which they were asked for', async () => {
    const slots = new ReadSlots(LIMITS);
    const end = await slots.take(null);
    const order: string[] = [];
    const wait = async (name: string) => {
      const pass = await slots.take(null);
      order.push(name);
      pass();
    };
    const all = [wait('first'), wait('second')];
    expect(order).toEqual([]);
    end();
    await Promise.all(all);
    expect(order).toEqual(['first', 'second']);
    (await slots.take(null))();
  });

  it('are refused where too many wait, and where it takes too long', async () => {
    const busy = expect.objectContaining({ code: 'DATABASE_BUSY', failureClass: 'LATER' });
    const none = new ReadSlots({ ...LIMITS, waitersMax: 0 });
    await none.take(null);
    await expect(none.take(null)).rejects.toEqual(busy);
    const slow = new ReadSlots({ ...LIMITS, waitMs: 1 });
    await slow.take(null);
    await expect(slow.take(null)).rejects.toEqual(busy);
  });

  it('are not given to whoever is gone, and are there for the next', async () => {
    const slots = new ReadSlots(LIMITS);
    const gone = new AbortController();
    const end = await slots.take(null);
    const over = expect.objectContaining({ code: 'REQUEST_OVER' });
    const refused = expect(slots.take(gone.signal)).rejects.toEqual(over);
    const next = slots.take(null);
    gone.abort();
    await refused;
    await expect(slots.take(gone.signal)).rejects.toEqual(over);
    end();
    (await next)();
  });
});
