import type { HexData } from '@abland/domain';

/** Big-endian, without leading zeros: nothing for zero. */
export function numberBytes(value: number): Buffer {
  const digits = value.toString(16);
  return value === 0 ? Buffer.alloc(0) : Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex');
}

const BYTES = /^0x(?:[0-9a-f]{2})*$/i;
const QUANTITY = /^0x[0-9a-f]+$/i;

/** What a provider wrote as whole bytes; null where it is no such. */
export function bytesOf(value: unknown): HexData | null {
  return typeof value === 'string' && BYTES.test(value) ? value : null;
}

/** What a provider wrote as a number, as whole bytes without leading zeros; null where it is no such. */
export function quantityBytes(value: unknown): HexData | null {
  if (typeof value !== 'string' || !QUANTITY.test(value)) return null;
  const digits = value[2] === '0' ? value.slice(2).replace(/^0+/, '') : value.slice(2);
  return digits.length % 2 === 0 ? `0x${digits}` : `0x0${digits}`;
}
