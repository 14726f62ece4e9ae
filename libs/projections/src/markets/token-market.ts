import type { Rows } from '../engine/projection.js';
import type { RowOf } from '../engine/table.js';
import { PoolHeap } from './pool-heap.js';
import { isDeeper, type PoolRow, type PoolSide, sideOf } from './pool-side.js';
import { marketPools, POOL_KINDS, type PoolKind, tokenMarkets } from './tables.js';
import { type Ranked, worthOf } from './worth.js';

export type MarketRow = RowOf<typeof tokenMarkets>;

const COUNTS = {
  [POOL_KINDS.OF_FACTORY]: 'pools_of_factory',
  [POOL_KINDS.OF_CREATOR]: 'pools_of_creator',
  [POOL_KINDS.OF_STRANGERS]: 'pools_of_strangers',
} as const satisfies Record<PoolKind, keyof MarketRow>;

/** A pool's reserves changed: takes it to its place among those of a token of the factory, and what the token is worth with it. */
export function followReserves(rows: Rows, before: PoolRow, token: string, block: number): void {
  const { chain_id: chainId, pool_id: poolId } = before;
  const market = rows.get(tokenMarkets, { chain_id: chainId, token });
  if (market === undefined) return;
  const was = sideOf(before, token);
  const other = rows.get(tokenMarkets, { chain_id: chainId, token: was.other });
  const kind = was.kind ?? kindOf(before, market, other !== undefined);
  const count = COUNTS[kind];
  const heap = new PoolHeap(rows, { chainId, token, kind }, market[count]);
  if (was.rank === null) heap.add(poolId);
  else heap.move(was.rank);
  const { own } = sideOf(rows.require(marketPools, { chain_id: chainId, pool_id: poolId }), token);
  const change = own - was.own;
  const key = { chain_id: chainId, token };
  const known = rows.patch(tokenMarkets, key, {
    [count]: market[count] + (was.rank === null ? 1 : 0),
    liquidity: market.liquidity + change,
    liquidity_of_factory: market.liquidity_of_factory + (kind === POOL_KINDS.OF_FACTORY ? change : 0n),
    updated_block: block,
  });
  rows.patch(tokenMarkets, key, withWorths(known, referencesOf(rows, known), market));
}

/** The creator is known by then: the deposit that made the reserves is told before them. */
function kindOf({ creator }: PoolRow, market: MarketRow, otherIsOurs: boolean): PoolKind {
  if (otherIsOurs) return POOL_KINDS.OF_FACTORY;
  return creator === market.creator ? POOL_KINDS.OF_CREATOR : POOL_KINDS.OF_STRANGERS;
}

type References = Pick<
  MarketRow,
  | 'pool_id'
  | 'other'
  | 'is_a'
  | 'own_reserve'
  | 'other_reserve'
  | 'ranked_own'
  | 'ranked_other'
  | 'ranked_decimals'
>;

/**
 * The pool that the price is read at: of those with a token of the factory and those that the creator opened, the deepest; where none
 * of these holds anything, the deepest of all. It is ranked by the deepest with a token of the factory alone.
 */
function referencesOf(rows: Rows, market: MarketRow): References {
  const { chain_id: chainId, token } = market;
  const deepest = (kind: PoolKind): PoolSide | null =>
    new PoolHeap(rows, { chainId, token, kind }, market[COUNTS[kind]]).deepest();
  const ranked = deepest(POOL_KINDS.OF_FACTORY);
  const own = deeper(ranked, deepest(POOL_KINDS.OF_CREATOR));
  const read = own !== null && own.own > 0n ? own : deeper(own, deepest(POOL_KINDS.OF_STRANGERS));
  const quote =
    ranked === null ? undefined : rows.get(tokenMarkets, { chain_id: chainId, token: ranked.other });
  return {
    pool_id: read?.poolId ?? null,
    other: read?.other ?? null,
    is_a: read?.isA ?? false,
    own_reserve: read?.own ?? 0n,
    other_reserve: read?.otherReserve ?? 0n,
    ranked_own: ranked?.own ?? 0n,
    ranked_other: ranked?.otherReserve ?? 0n,
    ranked_decimals: quote?.decimals ?? null,
  };
}

function deeper(one: PoolSide | null, other: PoolSide | null): PoolSide | null {
  if (one === null || other === null) return one ?? other;
  return isDeeper(one, other) ? one : other;
}

/** What it is ranked by. */
export const rankedOf = (
  market: Pick<MarketRow, 'ranked_own' | 'ranked_other' | 'ranked_decimals'>,
): Ranked => ({ own: market.ranked_own, other: market.ranked_other, decimals: market.ranked_decimals });

/** What it is read at, with what its figures are worth, reckoned where they are others than before. */
function withWorths(market: MarketRow, references: References, before: MarketRow) {
  const ranked = rankedOf(references);
  const isRankedAlike =
    ranked.own === before.ranked_own &&
    ranked.other === before.ranked_other &&
    ranked.decimals === before.ranked_decimals;
  const worth = (units: bigint, unitsBefore: bigint, worthBefore: bigint): bigint =>
    isRankedAlike && units === unitsBefore ? worthBefore : worthOf(units, ranked);
  return {
    ...references,
    market_cap: worth(market.total_supply, before.total_supply, before.market_cap),
    liquidity_worth: worth(market.liquidity_of_factory, before.liquidity_of_factory, before.liquidity_worth),
    volume_worth: worth(market.volume, before.volume, before.volume_worth),
  };
}
