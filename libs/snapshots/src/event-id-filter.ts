/** Bits an event and bits set for each: one in three hundred ids that are not there seem to be, at capacity. */
const BITS_PER_EVENT = 12;
const HASHES = 8;

/**
 * Which event ids a snapshot stands for, in a few bits each (a Bloom filter): it never misses one that is there. UUIDs are
 * random or hashes already, so that two of their words give all the positions (Kirsch and Mitzenmacher).
 */
export class EventIdFilter {
  private constructor(
    readonly bits: Uint8Array,
    readonly count: number,
  ) {}

  /** Room for twice as many. */
  static of(ids: readonly string[]): EventIdFilter {
    const bits = new Uint8Array(Math.ceil((Math.max(ids.length, 1) * 2 * BITS_PER_EVENT) / 8));
    return new EventIdFilter(bits, 0).with(ids);
  }

  static from(bits: Uint8Array, count: number): EventIdFilter {
    return new EventIdFilter(bits, count);
  }

  /** How many ids it can stand for before it says "perhaps" too often. */
  get capacity(): number {
    return Math.floor((this.bits.length * 8) / BITS_PER_EVENT);
  }

  with(ids: readonly string[]): EventIdFilter {
    const bits = Uint8Array.from(this.bits);
    for (const id of ids) {
      for (const place of this.placesOf(id))
        bits[place >>> 3] = (bits[place >>> 3] ?? 0) | (1 << (place & 7));
    }
    return new EventIdFilter(bits, this.count + ids.length);
  }

  /** False: certainly not. */
  mayHave(id: string): boolean {
    return this.placesOf(id).every((place) => ((this.bits[place >>> 3] ?? 0) & (1 << (place & 7))) !== 0);
  }

  private placesOf(id: string): number[] {
    const size = this.bits.length * 8;
    const first = Number.parseInt(id.slice(0, 8), 16);
    // Odd, so that it shares no factor with a size of whole bytes and no two places fall together.
    const step = Number.parseInt(id.slice(28, 36), 16) | 1;
    return Array.from({ length: HASHES }, (_, index) => (first + index * (step >>> 0)) % size);
  }
}
