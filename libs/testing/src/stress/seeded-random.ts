import { createHash } from 'node:crypto';

/** Numbers from a seed (mulberry32): the same seed gives the same schedule. */
export class SeededRandom {
  private state: number;
  private uuids = 0;

  constructor(private readonly seed: number) {
    this.state = seed;
  }

  /** In [0, 1). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** An integer from 0 below the bound. */
  below(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** Not from the numbers: generators of different seeds go round the same circle and meet in a long run. */
  uuid(): string {
    this.uuids += 1;
    const hex = createHash('sha256').update(`${this.seed}/${this.uuids}`).digest('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  }
}
