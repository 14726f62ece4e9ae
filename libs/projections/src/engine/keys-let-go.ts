/** Bits a key, of which some are set for it: of two hundred keys that were not let go about one is said to have been. */
const BITS_A_KEY = 16;
const BITS_SET = 4;
/** Of the first filter; each that follows takes twice as many. */
const FIRST_KEYS = 16_384;
/** Of the last: filters of a table are 32 MiB at most. */
const LAST_KEYS = 8_388_608;

/**
 * Keys of rows that were let go, two bytes each: where every row that there is has passed through memory, one that is not there and was not
 * let go is nowhere, and need not be asked for. A few keys are said to have been let go that were not, and none the other way round.
 */
export class KeysLetGo {
  private readonly filters: Filter[] = [];

  /** @param lastKeys that the last filter takes */
  constructor(private readonly lastKeys = LAST_KEYS) {}

  /** Of all filters: it grows with how many different keys were let go. */
  get bytes(): number {
    return this.filters.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Returns false where it takes no more: what was let go is not known from then on. */
  add(key: string): boolean {
    const [one, other] = [hashOf(key, 0), hashOf(key, 1)];
    if (this.has(one, other)) return true; // a row is let go again each time that it was needed
    const filter = this.open();
    filter?.add(one, other);
    return filter !== null;
  }

  mayHave(key: string): boolean {
    return this.filters.length > 0 && this.has(hashOf(key, 0), hashOf(key, 1));
  }

  private has(one: number, other: number): boolean {
    return this.filters.some((filter) => filter.mayHave(one, other));
  }

  /** One that takes more; null: there is to be none. */
  private open(): Filter | null {
    const last = this.filters.at(-1);
    if (last !== undefined && !last.isFull) return last;
    if (last?.keys === this.lastKeys) return null;
    const next = new Filter(last === undefined ? FIRST_KEYS : 2 * last.keys);
    this.filters.push(next);
    return next;
  }
}

/** Bloom's: which keys may be in it. */
class Filter {
  private readonly words: Uint32Array;
  private left: number;

  /** @param keys that it takes, a power of two */
  constructor(readonly keys: number) {
    this.words = new Uint32Array((keys * BITS_A_KEY) / 32);
    this.left = keys;
  }

  get isFull(): boolean {
    return this.left === 0;
  }

  get bytes(): number {
    return this.words.byteLength;
  }

  add(one: number, other: number): void {
    this.left -= 1;
    for (let index = 0; index < BITS_SET; index += 1) {
      const bit = one + Math.imul(index, other);
      const word = this.wordOf(bit);
      this.words[word] = (this.words[word] ?? 0) | (1 << bit);
    }
  }

  mayHave(one: number, other: number): boolean {
    for (let index = 0; index < BITS_SET; index += 1) {
      const bit = one + Math.imul(index, other);
      if (((this.words[this.wordOf(bit)] ?? 0) & (1 << bit)) === 0) return false;
    }
    return true;
  }

  private wordOf(bit: number): number {
    return (bit >>> 5) & (this.words.length - 1);
  }
}

/** FNV-1a of 32 bits, stirred, since its low bits depend on few of those that went in; another for each seed. */
function hashOf(text: string, seed: number): number {
  let hash = 0x811c9dc5 ^ Math.imul(seed, 0x9e3779b1);
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) | seed;
}
