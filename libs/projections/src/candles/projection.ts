import type { Swap } from '@abland/domain';
import type { RecordedEvent } from '@abland/kernel';
import { chainPlaceOf, type Projection, rowOf } from '../engine/projection.js';
import type { KeyOf, RowOf } from '../engine/table.js';
import { sidesOf } from '../swaps/sides.js';
import { candles } from './tables.js';

const INTERVALS = [60, 300, 3_600, 86_400] as const;

/** Base units of B for base units of A. */
interface Price {
  readonly b: bigint;
  readonly a: bigint;
}

const keysOf = (event: RecordedEvent<Swap>) => {
  const { chainId, blockTime } = chainPlaceOf(event);
  return INTERVALS.map((interval) => ({
    chain_id: chainId,
    pool_id: event.data.poolId,
    interval_seconds: interval,
    bucket_time: blockTime - (blockTime % interval),
  }));
};

const above = (left: Price, right: Price): boolean => left.b * right.a > right.b * left.a;

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
          const price = { b: amountB, a: amountA };
          const candle = rows.get(candles, key);
          const next = candle === undefined ? opened(price) : extended(candle, price);
          rows.put(candles, { ...key, ...next, updated_block: blockNumber });
        }
      },
    },
  },
};

type Figures = Omit<RowOf<typeof candles>, keyof KeyOf<typeof candles> | 'updated_block'>;

function opened({ b, a }: Price): Figures {
  return {
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
  };
}

function extended(candle: RowOf<typeof candles>, price: Price): Figures {
  const high = above(price, { b: candle.high_b, a: candle.high_a })
    ? price
    : { b: candle.high_b, a: candle.high_a };
  const low = above({ b: candle.low_b, a: candle.low_a }, price)
    ? price
    : { b: candle.low_b, a: candle.low_a };
  return {
    open_b: candle.open_b,
    open_a: candle.open_a,
    high_b: high.b,
    high_a: high.a,
    low_b: low.b,
    low_a: low.a,
    close_b: price.b,
    close_a: price.a,
    volume_a: candle.volume_a + price.a,
    volume_b: candle.volume_b + price.b,
    swaps: candle.swaps + 1,
  };
}
