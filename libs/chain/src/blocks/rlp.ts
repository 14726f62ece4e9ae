/** Bytes, or a list of such. */
export type Rlp = Uint8Array | readonly Rlp[];

const SHORT_MAX = 55;
const EMPTY = Buffer.alloc(0);
/** Made once: most items are short. */
const SHORT_PREFIXES: readonly Buffer[] = Array.from({ length: 256 }, (_, byte) => Buffer.from([byte]));

/**
 * The recursive length prefix of the yellow paper (appendix B), over bytes: ethers' own is made for texts, and copies what lies
 * deep once a level. This one measures first and then writes each byte once, since a stranger decides how much there is.
 */
export function encodeRlp(item: Rlp): Buffer {
  const measured = measure(item);
  const target = Buffer.allocUnsafe(measured.byteLength);
  write(measured, target, 0);
  return target;
}

interface Measured {
  /** Bytes that stand for themselves, or the items of a list. */
  readonly content: Uint8Array | readonly Measured[];
  /** Null for a byte below 128, which needs none. */
  readonly prefix: Buffer | null;
  /** With the prefix. */
  readonly byteLength: number;
}

function measure(item: Rlp): Measured {
  if (!(item instanceof Uint8Array)) {
    const content = item.map(measure);
    const length = content.reduce((sum, { byteLength }) => sum + byteLength, 0);
    return prefixed(content, 0xc0, length);
  }
  if (item.byteLength === 1 && (item[0] ?? 0) < 0x80) return { content: item, prefix: null, byteLength: 1 };
  return prefixed(item, 0x80, item.byteLength);
}

function prefixed(content: Measured['content'], offset: number, length: number): Measured {
  const bytes = prefix(offset, length);
  return { content, prefix: bytes, byteLength: bytes.byteLength + length };
}

/** Returns where the next item begins. */
function write({ content, prefix: bytes }: Measured, target: Buffer, at: number): number {
  let next = at;
  if (bytes !== null) next += bytes.copy(target, next);
  if (content instanceof Uint8Array) {
    target.set(content, next);
    return next + content.byteLength;
  }
  for (const item of content) next = write(item, target, next);
  return next;
}

function prefix(offset: number, length: number): Buffer {
  if (length <= SHORT_MAX) return SHORT_PREFIXES[offset + length] ?? Buffer.from([offset + length]);
  const bytes = numberBytes(length);
  return Buffer.concat([Buffer.from([offset + SHORT_MAX + bytes.byteLength]), bytes]);
}

/** Big-endian, without leading zeros: nothing for zero. */
export function numberBytes(value: number): Buffer {
  const digits = value.toString(16);
  return value === 0 ? EMPTY : Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex');
}

const BYTES = /^0x(?:[0-9a-f]{2})*$/i;
const QUANTITY = /^0x[0-9a-f]+$/i;

/** What a provider wrote as bytes; null where it is no such. */
export function bytesOf(value: unknown): Buffer | null {
  return typeof value === 'string' && BYTES.test(value) ? Buffer.from(value.slice(2), 'hex') : null;
}

/** What a provider wrote as a number, without leading zeros; null where it is no such. */
export function quantityBytes(value: unknown): Buffer | null {
  if (typeof value !== 'string' || !QUANTITY.test(value)) return null;
  const digits = value.slice(2).replace(/^0+/, '');
  return Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex');
}
