import { type Swap, type Sync, ZERO_ADDRESS } from '@abland/domain';
import type { RecordedEvent } from '@abland/kernel';
import { chainIdOf } from '../engine/chain-facts.js';
import { chainPlaceOf, type Projection, rowOf, type Rows } from '../engine/projection.js';
import { subjectOf, sumOf } from '../engine/sums.js';
import { marketClocks, marketPools, marketTrades, poolRanks, tokenMarkets } from './tables.js';
import { followReserves } from './token-market.js';
import { countTrade, letTradesLeave } from './volume-window.js';

const RESERVES_ADD_UP = 'The reserves of its pools add up to what is counted of a token';
type OfPool = Pick<RecordedEvent, 'metadata'> & { readonly data: { readonly poolId: string } };
type OfToken = Pick<RecordedEvent, 'metadata'> & { readonly data: { readonly tokenAddress: string } };

const poolKey = (event: OfPool) => ({ chain_id: chainPlaceOf(event).chainId, pool_id: event.data.poolId });
const tokenKey = (event: OfToken) => ({
  chain_id: chainPlaceOf(event).chainId,
  token: event.data.tokenAddress,
});
const poolRow = (event: OfPool) => [rowOf(marketPools, poolKey(event))];
const tokenRow = (event: OfToken) => [rowOf(tokenMarkets, tokenKey(event))];

/** What tokens are worth by their pools, and how much they were traded in the 24 hours up to the newest block. */
export const marketsProjection: Projection = {
  name: 'markets',
  version: 1,
  tables: [tokenMarkets, marketPools, poolRanks, marketTrades, marketClocks],
  sums: [
    sumOf(RESERVES_ADD_UP, 'PARTS', marketPools, (row, add) => {
      if (row.kind_a !== null) add(subjectOf(row.chain_id, row.token_a), row.reserve_a);
      if (row.kind_b !== null) add(subjectOf(row.chain_id, row.token_b), row.reserve_b);
    }),
    sumOf(RESERVES_ADD_UP, 'WHOLE', tokenMarkets, (row, add) =>
      add(subjectOf(row.chain_id, row.token), row.liquidity),
    ),
  ],
  handlers: {
    TokenCreated: {
      reads: tokenRow,
      apply: (event, rows) =>
        rows.put(tokenMarkets, {
          ...tokenKey(event),
          creator: event.data.creator,
          total_supply: BigInt(event.data.totalSupply),
          decimals: null,
          ...{ pools_of_factory: 0, pools_of_creator: 0, pools_of_strangers: 0 },
          ...{ liquidity: 0n, liquidity_of_factory: 0n, volume: 0n },
          ...{ pool_id: null, other: null, is_a: false, own_reserve: 0n, other_reserve: 0n },
          ...{ ranked_own: 0n, ranked_other: 0n, ranked_decimals: null },
          ...{ market_cap: 0n, liquidity_worth: 0n, volume_worth: 0n },
          updated_block: chainPlaceOf(event).blockNumber,
        }),
    },
    TokenMetadataUpdated: {
      reads: tokenRow,
      apply: (event, rows) =>
        void rows.patch(tokenMarkets, tokenKey(event), {
          decimals: event.data.decimals,
          updated_block: chainPlaceOf(event).blockNumber,
        }),
    },
    PoolCreated: {
      reads: poolRow,
      apply: (event, rows) =>
        rows.put(marketPools, {
          ...poolKey(event),
          ...{ token_a: event.data.tokenA, token_b: event.data.tokenB, creator: null },
          ...{ reserve_a: 0n, reserve_b: 0n, kind_a: null, rank_a: null, kind_b: null, rank_b: null },
        }),
    },
    LiquidityAdded: {
      reads: poolRow,
      apply: (event, rows) => {
        const { creator } = rows.require(marketPools, poolKey(event));
        if (creator !== null || event.data.user === ZERO_ADDRESS) return;
        rows.patch(marketPools, poolKey(event), { creator: event.data.user });
      },
    },
    Sync: { reads: poolRow, apply: sync },
    Swap: {
      reads: (event) => {
        const { chainId } = chainPlaceOf(event);
        const { tokenIn, tokenOut } = event.data;
        return [
          ...[tokenIn, tokenOut].map((token) => rowOf(tokenMarkets, { chain_id: chainId, token })),
          rowOf(marketClocks, { chain_id: chainId }),
        ];
      },
      apply: trade,
    },
    BlockIngested: {
      reads: (event) => [rowOf(marketClocks, { chain_id: chainIdOf(event) })],
      apply: (event, rows) => letTradesLeave(rows, chainIdOf(event), event.data.time),
    },
  },
};

function sync(event: RecordedEvent<Sync>, rows: Rows): void {
  const before = rows.require(marketPools, poolKey(event));
  const { chain_id, token_a, token_b } = before;
  rows.need([token_a, token_b].map((token) => rowOf(tokenMarkets, { chain_id, token })));
  const reserves = { reserve_a: BigInt(event.data.reserveA), reserve_b: BigInt(event.data.reserveB) };
  rows.patch(marketPools, poolKey(event), reserves);
  const { blockNumber } = chainPlaceOf(event);
  for (const token of [token_a, token_b]) followReserves(rows, before, token, blockNumber);
}

/** Only what is traded between tokens of the factory counts: with a token of their own making anyone would be first. */
function trade(event: RecordedEvent<Swap>, rows: Rows): void {
  const { amountIn, amountOut, tokenIn, tokenOut } = event.data;
  const { blockTime, chainId } = chainPlaceOf(event);
  const isOurs = (token: string) => rows.get(tokenMarkets, { chain_id: chainId, token }) !== undefined;
  if (!isOurs(tokenIn) || !isOurs(tokenOut)) return;
  countTrade(rows, {
    ...{ chain_id: chainId, block_time: blockTime, token_in: tokenIn, token_out: tokenOut },
    ...{ amount_in: BigInt(amountIn), amount_out: BigInt(amountOut) },
  });
}
