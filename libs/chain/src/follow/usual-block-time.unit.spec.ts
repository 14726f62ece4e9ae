import { SeededRandom } from '@abland/testing/seeded-random';
import { describe, expect, it } from '@jest/globals';
import { UsualBlockTime } from './usual-block-time.js';

/** What is learnt of heads that come after these times, each tenth of them empty, or none. */
function learnt(times: readonly number[], emptyEach = 10): number | null {
  const usual = new UsualBlockTime();
  let now = 5_000;
  for (const [index, ms] of times.entries()) usual.note(index % emptyEach === 0, (now += ms));
  return usual.ms;
}

describe('the usual time between the blocks of a chain', () => {
  const regular = (ms: number, count = 200): number[] => Array.from({ length: count }, () => ms);
  const random = new SeededRandom(7);
  const share = () => 1 - random.next();

  it('is learnt where it mines by the clock, whatever jitter there is and whichever slots are missed', () => {
    expect(learnt(regular(2_000))).toBe(2_000);
    expect(learnt(regular(12_000).map((ms, index) => (index % 20 === 0 ? 2 * ms : ms)))).toBe(12_000);
    const jittered = learnt(regular(1_000).map((ms) => ms + 500 * share())) ?? 0;
    expect(jittered).toBeGreaterThanOrEqual(1_000);
    expect(jittered).toBeLessThanOrEqual(1_500);
  });

  it('is not known of one that mines on demand, however regularly it is asked to', () => {
    expect(learnt(regular(2_000), Infinity)).toBeNull();
  });

  it('is not known where luck or people decide when a block comes', () => {
    expect(learnt(regular(13_000).map((ms) => -Math.log(share()) * ms))).toBeNull();
    expect(learnt(regular(2_000).map((ms, index) => (index % 5 === 0 ? 60 * ms : ms)))).toBeNull();
  });

  it('is not known before it was seen for long enough, and forgets what is long past', () => {
    expect(learnt(regular(2_000, 64))).toBeNull();
    expect(learnt([...regular(50_000), ...regular(2_000, 65)])).toBe(2_000);
  });
});
