import type { Address, AmountText, Hash } from '@abland/domain';
import { checksummed } from './checksums.js';

/** Hexadecimal digits of a word: every static parameter of an event fills one. */
export const WORD_DIGITS = 64;

/** How a parameter of one word becomes a field of a fact, and a word again. */
export interface Field<Value> {
  /** The parameter's name in the contract. */
  readonly parameter: string;
  /** How `write` does it: names it to those who write it elsewhere. */
  readonly kind: 'address' | 'number' | 'hash' | 'flag';
  /** Whether it may have this type. */
  readonly takes: (type: string) => boolean;
  /** Of its word's lowest digits, as many as the type has. */
  readonly read: (digits: string) => Value;
  /** Whether these digits are how Solidity writes the value; any are where this is left out. */
  readonly canonical?: (digits: string) => boolean;
  /** As a word. */
  readonly write: (value: Value) => string;
}

const ADDRESS_DIGITS = 40;
const padded = (digits: string): string => digits.padStart(WORD_DIGITS, '0');
const FALSE = padded('0');
const TRUE = padded('1');
const unsigned = (type: string): boolean => type.startsWith('uint');

/** How many digits of its word a type uses; the others are zero where Solidity wrote it. */
export function digitsOf(type: string): number {
  if (type === 'address') return ADDRESS_DIGITS;
  if (type === 'bool' || type === 'bytes32') return WORD_DIGITS;
  const bits = /^uint(\d+)$/.exec(type)?.[1];
  if (bits === undefined) throw new RangeError(`No parameter of one word: ${type}`);
  return Number(bits) / 4;
}

export const address = (parameter: string): Field<Address> => ({
  parameter,
  kind: 'address',
  takes: (type) => type === 'address',
  read: checksummed,
  write: (value) => padded(value.slice(2).toLowerCase()),
});

export const amount = (parameter: string): Field<AmountText> => ({
  parameter,
  kind: 'number',
  takes: unsigned,
  read: (digits) => BigInt(`0x${digits}`).toString(),
  write: (value) => padded(BigInt(value).toString(16)),
});

export const hash = (parameter: string): Field<Hash> => ({
  parameter,
  kind: 'hash',
  takes: (type) => type === 'bytes32',
  read: (digits) => `0x${digits}`,
  write: (value) => value.slice(2),
});

export const flag = (parameter: string): Field<boolean> => ({
  parameter,
  kind: 'flag',
  takes: (type) => type === 'bool',
  read: (digits) => digits !== FALSE,
  canonical: (digits) => digits === FALSE || digits === TRUE,
  write: (value) => (value ? TRUE : FALSE),
});

/** A number that is counted with. @throws RangeError beyond 2^53 */
export const count = (parameter: string): Field<number> => ({
  parameter,
  kind: 'number',
  takes: unsigned,
  read(digits) {
    const value = Number(`0x${digits}`);
    if (!Number.isSafeInteger(value)) throw new RangeError(`${parameter} is too large: 0x${digits}`);
    return value;
  },
  write: (value) => padded(value.toString(16)),
});
