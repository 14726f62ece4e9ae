import { type Rows, rowOf } from '../engine/projection.js';
import { isDeeper, type PoolSide, rankPool, sideOf } from './pool-side.js';
import { marketPools, type PoolKind, poolRanks } from './tables.js';

/** The pools of one token and kind, the deepest first: see `poolRanks`. */
export class PoolHeap {
  constructor(
    private readonly rows: Rows,
    private readonly of: { readonly chainId: number; readonly token: string; readonly kind: PoolKind },
    /** How many pools are in it. */
    private readonly size: number,
  ) {}

  /** Null where there is none. */
  deepest(): PoolSide | null {
    return this.size === 0 ? null : this.at(0);
  }

  /** Takes in a pool, after those that are there: the caller counts it. */
  add(poolId: string): void {
    this.place(poolId, this.size);
    this.rise(this.size);
  }

  /** Puts a pool that is in it where it belongs now. */
  move(rank: number): void {
    if (this.rise(rank) === rank) this.sink(rank);
  }

  /** Returns the rank that it came to. */
  private rise(from: number): number {
    let rank = from;
    while (rank > 0) {
      const above = (rank - 1) >> 1;
      if (!isDeeper(this.at(rank), this.at(above))) break;
      this.exchange(rank, above);
      rank = above;
    }
    return rank;
  }

  private sink(from: number): void {
    let rank = from;
    for (;;) {
      const below = [2 * rank + 1, 2 * rank + 2].filter((one) => one < this.size);
      this.rows.need(below.map((one) => rowOf(poolRanks, this.keyOf(one))));
      let deepest = rank;
      for (const one of below) if (isDeeper(this.at(one), this.at(deepest))) deepest = one;
      if (deepest === rank) return;
      this.exchange(rank, deepest);
      rank = deepest;
    }
  }

  private exchange(one: number, other: number): void {
    const [first, second] = [this.at(one).poolId, this.at(other).poolId];
    this.place(first, other);
    this.place(second, one);
  }

  private place(poolId: string, rank: number): void {
    const { chainId, kind, token } = this.of;
    this.rows.put(poolRanks, { ...this.keyOf(rank), pool_id: poolId });
    rankPool(this.rows, { chainId, poolId, token }, kind, rank);
  }

  private at(rank: number): PoolSide {
    const { pool_id } = this.rows.require(poolRanks, this.keyOf(rank));
    return sideOf(this.rows.require(marketPools, { chain_id: this.of.chainId, pool_id }), this.of.token);
  }

  private keyOf(rank: number) {
    return { chain_id: this.of.chainId, token: this.of.token, kind: this.of.kind, rank };
  }
}
