import { CANDLE_INTERVALS, type CandleInterval, listCandles, type ReadModel } from '@abland/projections';
import { instantOf } from '../../graphql/instant.js';
import { type Candle, candleOf } from '../../market/swap.types.js';
import { type ChainChange, chainReferenceOf } from '../changes/chain-change.js';
import type { OncePerChange, Topic } from './topic.js';

export interface FollowedCandles {
  readonly poolId: string;
  readonly interval: CandleInterval;
}

/** Candles of a pool that swaps are in; their ids are where they begin. */
export function candlesTopic(
  readModel: ReadModel,
  once: OncePerChange,
  { interval, poolId }: FollowedCandles,
): Topic<Candle> {
  const seconds = CANDLE_INTERVALS[interval];
  const beginnings = ({ facts }: ChainChange): readonly number[] => {
    const times = facts
      .filter(({ data, type }) => type === 'Swap' && data['poolId'] === poolId)
      .map((fact) => chainReferenceOf(fact).blockTime);
    return [...new Set(times.map((time) => time - (time % seconds)))].sort((one, other) => one - other);
  };
  return {
    name: 'candles',
    idsOf: (change) => beginnings(change).map(instantOf),
    async read(change, ids) {
      const [first = 0, ...later] = beginnings(change);
      const span = { from: first, to: (later.at(-1) ?? first) + 1 };
      const all = await once.get(change, `candles of ${poolId} ${interval}`, () =>
        listCandles(readModel, { chainId: change.chainId, poolId, interval, ...span }),
      );
      const wanted = new Set(ids);
      return all.map((view) => candleOf(view)).filter(({ time }) => wanted.has(time));
    },
  };
}
