import fc from 'fast-check';

/** An amount of up to so many bits, small ones as likely as large ones, and the edges of every size. */
export const amountOfBits = (bits: number): fc.Arbitrary<bigint> =>
  fc
    .integer({ min: 0, max: bits - 1 })
    .chain((size) => fc.bigInt({ min: 1n << BigInt(size), max: (1n << BigInt(size + 1)) - 1n }));

/** Fees that the contract allows: the protocol's part is at most the swap fee. */
export const anyFees = fc
  .tuple(fc.integer({ min: 0, max: 9_999 }), fc.integer({ min: 0, max: 9_999 }))
  .map(([one, other]) => ({
    swapFee: BigInt(Math.max(one, other)),
    protocolFee: BigInt(Math.min(one, other)),
  }));
