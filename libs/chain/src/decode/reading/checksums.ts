import { getAddress } from 'ethers';
import type { Address } from '@abland/domain';

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
    const address = this.#older.get(digits) ?? getAddress(`0x${digits}`);
    if (this.#newer.size >= this.generationMax) {
      this.#older = this.#newer;
      this.#newer = new Map();
    }
    this.#newer.set(digits, address);
    return address;
  }
}

const checksums = new Checksums(GENERATION_MAX);

/** An address of 40 lower-case digits, with its checksum. @throws where it is none */
export const checksummed = (digits: string): Address => checksums.of(digits);
