import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type CopyProgress, ProgressTeller } from './copy-progress.js';

function tellerOf(range: { readonly after: bigint | null; readonly to: bigint | null }): {
  readonly teller: ProgressTeller;
  readonly told: CopyProgress[];
} {
  const told: CopyProgress[] = [];
  return { told, teller: new ProgressTeller('copying', range, (progress) => told.push(progress)) };
}

describe('ProgressTeller', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('tells once a second how far it is', () => {
    const { teller, told } = tellerOf({ after: null, to: 400n });
    for (const position of [100n, 200n, 300n]) {
      jest.advanceTimersByTime(600);
      teller.add(100, position);
    }
    expect(told).toEqual([
      {
        phase: 'copying',
        events: 200n,
        share: 0.5,
        eventsPerSecond: expect.closeTo(200 / 1.2),
        secondsLeft: expect.closeTo(1.2),
      },
    ]);
  });

  it('tells that it is done once, however long its last page took', () => {
    const { teller, told } = tellerOf({ after: 100n, to: 300n });
    jest.advanceTimersByTime(5_000);
    teller.add(100, 200n);
    jest.advanceTimersByTime(5_000);
    teller.add(100, 300n);
    teller.end();
    expect(told.map(({ share }) => share)).toEqual([0.5, 1]);
    expect(told.at(-1)).toMatchObject({ events: 200n, secondsLeft: 0 });
  });

  it('tells nothing of a phase that had nothing to do', () => {
    const { teller, told } = tellerOf({ after: null, to: null });
    teller.end();
    expect(told).toEqual([]);
  });
});
