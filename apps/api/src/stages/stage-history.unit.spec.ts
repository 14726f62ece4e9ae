import { describe, expect, it } from '@jest/globals';
import type { SeenStage } from './stage.js';
import { StageHistory } from './stage-history.js';

const seen = (reached: bigint | null, end: bigint | null): SeenStage => ({
  ...{ name: 'ingester-1', program: 'worker', asksChain: false, pulse: null },
  ...{ reached, end },
});

describe('what a stage did', () => {
  it('is told as a rate of the last seconds, and never as a negative one', () => {
    const history = new StageHistory();
    for (const second of [0, 1, 2, 3])
      history.note(seen(BigInt(second * 10), 100n), second * 1000, second * 1000);
    expect(history.paceOf('ingester-1', 3000).perSecond).toBe(10);
    history.note(seen(5n, 100n), 4000, 4000);
    expect(history.paceOf('ingester-1', 4000).perSecond).toBe(1.3);
    history.note(seen(0n, 100n), 9000, 9000);
    expect(history.paceOf('ingester-1', 9000).perSecond).toBe(0);
  });

  it('says for how long it has been behind, from when it was level last', () => {
    const history = new StageHistory();
    history.note(seen(5n, 5n), 1000, 0);
    expect(history.paceOf('ingester-1', 1500).behindSeconds).toBe(0);
    history.note(seen(5n, 6n), 2000, 0);
    history.note(seen(6n, 7n), 3000, 0);
    expect(history.paceOf('ingester-1', 3500).behindSeconds).toBe(2.5);
    history.note(seen(7n, 7n), 4000, 0);
    expect(history.paceOf('ingester-1', 4500).behindSeconds).toBe(0);
  });

  it('keeps an hour of samples also where the clock is set back', () => {
    const history = new StageHistory();
    for (let second = 0; second <= 7_300; second += 10)
      history.note(seen(BigInt(second), BigInt(second + 3)), second * 1000, 10_000_000_000 - second * 1000);
    expect(history.samplesOf('ingester-1')).toHaveLength(361);
  });

  it('keeps an hour of samples, ten seconds apart, and forgets what is no more', () => {
    const history = new StageHistory();
    for (let second = 0; second <= 3_700; second += 1)
      history.note(seen(BigInt(second), BigInt(second + 3)), second * 1000, second * 1000);
    const samples = history.samplesOf('ingester-1');
    expect(samples).toHaveLength(361);
    expect(samples.at(-1)).toEqual({ at: 3_700_000, behind: 3, perSecond: 1 });
    history.keepOnly(new Set());
    expect(history.samplesOf('ingester-1')).toEqual([]);
    expect(history.paceOf('ingester-1', 0)).toEqual({ perSecond: 0, behindSeconds: 0 });
  });
});
