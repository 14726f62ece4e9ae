import { describe, expect, it } from '@jest/globals';
import { ReadingWay } from './reading-way.js';

/** After blocks of which so many have ours, with so many logs each. */
function after(blocks: number, withOurs: number, logs: number | null): ReadingWay {
  const way = new ReadingWay(null);
  for (let index = 0; index < blocks; index += 1) way.note({ logs, hasOurs: index < withOurs });
  return way;
}

describe('the way in which blocks are read', () => {
  it('is whole until enough is known, and where ours are in many blocks or blocks have few logs', () => {
    expect(new ReadingWay(null).readsWhole(50)).toBe(true);
    expect(after(49, 0, 500).readsWhole(50)).toBe(true);
    expect(after(100, 26, 500).readsWhole(50)).toBe(true);
    expect(after(100, 0, 19).readsWhole(50)).toBe(true);
  });

  it('leaves others’ logs where they are many and ours few, but not of single blocks', () => {
    const way = after(100, 25, 500);
    expect([way.readsWhole(50), way.readsWhole(4), way.readsWhole(3)]).toEqual([false, false, true]);
  });

  it('changes with what the last blocks have', () => {
    const way = after(200, 0, 500);
    for (let index = 0; index < 60; index += 1) way.note({ logs: 500, hasOurs: true });
    expect(way.readsWhole(50)).toBe(true);
    for (let index = 0; index < 200; index += 1) way.note({ logs: 500, hasOurs: false });
    expect(way.readsWhole(50)).toBe(false);
    for (let index = 0; index < 1_000; index += 1) way.note({ logs: null, hasOurs: false });
    expect(way.readsWhole(50)).toBe(false);
  });

  it('is as the chain’s setting has it', () => {
    expect(new ReadingWay('OURS').readsWhole(1)).toBe(false);
    const way = new ReadingWay('ALL');
    for (let index = 0; index < 200; index += 1) way.note({ logs: 500, hasOurs: false });
    expect(way.readsWhole(50)).toBe(true);
  });
});
