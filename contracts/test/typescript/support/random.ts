/** Repeatable random numbers (xorshift128+ over 64-bit words), with the edges of a range drawn often. */
export class Random {
  private first: bigint;
  private second: bigint;

  constructor(seed: number) {
    this.first = BigInt(seed) | 1n;
    this.second = 0x9e3779b97f4a7c15n;
    for (let i = 0; i < 20; i += 1) this.word();
  }

  /** Every value of [low, high] is as likely as any other. */
  even(low: bigint, high: bigint): bigint {
    const size = high - low + 1n;
    const value = (this.word() << 128n) | (this.word() << 64n) | this.word();
    return low + ((size >> 128n > 1n ? (value << 64n) | this.word() : value) % size);
  }

  /** Every bit length is as likely as any other; one draw in ten is at or beside an edge. */
  spread(low: bigint, high: bigint): bigint {
    const size = high - low + 1n;
    const draw = this.word() % 10n;
    if (draw === 0n) {
      const offset = this.word() % 3n;
      const edge = this.word() % 2n === 0n ? low + offset : high - offset;
      return edge < low ? low : edge > high ? high : edge;
    }
    const bits = (this.word() % BigInt(size.toString(2).length)) + 1n;
    return low + (this.even(0n, (1n << bits) - 1n) % size);
  }

  private word(): bigint {
    let x = this.first;
    const y = this.second;
    this.first = y;
    x = BigInt.asUintN(64, x ^ (x << 23n));
    this.second = x ^ y ^ (x >> 17n) ^ (y >> 26n);
    return BigInt.asUintN(64, this.second + y);
  }
}
