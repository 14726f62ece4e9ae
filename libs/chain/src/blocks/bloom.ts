import type { HexData } from '@abland/domain';
import { keccak } from './keccak.js';

const BLOOM_BYTES = 256;
const BITS_CACHED_MAX = 50_000;
/** Addresses and topics repeat from block to block. */
const bitsOf = new Map<string, readonly number[]>();

/** The three bits of a value in a bloom filter of 2,048 (yellow paper, 4.3.1). */
function bloomBits(value: HexData): readonly number[] {
  const cached = bitsOf.get(value);
  if (cached !== undefined) return cached;
  const hash = Buffer.from(keccak(Buffer.from(value.slice(2), 'hex')));
  const bits = [0, 2, 4].map((byte) => hash.readUInt16BE(byte) & 2047);
  if (bitsOf.size >= BITS_CACHED_MAX) bitsOf.clear();
  bitsOf.set(value, bits);
  return bits;
}

interface BloomedLog {
  readonly address: HexData;
  readonly topics: readonly HexData[];
}

/** The bloom filter that a block with exactly these logs has. */
export function logsBloom(logs: readonly BloomedLog[]): HexData {
  const bloom = Buffer.alloc(BLOOM_BYTES);
  for (const log of logs) {
    for (const value of [log.address, ...log.topics]) {
      for (const bit of bloomBits(value)) {
        const byte = BLOOM_BYTES - 1 - (bit >> 3);
        bloom[byte] = (bloom[byte] ?? 0) | (1 << (bit & 7));
      }
    }
  }
  return `0x${bloom.toString('hex')}`;
}

/** A block's bloom filter, to look into. */
export class BloomFilter {
  readonly #bytes: Buffer;

  /** @param bloom of 256 bytes */
  constructor(bloom: HexData) {
    this.#bytes = Buffer.from(bloom.slice(2), 'hex');
  }

  /** False where no log of the block is of this address, or has this topic. */
  mayHave(value: HexData): boolean {
    return bloomBits(value).every((bit) => {
      const byte = this.#bytes[BLOOM_BYTES - 1 - (bit >> 3)] ?? 0;
      return (byte & (1 << (bit & 7))) !== 0;
    });
  }

  mayHaveAny(values: Iterable<HexData>): boolean {
    for (const value of values) if (this.mayHave(value)) return true;
    return false;
  }
}
