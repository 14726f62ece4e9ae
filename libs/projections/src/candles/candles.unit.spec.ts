import { describe, expect, it } from '@jest/globals';
import type { NewEvent } from '@abland/kernel';
import { Fold } from '../testing/fold.js';
import { candlesProjection } from './projection.js';
import { candles } from './tables.js';

const [A, B] = [`0x${'1'.repeat(40)}`, `0x${'2'.repeat(40)}`];
const POOL = `0x${'9'.repeat(64)}`;
let issued = 0;

/** A swap of so much A against so much B, A being sold or bought. */
function swap(time: number, a: bigint, b: bigint, sellsA = true): NewEvent {
  const [tokenIn, tokenOut, amountIn, amountOut] = sellsA ? [A, B, a, b] : [B, A, b, a];
  issued += 1;
  return {
    id: `00000000-0000-4000-8000-${issued.toString().padStart(12, '0')}`,
    type: 'Swap',
    version: 1,
    data: { user: A, poolId: POOL, tokenIn, tokenOut, amountIn: `${amountIn}`, amountOut: `${amountOut}` },
    metadata: {
      correlationId: 'c',
      causationId: null,
      actor: 'chain',
      chain: {
        chainId: 1,
        blockNumber: issued,
        blockHash: POOL,
        blockTime: time,
        txHash: POOL,
        logIndex: 0,
        commandId: null,
      },
    },
  };
}
const candleAt = (fold: Fold, interval: number, time: number) =>
  fold.row(candles, { pool_id: POOL, interval_seconds: interval, bucket_time: time });

describe('candles', () => {
  it('keep first, highest, lowest and last price as exact fractions, whichever side was sold', () => {
    const fold = new Fold(candlesProjection);
    fold.tell([swap(60, 3n, 1n), swap(61, 1n, 2n, false), swap(62, 7n, 1n), swap(119, 2n, 1n)]);
    expect(candleAt(fold, 60, 60)).toMatchObject({
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
    });
  });

  it('tell prices apart that a float would take as equal', () => {
    const fold = new Fold(candlesProjection);
    const big = 10n ** 30n;
    fold.tell([swap(0, big, big), swap(1, big, big + 1n)]);
    expect(candleAt(fold, 60, 0)).toMatchObject({ high_b: big + 1n, low_b: big });
  });

  it('begin at the bucket of the block time, each interval its own', () => {
    const fold = new Fold(candlesProjection);
    fold.tell([swap(86_399, 1n, 1n), swap(86_400, 1n, 1n)]);
    for (const [interval, bucket] of [
      [60, 86_340],
      [300, 86_100],
      [3_600, 82_800],
      [86_400, 0],
    ] as const) {
      expect(candleAt(fold, interval, bucket)?.swaps).toBe(1);
      expect(candleAt(fold, interval, 86_400)?.swaps).toBe(1);
    }
  });

  it('are not moved by a swap that has no price', () => {
    const fold = new Fold(candlesProjection);
    fold.tell([swap(0, 5n, 0n), swap(0, 0n, 5n)]);
    expect(candleAt(fold, 60, 0)).toBeUndefined();
  });
});
