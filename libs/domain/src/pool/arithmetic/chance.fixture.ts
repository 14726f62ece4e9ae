/** Numbers that come out the same for the same seed: a failure is found again. */
export class Chance {
  private state: number;

  constructor(seed: number) {
    this.state = seed | 0 || 1;
  }

  /** 32 bits (xorshift, Marsaglia 2003). */
  private bits(): number {
    let next = this.state;
    next ^= next << 13;
    next ^= next >>> 17;
    next ^= next << 5;
    this.state = next;
    return next >>> 0;
  }

  /** From 0 to below `bound`. */
  below(bound: number): number {
    return this.bits() % bound;
  }

  /** From 0 to `max`: of any size up to its own, and every eighth at an edge. */
  amount(max: bigint): bigint {
    if (max <= 0n) return 0n;
    if (this.below(8) === 0) return this.edge(max);
    const size = 1 + this.below(max.toString(2).length);
    let value = 0n;
    for (let made = 0; made < size; made += 32) value = (value << 32n) | BigInt(this.bits());
    return BigInt.asUintN(size, value) % (max + 1n);
  }

  /** From 1 to `max`. */
  positive(max: bigint): bigint {
    return 1n + this.amount(max - 1n);
  }

  private edge(max: bigint): bigint {
    const power = 1n << BigInt(this.below(max.toString(2).length));
    const edges = [0n, 1n, 2n, 999n, 1_000n, 1_001n, max, max - 1n, max / 2n, power, power - 1n, power + 1n];
    const edge = edges[this.below(edges.length)] ?? 0n;
    return edge > max ? max : edge;
  }
}
