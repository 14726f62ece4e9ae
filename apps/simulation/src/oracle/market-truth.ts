import { emptyMarket } from '@abland/testing/market';
import type { SimulatedBlock } from '@abland/testing/simulated-chain';

/** By read model, what its rows say where they are right: a line each. */
export type Truth = Readonly<Record<string, readonly string[]>>;

const INTERVALS = [60, 300, 3_600, 86_400];

/** What a chain of these blocks holds at their end, and what happened on the way there. */
export function truthOf(blocks: readonly SimulatedBlock[]): Truth {
  const { balances, pools } = blocks.at(-1)?.state ?? emptyMarket();
  const held = [...balances].flatMap(([token, holders]) =>
    [...holders]
      .filter(([, balance]) => balance > 0n)
      .map(([holder, balance]) => ({ token, holder, balance })),
  );
  const supplyOf = (token: string): bigint =>
    held.reduce((sum, one) => (one.token === token ? sum + one.balance : sum), 0n);
  const swaps = blocks.flatMap(swapsOf);
  const of = (poolId: string): number => swaps.filter((swap) => swap.poolId === poolId).length;
  return {
    blocks: blocks.map(({ hash, number }) => line(number, hash)),
    holdings: held.map(({ balance, holder, token }) => line(token, holder, balance)),
    supplies: [...balances.keys()].map((token) =>
      line(token, supplyOf(token), held.filter((one) => one.token === token).length),
    ),
    pools: [...pools].map(([id, pool]) =>
      line(id, pool.tokenA, pool.tokenB, pool.reserveA, pool.reserveB, pool.total, of(id)),
    ),
    positions: [...pools].flatMap(([id, { shares }]) =>
      [...shares].filter(([, share]) => share > 0n).map(([owner, share]) => line(id, owner, share)),
    ),
    swaps: swaps.map(({ amountIn, amountOut, block, logIndex, poolId, tokenIn, txHash, user }) =>
      line(block.number, logIndex, txHash, poolId, user, tokenIn, amountIn, amountOut),
    ),
    candles: candlesOf(swaps, (poolId) => pools.get(poolId)?.tokenA ?? ''),
  };
}

/** One line of what a row says. */
export const line = (...parts: readonly unknown[]): string => parts.map(String).join(' ').toLowerCase();

interface TrueSwap {
  readonly block: SimulatedBlock;
  readonly logIndex: number | null;
  readonly txHash: string;
  readonly poolId: string;
  readonly user: string;
  readonly tokenIn: string;
  readonly amountIn: bigint;
  readonly amountOut: bigint;
}

function swapsOf(block: SimulatedBlock): readonly TrueSwap[] {
  return block.facts
    .filter(({ type }) => type === 'Swap')
    .map(({ data, logIndex, txHash }) => ({
      ...{ block, logIndex, txHash, poolId: String(data['poolId']), user: String(data['user']) },
      tokenIn: String(data['tokenIn']),
      amountIn: BigInt(String(data['amountIn'])),
      amountOut: BigInt(String(data['amountOut'])),
    }));
}

function candlesOf(swaps: readonly TrueSwap[], tokenAOf: (poolId: string) => string): readonly string[] {
  const buckets = Map.groupBy(
    swaps.flatMap((swap) =>
      INTERVALS.map((interval) => {
        const { amountIn, amountOut, block, poolId, tokenIn } = swap;
        const sellsA = tokenIn === tokenAOf(poolId);
        const [a, b] = sellsA ? [amountIn, amountOut] : [amountOut, amountIn];
        return { key: line(poolId, interval, block.time - (block.time % interval)), a, b };
      }),
    ),
    ({ key }) => key,
  );
  return [...buckets].map(([key, trades]) => {
    const byPrice = trades.toSorted(
      (x, y) => Number(x.b * y.a - y.b * x.a > 0n) - Number(x.b * y.a - y.b * x.a < 0n),
    );
    const [open, close, low, high] = [trades[0], trades.at(-1), byPrice[0], byPrice.at(-1)];
    const prices = [open, high, low, close].map((trade) => fraction(trade?.b ?? 0n, trade?.a ?? 1n));
    const sum = (side: 'a' | 'b'): bigint => trades.reduce((all, trade) => all + trade[side], 0n);
    return line(key, ...prices, sum('a'), sum('b'), trades.length);
  });
}

/** In its lowest terms: equal prices have equal lines. */
export function fraction(b: bigint, a: bigint): string {
  const divisor = greatestCommon(a, b);
  return divisor === 0n ? '0/0' : `${b / divisor}/${a / divisor}`;
}

const greatestCommon = (a: bigint, b: bigint): bigint => (b === 0n ? a : greatestCommon(b, a % b));
