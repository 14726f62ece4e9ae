import { describe, expect, it } from '@jest/globals';
import { Beginning } from './beginning.js';

describe('a run of a process has achieved something', () => {
  function begin(beside: readonly ('tick' | 'work')[]) {
    let achieved = 0;
    const beginning = new Beginning(beside, () => (achieved += 1));
    return { beginning, achieved: () => achieved };
  }

  it('with each part of the log on the way to its end, though nothing beside can begin before', () => {
    const { beginning, achieved } = begin(['tick', 'work']);
    beginning.followed(false);
    beginning.followed(false);
    expect(achieved()).toBe(2);
  });

  it('at the end of the log once all that runs beside has begun', () => {
    const { beginning, achieved } = begin(['tick', 'work']);
    beginning.followed(true);
    beginning.begun('tick');
    expect(achieved()).toBe(0);
    beginning.begun('work');
    expect(achieved()).toBe(1);
    beginning.begun('work');
    beginning.followed(true);
    expect(achieved()).toBe(2);
  });

  it('with the log alone where nothing runs beside', () => {
    const { beginning, achieved } = begin([]);
    beginning.followed(true);
    expect(achieved()).toBe(1);
  });
});
