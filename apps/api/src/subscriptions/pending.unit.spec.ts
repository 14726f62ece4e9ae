import { describe, expect, it } from '@jest/globals';
import { Pending } from './pending.js';

function pending(max = 3) {
  const told: string[] = [];
  const queue = new Pending<number>(
    max,
    () => told.push('ended'),
    () => told.push('overflow'),
  );
  return { queue, told };
}

describe('what a follower has yet to be told', () => {
  it('comes in the order in which it changed, the newest of each', async () => {
    const { queue } = pending();
    queue.push('a', 1);
    queue.push('b', 2);
    queue.push('a', 3);
    expect([await queue.next(), await queue.next()]).toEqual([
      { done: false, value: 3 },
      { done: false, value: 2 },
    ]);
    const next = queue.next();
    queue.push('c', 4);
    expect(await next).toEqual({ done: false, value: 4 });
  });

  it('is never more than is kept: then it ends', async () => {
    const { queue, told } = pending(2);
    for (const key of ['a', 'b', 'a', 'b']) queue.push(key, 1);
    expect(told).toEqual([]);
    queue.push('c', 1);
    queue.push('d', 1);
    expect(told).toEqual(['ended', 'overflow']);
    expect(await queue.next()).toEqual({ done: true, value: undefined });
  });

  it('ends once when the follower goes, also while it waits', async () => {
    const { queue, told } = pending();
    const next = queue.next();
    await queue.return();
    await queue.return();
    expect(await next).toEqual({ done: true, value: undefined });
    expect(told).toEqual(['ended']);
  });

  it('ends with what went wrong, once all that was pending is told', async () => {
    const { queue, told } = pending();
    queue.push('a', 1);
    queue.fail(new Error('the log is out of reach'));
    expect(await queue.next()).toEqual({ done: false, value: 1 });
    await expect(queue.next()).rejects.toThrow('the log is out of reach');
    expect(told).toEqual(['ended']);
  });
});
