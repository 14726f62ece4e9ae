import { createHash } from 'node:crypto';
import { createMPT } from '@ethereumjs/mpt';
import { RLP } from '@ethereumjs/rlp';
import { describe, expect, it } from '@jest/globals';
import { numberBytes } from './provider-bytes.js';
import { trieRoot } from './trie-root.js';

/** Bytes that look like chance and are the same each time. */
const bytesOf = (length: number, seed: number): Uint8Array =>
  Buffer.concat(
    Array.from({ length: Math.ceil(length / 32) }, (_, part) =>
      createHash('sha256').update(`${seed}/${part}`).digest(),
    ),
  ).subarray(0, length);

async function rootByLibrary(values: readonly Uint8Array[]): Promise<string> {
  const trie = await createMPT();
  for (const [index, value] of values.entries()) await trie.put(RLP.encode(numberBytes(index)), value);
  return `0x${Buffer.from(trie.root()).toString('hex')}`;
}

describe('the root of a trie', () => {
  // Indexes are encoded in one byte below 128, in two below 256, then in three.
  it.each([0, 1, 2, 15, 16, 17, 127, 128, 129, 255, 256, 257, 600])(
    'over %i values is that of a general trie',
    async (count) => {
      const values = Array.from({ length: count }, (_, index) => bytesOf(300 + (index % 7), index));
      expect(trieRoot(values)).toBe(await rootByLibrary(values));
    },
  );

  it('is that of a general trie where nodes are so short that they stand in their parents', async () => {
    for (let length = 1; length <= 40; length += 1) {
      const values = Array.from({ length: 140 }, (_, index) =>
        bytesOf(1 + ((index * 7) % length), index + length),
      );
      expect(trieRoot(values)).toBe(await rootByLibrary(values));
    }
  });

  it('is another where a value is left out, changed, or in another place', () => {
    const values = Array.from({ length: 20 }, (_, index) => bytesOf(100, index));
    const [first = values[0], second = values[1], ...others] = values;
    const roots = [
      values,
      values.slice(1),
      values.with(7, bytesOf(100, 99)),
      [second, first, ...others].filter((value) => value !== undefined),
    ].map(trieRoot);
    expect(new Set(roots).size).toBe(4);
  });
});
