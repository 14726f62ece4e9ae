import { SeededRandom } from '@abland/testing/seeded-random';
import { describe, expect, it } from '@jest/globals';
import { UsualBlockTime } from './usual-block-time.js';

/** What is learnt of heads that come after these times, each tenth of them empty, or none, and whose own times are those in seconds. */
function learnt(times: readonly number[], emptyEach = 10): number | null {
  const usual = new UsualBlockTime();
  let now = 5_000;
  for (const [index, ms] of times.entries()) {
    now += ms;
    const isEmpty = index % emptyEach === emptyEach - 1;
    usual.note({ number: 700 + index, isEmpty, time: Math.floor(now / 1_000) }, now);
  }
  return usual.ms;
}
const FILLED = Infinity;

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

  it('is learnt where all blocks are filled, once their own times showed a clock for an hour', () => {
    expect(learnt(regular(2_000, 1_790), FILLED)).toBeNull();
    expect(learnt(regular(2_000, 1_810), FILLED)).toBe(2_000);
    expect(learnt(regular(12_000, 310), FILLED)).toBe(12_000);
    const missed = regular(12_000, 310).map((ms, index) => (index % 20 === 0 ? 2 * ms : ms));
    expect(learnt(missed, FILLED)).toBe(12_000);
  });

  it.each([1_000, 750, 400, 250])(
    'is learnt of a clock of %i ms, too, none of whose blocks is empty',
    (ms) => {
      const hour = 3_600_000 / ms;
      expect(learnt(regular(ms, hour - 10), FILLED)).toBeNull();
      expect(learnt(regular(ms, hour + 10), FILLED)).toBe(ms);
      const stumbling = regular(ms, hour + 10).map((one, index) => (index === 900 ? one + 1_000 : one));
      expect(learnt(stumbling, FILLED)).toBeNull();
    },
  );

  it('is not known of one that mines on demand, however regularly it is asked to', () => {
    expect(learnt(regular(2_000), FILLED)).toBeNull();
    const drifting = regular(2_000, 5_000).map((ms) => ms + 2 * share());
    expect(learnt(drifting, FILLED)).toBeNull();
    const eachSecond = regular(1_000, 5_000).map((ms) => ms + share());
    expect(learnt(eachSecond, FILLED)).toBeNull();
  });

  it('is forgotten where the times of filled blocks show no clock any more', () => {
    expect(learnt([...regular(2_000, 1_810), ...regular(1_001, 5_000)], FILLED)).toBeNull();
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
