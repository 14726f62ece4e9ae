import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { EventIdFilter } from './event-id-filter.js';

const ids = (count: number): string[] => Array.from({ length: count }, () => randomUUID());

describe('the filter of event ids', () => {
  it('never misses an id that it stands for, also those added later', () => {
    const [first, later] = [ids(500), ids(500)];
    const filter = EventIdFilter.of(first).with(later);
    expect([...first, ...later].every((id) => filter.mayHave(id))).toBe(true);
    expect(filter.count).toBe(1_000);
  });

  it('seldom takes another id for one of them, up to its capacity', () => {
    const first = ids(1_000);
    let filter = EventIdFilter.of(first);
    filter = filter.with(ids(filter.capacity - filter.count));
    const wrong = ids(20_000).filter((id) => filter.mayHave(id)).length;
    expect(wrong).toBeLessThan(200);
  });

  it('has room for twice as many as it was made of, and for one of nothing', () => {
    expect(EventIdFilter.of(ids(300)).capacity).toBeGreaterThanOrEqual(600);
    expect(EventIdFilter.of([]).with(ids(1)).capacity).toBeGreaterThanOrEqual(1);
  });

  it('is the same after its bits were kept', () => {
    const known = ids(50);
    const { bits, count } = EventIdFilter.of(known);
    const again = EventIdFilter.from(bits, count);
    expect(known.every((id) => again.mayHave(id))).toBe(true);
    expect(again.count).toBe(50);
  });
});
