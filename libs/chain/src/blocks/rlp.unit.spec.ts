import { RLP } from '@ethereumjs/rlp';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encodeRlp, type Rlp } from './rlp.js';

type Known = Uint8Array | Known[];

const hexOf = (bytes: Uint8Array): string => `0x${Buffer.from(bytes).toString('hex')}`;
const lengths = fc.oneof(fc.integer({ max: 3, min: 0 }), fc.integer({ max: 58, min: 53 }), fc.constant(300));
const bytes = lengths.chain((length) => fc.uint8Array({ minLength: length, maxLength: length }));
const items = fc.letrec<{ readonly item: Known }>((tie) => ({
  item: fc.oneof(bytes, fc.array(tie('item'), { maxLength: 20 })),
})).item;

/** The same with every second text of bytes as its digits. */
function asDigits(item: Known, depth = 0): Rlp {
  if (Array.isArray(item)) return item.map((one, index) => asDigits(one, depth + index));
  return depth % 2 === 0 ? hexOf(item) : item;
}

describe('the recursive length prefix', () => {
  it('of any item is what a general library makes of it, from bytes and from digits', () => {
    fc.assert(
      fc.property(items, (item) => {
        expect(hexOf(encodeRlp(asDigits(item)))).toBe(hexOf(RLP.encode(item)));
      }),
    );
  });

  it.each([0, 1, 55, 56, 255, 256, 65_535, 65_536, 70_000])(
    'of %i bytes, and of a list of them',
    (length) => {
      const value = new Uint8Array(length).fill(0x81);
      expect(hexOf(encodeRlp(value))).toBe(hexOf(RLP.encode(value)));
      expect(hexOf(encodeRlp([hexOf(value), []]))).toBe(hexOf(RLP.encode([value, []])));
    },
  );

  it('takes a byte below 128 for itself, in digits of either case', () => {
    for (const digits of ['0x00', '0x7f', '0x80', '0xfF', '0x'])
      expect(hexOf(encodeRlp(digits))).toBe(hexOf(RLP.encode(Buffer.from(digits.slice(2), 'hex'))));
  });
});
