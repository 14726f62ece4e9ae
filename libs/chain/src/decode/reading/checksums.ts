import { getAddress } from 'ethers';
import type { Address } from '@abland/domain';
import { keccak } from '../../blocks/keccak.js';

/** Two generations of so many are remembered: some 10 MB. */
const GENERATION_MAX = 25_000;

/** Checksums cost a hash each, and the same addresses come again and again: those used last are remembered. */
export class Checksums {
  #newer = new Map<string, Address>();
  #older: ReadonlyMap<string, Address> = new Map();

  constructor(private readonly generationMax: number) {}

  get size(): number {
    return this.#newer.size + this.#older.size;
  }

  /** An address of 40 lower-case digits, with its checksum. @throws where it is none */
  of(digits: string): Address {
    const known = this.#newer.get(digits);
    if (known !== undefined) return known;
    const address = this.#older.get(digits) ?? withChecksum(digits);
    if (this.#newer.size >= this.generationMax) {
      this.#older = this.#newer;
      this.#newer = new Map();
    }
    this.#newer.set(digits, address);
    return address;
  }
}

const ADDRESS = /^[0-9a-f]{40}$/;
/** Characters of an address that is in hand. */
const characters = Buffer.from('0x'.padEnd(42, '0'), 'latin1');
const PREFIX_LENGTH = 2;
const A_LOWER = 0x61;
const TO_UPPER = 0x20;

/** A letter is a capital where the hash of the digits has a half byte of eight or more in its place (EIP-55). */
function withChecksum(digits: string): Address {
  if (!ADDRESS.test(digits)) return getAddress(`0x${digits}`);
  characters.write(digits, PREFIX_LENGTH, 'latin1');
  const hash = keccak(characters.subarray(PREFIX_LENGTH));
  for (let index = 0; index < digits.length; index += 1) {
    const code = digits.charCodeAt(index);
    const half = (hash[index >> 1] ?? 0) >> (index % 2 === 0 ? 4 : 0);
    if (code >= A_LOWER && (half & 8) !== 0) characters[PREFIX_LENGTH + index] = code - TO_UPPER;
  }
  return characters.toString('latin1');
}

const checksums = new Checksums(GENERATION_MAX);

/** An address of 40 lower-case digits, with its checksum. @throws where it is none */
export const checksummed = (digits: string): Address => checksums.of(digits);
