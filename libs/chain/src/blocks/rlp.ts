import type { HexData } from '@abland/domain';

/** Bytes, also as the digits that a provider told them in (`0x…`, two a byte), or a list of items. */
export type Rlp = Uint8Array | HexData | readonly Rlp[];

const LIST = 0xc0;
const BYTES = 0x80;
/** Payloads that are longer have their length before them as bytes of its own. */
const SHORT_MAX = 55;

/**
 * An item in the recursive length prefix of the yellow paper, appendix B. Its length is reckoned before anything is written, so that all
 * is written once, to where it stays: of proving blocks most of the time went into putting pieces together.
 */
export function encodeRlp(item: Rlp): Uint8Array {
  const payloads: number[] = [];
  const bytes = Buffer.allocUnsafe(sizeOf(item, payloads));
  new Writer(bytes, payloads).write(item);
  return bytes;
}

/** @param payloads takes the lengths of the contents of all lists, in the order in which they begin */
function sizeOf(item: Rlp, payloads: number[]): number {
  if (!isList(item)) {
    const length = lengthOf(item);
    return length === 1 && firstOf(item) < BYTES ? 1 : prefixSize(length) + length;
  }
  const place = payloads.push(0) - 1;
  let payload = 0;
  for (const one of item) payload += sizeOf(one, payloads);
  payloads[place] = payload;
  return prefixSize(payload) + payload;
}

class Writer {
  #offset = 0;
  #list = 0;
  /** Digits of what comes next, put into bytes together: each time by itself costs more than what is written. */
  #digits = '';

  constructor(
    private readonly bytes: Buffer,
    private readonly payloads: readonly number[],
  ) {}

  write(item: Rlp): void {
    this.#take(item);
    this.#flush();
  }

  #take(item: Rlp): void {
    if (isList(item)) {
      this.#prefix(LIST, this.payloads[this.#list++] ?? 0);
      for (const one of item) this.#take(one);
      return;
    }
    const isDigits = typeof item === 'string';
    if (!isDigits) this.#flush();
    const length = lengthOf(item);
    if (length !== 1 || firstOf(item) >= BYTES) this.#prefix(BYTES, length);
    if (isDigits) {
      this.#digits += item.slice(2);
      return;
    }
    this.bytes.set(item, this.#offset);
    this.#offset += length;
  }

  #prefix(kind: number, length: number): void {
    if (length <= SHORT_MAX) {
      this.#byte(kind + length);
      return;
    }
    const size = prefixSize(length) - 1;
    this.#byte(kind + SHORT_MAX + size);
    for (let at = size - 1; at >= 0; at -= 1) this.#byte((length >>> (8 * at)) & 0xff);
  }

  #byte(value: number): void {
    if (this.#digits === '') this.bytes[this.#offset++] = value;
    else this.#digits += DIGITS[value];
  }

  #flush(): void {
    if (this.#digits === '') return;
    this.#offset += this.bytes.write(this.#digits, this.#offset, 'hex');
    this.#digits = '';
  }
}

/** Of each byte. */
const DIGITS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

const isList = (item: Rlp): item is readonly Rlp[] => Array.isArray(item);
const lengthOf = (item: Uint8Array | HexData): number =>
  typeof item === 'string' ? item.length / 2 - 1 : item.length;
const firstOf = (item: Uint8Array | HexData): number =>
  typeof item === 'string' ? Number.parseInt(item.slice(2, 4), 16) : (item[0] ?? 0);

/** Of bytes longer than one, and of lists. */
function prefixSize(length: number): number {
  if (length <= SHORT_MAX) return 1;
  let size = 2;
  for (let rest = length >>> 8; rest > 0; rest >>>= 8) size += 1;
  return size;
}
