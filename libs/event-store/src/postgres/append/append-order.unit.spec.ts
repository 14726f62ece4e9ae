import { describe, expect, it } from '@jest/globals';
import { sampleEvents } from '../../laws/sample-events.js';
import { AppendOrder, type Turn } from './append-order.js';
import { AppendPlan } from './append-plan.js';

const plan = (stream: string, count = 10): AppendPlan => {
  const made = AppendPlan.of([{ stream, events: sampleEvents(count), expected: 'no_stream' }]);
  if (made === null) throw new Error('no plan');
  return made;
};

/** An order that knows where the log ends, as it does after a group under the lock. */
function orderAt(end: bigint): AppendOrder {
  const order = new AppendOrder(10);
  order.start(plan('first')).end(end);
  return order;
}

/** How many groups are under the lock until the next one may be written ahead; that one fails or not. */
function restOf(order: AppendOrder, next: 'fails' | 'holds'): number {
  for (let count = 0; ; count += 1) {
    const turn = order.start(plan(`s-${count}`));
    if (turn.head === null) {
      turn.end(1_000n);
      continue;
    }
    if (next === 'fails') turn.fail();
    turn.end(turn.head + (next === 'fails' ? 11n : 10n));
    return count;
  }
}

describe('AppendOrder', () => {
  it('writes nothing ahead before it has seen where the log ends', () => {
    expect(new AppendOrder(10).start(plan('a')).head).toBeNull();
  });

  it('writes each group where those before it will end', () => {
    const order = orderAt(40n);
    expect([
      order.start(plan('a', 10)).head,
      order.start(plan('b', 25)).head,
      order.start(plan('c')).head,
    ]).toEqual([40n, 50n, 75n]);
  });

  it('keeps small groups, and those whose revisions are not known beforehand, under the lock', () => {
    const any = AppendPlan.of([{ stream: 'a', events: sampleEvents(10), expected: 'any' }]);
    for (const group of [plan('a', 9), any, null]) expect(orderAt(40n).start(group).head).toBeNull();
  });

  it('lets a group start beside others only ahead, beside such, and on other streams', () => {
    const order = orderAt(40n);
    expect(order.mayStart(plan('a', 1))).toBe(true);
    order.start(plan('a'));
    expect(order.mayStart(plan('b'))).toBe(true);
    expect(order.mayStart(plan('a'))).toBe(false);
    expect(order.mayStart(plan('b', 9))).toBe(false);
    expect(order.mayStart(null)).toBe(false);
    const underLock = orderAt(40n);
    underLock.start(plan('a', 9));
    expect(underLock.mayStart(plan('b'))).toBe(false);
  });

  it('tells those behind a failure at once, and when the one before them has ended', async () => {
    const order = orderAt(40n);
    const [first, second]: Turn[] = [order.start(plan('a')), order.start(plan('b'))];
    first?.fail();
    await expect(second?.follows).resolves.toBe(false);
    expect(order.mayStart(plan('c'))).toBe(false);
    first?.end(60n);
    await expect(second?.previousEnded).resolves.toBeUndefined();
  });

  it('tells those behind one that has ended elsewhere than expected', async () => {
    for (const end of [51n, null]) {
      const order = orderAt(40n);
      const [first, second] = [order.start(plan('a')), order.start(plan('b'))];
      first.end(end);
      await expect(second.follows).resolves.toBe(false);
      expect(order.mayStart(plan('c'))).toBe(false);
    }
  });

  it('rests after a failure, twice as long after each, up to a bound, until one was stored ahead', () => {
    const order = orderAt(40n);
    const rests = Array.from({ length: 10 }, () => restOf(order, 'fails'));
    expect(rests).toEqual([0, 1, 2, 4, 8, 16, 32, 64, 64, 64]);
    expect([restOf(order, 'holds'), restOf(order, 'fails'), restOf(order, 'fails')]).toEqual([64, 0, 1]);
  });
});
