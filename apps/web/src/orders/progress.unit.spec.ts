import { describe, expect, it } from '@jest/globals';
import { type Command, NOTHING_SEEN, seen, stagesDone } from './progress.js';

const at = (status: Command['status']): Command => ({ status }) as Command;
const after = (...statuses: Command['status'][]) =>
  statuses.reduce((before, status) => seen(before, at(status)), NOTHING_SEEN);

describe('what a person is told of an order on its way', () => {
  it('is that a reorg took it back, once it was on the chain and is not any more', () => {
    expect(after('ACCEPTED', 'SUBMITTED').isRetracted).toBe(false);
    expect(after('SUBMITTED', 'CONFIRMED').isRetracted).toBe(false);
    expect(after('SUBMITTED', 'CONFIRMED', 'SUBMITTED').isRetracted).toBe(true);
    expect(after('SUBMITTED', 'REVERTED', 'SUBMITTED').isRetracted).toBe(true);
    expect(after('CONFIRMED', 'SUBMITTED', 'CONFIRMED').isRetracted).toBe(false);
  });

  it('is how far it is, unless it left the way', () => {
    expect(
      ['ACCEPTED', 'SUBMITTED', 'CONFIRMED', 'FINALIZED', 'FAILED'].map((one) => stagesDone(one as never)),
    ).toEqual([1, 2, 3, 4, null]);
  });
});
