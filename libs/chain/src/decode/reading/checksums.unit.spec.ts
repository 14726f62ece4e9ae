import { describe, expect, it } from '@jest/globals';
import { getAddress } from 'ethers';
import fc from 'fast-check';
import { Checksums } from './checksums.js';

describe('checksums', () => {
  it('are those of their addresses in whatever order they come, within bounds', () => {
    const digits = fc.nat(20).map((number) => String(number).padStart(40, 'abcdef'));
    fc.assert(
      fc.property(fc.array(digits, { maxLength: 60 }), (asked) => {
        const checksums = new Checksums(3);
        for (const one of asked) {
          expect(checksums.of(one)).toBe(getAddress(`0x${one}`));
          expect(checksums.size).toBeLessThanOrEqual(6);
        }
      }),
    );
  });

  it('are those of EIP-55, whatever the address', () => {
    const checksums = new Checksums(3);
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 20, maxLength: 20 }), (bytes) => {
        const digits = Buffer.from(bytes).toString('hex');
        expect(checksums.of(digits)).toBe(getAddress(`0x${digits}`));
      }),
    );
  });

  it('are not of what is no address', () => {
    expect(() => new Checksums(3).of('ab')).toThrow('invalid address');
  });
});
