import { createHash } from 'node:crypto';

/** Repeatable randomness for scenarios: the same seed tells the same story. */
export class SeededRandom {
  private state: number;
  private issued = 0;

  constructor(private readonly seed: number) {
    this.state = seed >>> 0;
  }

  /** Mulberry32: 0 <= x < 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  /** 0 <= n < end. */
  below(end: number): number {
    return Math.floor(this.next() * end);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }

  /** 1 <= n <= max. */
  amount(max: bigint): bigint {
    return 1n + (max * BigInt(this.below(1_000_000))) / 1_000_000n;
  }

  /** Not from the numbers: generators of different seeds go round the same circle and meet in a long run. */
  hex(bytes: number): string {
    this.issued += 1;
    return createHash('sha512')
      .update(`${this.seed}/${this.issued}`)
      .digest('hex')
      .slice(0, bytes * 2);
  }

  hash(): string {
    return `0x${this.hex(32)}`;
  }

  address(): string {
    return `0x${this.hex(20)}`;
  }

  /** Of version 4, as random ones are. */
  uuid(): string {
    return this.hex(16).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-8$4-$5');
  }
}
