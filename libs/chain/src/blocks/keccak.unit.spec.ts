import { describe, expect, it } from '@jest/globals';
import { hexlify, keccak256 } from 'ethers';
import fc from 'fast-check';
import { isKeccakCompiled, keccak, keccakHash } from './keccak.js';

/** Of no bytes: the code hash of accounts without code, as the yellow paper has it. */
const OF_NOTHING = '0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470';
const hashes = (bytes: Uint8Array): readonly string[] => [keccakHash(bytes), hexlify(keccak(bytes))];
/** While what imports it is still being imported. */
const atImport = hashes(new Uint8Array());

describe('the hash of bytes', () => {
  it('is there without waiting, before anything is compiled', () => {
    expect(atImport).toEqual([OF_NOTHING, OF_NOTHING]);
  });

  it('is the same once it is compiled, whatever the bytes', async () => {
    expect(await isKeccakCompiled()).toBe(true);
    expect(hashes(new Uint8Array())).toEqual([OF_NOTHING, OF_NOTHING]);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const hash = keccak256(bytes);
        expect(hashes(bytes)).toEqual([hash, hash]);
      }),
      { seed: 1, numRuns: 500 },
    );
  });
});
