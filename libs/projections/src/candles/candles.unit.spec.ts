import { describe, it } from '@jest/globals';
import { chainLaws } from '../testing/chain-laws.js';
import { specify } from '../testing/specification.js';
import { fact } from '../testing/told-events.js';
import { candlesProjection } from './projection.js';
import { candles } from './tables.js';

const [A, B] = [`0x${'1'.repeat(40)}`, `0x${'2'.repeat(40)}`];
const POOL = `0x${'9'.repeat(64)}`;
let swapped = 0;

/** A swap of so much A against so much B, A being sold or bought. */
function swap(time: number, a: bigint, b: bigint, sellsA = true) {
  const [tokenIn, tokenOut, amountIn, amountOut] = sellsA ? [A, B, a, b] : [B, A, b, a];
  swapped += 1;
  return fact(
    'Swap',
    { user: A, poolId: POOL, tokenIn, tokenOut, amountIn: `${amountIn}`, amountOut: `${amountOut}` },
    { block: swapped, time },
  );
}
const minute = { pool_id: POOL, interval_seconds: 60 };
const { given } = specify(candlesProjection);

describe('candles', () => {
  it('keep first, highest, lowest and last price as exact fractions, whichever side was sold', () => {
    given(swap(60, 3n, 1n), swap(61, 1n, 2n, false), swap(62, 7n, 1n))
      .when(swap(119, 2n, 1n))
      .then(
        candles,
        ...[60, 300, 3_600, 86_400]
          .map((interval_seconds) => ({
            interval_seconds,
            bucket_time: interval_seconds === 60 ? 60 : 0,
            open_a: 3n,
            open_b: 1n,
            high_a: 1n,
            high_b: 2n,
            low_a: 7n,
            low_b: 1n,
            close_a: 2n,
            close_b: 1n,
            volume_a: 13n,
            volume_b: 5n,
            swaps: 4,
            updated_block: swapped,
          }))
          .sort((one, other) => (`${one.interval_seconds}` < `${other.interval_seconds}` ? -1 : 1)),
      );
  });

  it('tell prices apart that a float would take as equal', () => {
    const big = 10n ** 30n;
    const highest = { high_b: big + 1n, low_b: big };
    given(swap(0, big, big))
      .when(swap(1, big, big + 1n))
      .then(candles, highest, highest, { ...minute, ...highest }, highest);
  });

  it('begin at the bucket of the block time, each interval its own', () => {
    const opened = (interval_seconds: number, bucket_time: number) => ({
      interval_seconds,
      bucket_time,
      swaps: 1,
    });
    given(swap(86_399, 1n, 1n))
      .when(swap(86_400, 1n, 1n))
      .then(
        candles,
        opened(300, 86_100),
        opened(300, 86_400),
        opened(3_600, 82_800),
        opened(3_600, 86_400),
        opened(60, 86_340),
        opened(60, 86_400),
        opened(86_400, 0),
        opened(86_400, 86_400),
      );
  });

  it('are not moved by a swap that has no price', () => {
    given()
      .when(swap(0, 5n, 0n), swap(0, 0n, 5n))
      .then(candles);
  });

  chainLaws(candlesProjection, [swap(60, 3n, 1n), swap(61, 5n, 1n), swap(3_661, 1n, 9n)]);
});
