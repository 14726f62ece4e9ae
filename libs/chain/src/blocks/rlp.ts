/** Bytes, or a list of such. */
export type Rlp = Uint8Array | readonly Rlp[];

const SHORT_MAX = 55;
const EMPTY = Buffer.alloc(0);

/** The recursive length prefix of the yellow paper (appendix B), over bytes: ethers' own is made for texts, and ten times slower. */
export function encodeRlp(item: Rlp): Buffer {
  if (item instanceof Uint8Array) return encodeBytes(item);
  const encoded = item.map(encodeRlp);
  const length = encoded.reduce((sum, { byteLength }) => sum + byteLength, 0);
  return Buffer.concat([prefix(0xc0, length), ...encoded]);
}

/** A byte below 128 stands for itself. */
function encodeBytes(bytes: Uint8Array): Buffer {
  if (bytes.byteLength === 1 && (bytes[0] ?? 0) < 0x80) return Buffer.from(bytes);
  return Buffer.concat([prefix(0x80, bytes.byteLength), bytes]);
}

function prefix(offset: number, length: number): Buffer {
  if (length <= SHORT_MAX) return Buffer.from([offset + length]);
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
