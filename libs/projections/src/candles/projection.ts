import type { Swap } from '@abland/domain';
import type { RecordedEvent } from '@abland/kernel';
import { chainPlaceOf, type Projection, rowOf } from '../engine/projection.js';
import type { KeyOf, RowOf } from '../engine/table.js';
import { sidesOf } from '../swaps/sides.js';
import { candles } from './tables.js';

const INTERVALS = [60, 300, 3_600, 86_400] as const;

const keysOf = (event: RecordedEvent<Swap>) => {
  const { chainId, blockTime } = chainPlaceOf(event);
  return INTERVALS.map((interval) => ({
    chain_id: chainId,
    pool_id: event.data.poolId,
    interval_seconds: interval,
    bucket_time: blockTime - (blockTime % interval),
  }));
};

export const candlesProjection: Projection = {
  name: 'candles',
  version: 1,
  tables: [candles],
  handlers: {
    Swap: {
      reads: (event) => keysOf(event).map((key) => rowOf(candles, key)),
      apply: (event, rows) => {
        const { blockNumber } = chainPlaceOf(event);
        const { amountA, amountB } = sidesOf(event.data);
        // A trade that paid nothing for something has no price; the contract makes none.
        if (amountA === 0n || amountB === 0n) return;
        for (const key of keysOf(event)) {
          const candle = rows.get(candles, key);
          rows.put(
            candles,
            candle === undefined
              ? opened(key, amountB, amountA, blockNumber)
              : extended(candle, amountB, amountA, blockNumber),
          );
        }
      },
    },
  },
};

type Candle = RowOf<typeof candles>;

/** @param b base units of B for `a` base units of A: the price of the first trade */
function opened(key: KeyOf<typeof candles>, b: bigint, a: bigint, block: number): Candle {
  return {
    chain_id: key.chain_id,
    pool_id: key.pool_id,
    interval_seconds: key.interval_seconds,
    bucket_time: key.bucket_time,
    open_b: b,
    open_a: a,
    high_b: b,
    high_a: a,
    low_b: b,
    low_a: a,
    close_b: b,
    close_a: a,
    volume_a: a,
    volume_b: b,
    swaps: 1,
    updated_block: block,
  };
}

/** Prices are compared as fractions, of which one crosswise is above the other. */
function extended(candle: Candle, b: bigint, a: bigint, block: number): Candle {
  const isHigh = b * candle.high_a > candle.high_b * a;
  const isLow = candle.low_b * a > b * candle.low_a;
  return {
    ...candle,
    high_b: isHigh ? b : candle.high_b,
    high_a: isHigh ? a : candle.high_a,
    low_b: isLow ? b : candle.low_b,
    low_a: isLow ? a : candle.low_a,
    close_b: b,
    close_a: a,
    volume_a: candle.volume_a + a,
    volume_b: candle.volume_b + b,
    swaps: candle.swaps + 1,
    updated_block: block,
  };
}
