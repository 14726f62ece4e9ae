import type { BlockReference } from '../blocks/chain-block.js';

/** Blocks before its first that an array may hold for nothing, beside as many as it has. */
const LEFT_MAX = 1_024;

/**
 * Blocks that follow each other, oldest first. Never changed, and yet one more costs the same however many there are: those that were
 * made from each other share one array, of which each is a part. Only where two go on differently is it copied.
 */
export class LinkedBlocks implements Iterable<BlockReference> {
  static readonly NONE = new LinkedBlocks([], 0, 0);

  private constructor(
    private readonly all: BlockReference[],
    private readonly start: number,
    private readonly end: number,
  ) {}

  static of(blocks: readonly BlockReference[]): LinkedBlocks {
    return new LinkedBlocks([...blocks], 0, blocks.length);
  }

  get length(): number {
    return this.end - this.start;
  }

  get oldest(): BlockReference | null {
    return this.length === 0 ? null : (this.all[this.start] ?? null);
  }

  get newest(): BlockReference | null {
    return this.length === 0 ? null : (this.all[this.end - 1] ?? null);
  }

  withNumber(number: number): BlockReference | null {
    const place = this.#placeOf(number);
    const found = place < this.end ? this.all[place] : undefined;
    return found?.number === number ? found : null;
  }

  has(hash: string): boolean {
    for (let place = this.end - 1; place >= this.start; place -= 1)
      if (this.all[place]?.hash === hash) return true;
    return false;
  }

  followedBy(block: BlockReference): LinkedBlocks {
    const { all, end, start } = this;
    const goesOnDifferently = end < all.length && all[end]?.hash !== block.hash;
    if (this.length === 0 || goesOnDifferently) return LinkedBlocks.of([...this, block]);
    if (end === all.length) all.push(block);
    return new LinkedBlocks(all, start, end + 1);
  }

  /** Those with numbers up to this one, included. */
  upTo(number: number): LinkedBlocks {
    return new LinkedBlocks(this.all, this.start, this.#placeOf(number + 1));
  }

  /** Those with numbers from this one on. */
  from(number: number): LinkedBlocks {
    const start = this.#placeOf(number);
    const kept = new LinkedBlocks(this.all, start, this.end);
    return start > LEFT_MAX + kept.length ? LinkedBlocks.of([...kept]) : kept;
  }

  *[Symbol.iterator](): Iterator<BlockReference> {
    for (let place = this.start; place < this.end; place += 1) yield this.all[place] as BlockReference;
  }

  *newestFirst(): Iterable<BlockReference> {
    for (let place = this.end - 1; place >= this.start; place -= 1) yield this.all[place] as BlockReference;
  }

  /** Of the first one with at least this number: their numbers follow each other. */
  #placeOf(number: number): number {
    const first = this.oldest?.number ?? number;
    return Math.min(this.end, Math.max(this.start, this.start + number - first));
  }
}
