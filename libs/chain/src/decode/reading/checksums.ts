import { getAddress } from 'ethers';
import type { Address } from '@abland/domain';

/** Addresses of a generation; two generations are kept, some 10 MB. */
const GENERATION_MAX = 25_000;

/** Checksums cost a hash each, and the same addresses come again and again: those used last are remembered. */
let newer = new Map<string, Address>();
let older = new Map<string, Address>();

/** An address of 40 lower-case digits, with its checksum. */
export function checksummed(digits: string): Address {
  const known = newer.get(digits);
  if (known !== undefined) return known;
  const address = older.get(digits) ?? getAddress(`0x${digits}`);
  if (newer.size >= GENERATION_MAX) {
    older = newer;
    newer = new Map();
  }
  newer.set(digits, address);
  return address;
}
