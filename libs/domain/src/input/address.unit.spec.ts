import { describe, expect, it } from '@jest/globals';
import { getAddress } from 'ethers';
import fc from 'fast-check';
import { TOKEN_A, TOKEN_B } from '../testing/samples.fixture.js';
import { parseAddress, sameAddress, sortTokens } from './address.js';

const refused = (code: string, field = 'tokenIn') => expect.objectContaining({ code, field });
const parse = (text: string) => parseAddress(text, 'tokenIn', getAddress);

describe('an address', () => {
  it('is accepted with its checksum, and without one in one case', () => {
    expect(parse(TOKEN_A)).toBe(TOKEN_A);
    expect(parse(TOKEN_A.toLowerCase())).toBe(TOKEN_A);
    expect(parse(`0x${TOKEN_A.slice(2).toUpperCase()}`)).toBe(TOKEN_A);
    expect(parse(`0x${'1'.repeat(40)}`)).toBe(`0x${'1'.repeat(40)}`);
  });
  it('is refused with a checksum that is wrong', () => {
    expect(() => parse(TOKEN_A.replace('F', 'f'))).toThrow(refused('WRONG_CHECKSUM'));
    expect(() => parse(`0x${TOKEN_A.slice(2).toUpperCase().replace('F', 'f')}`)).toThrow(
      refused('WRONG_CHECKSUM'),
    );
  });
  it.each([
    '',
    '0x',
    TOKEN_A.slice(0, -1),
    `${TOKEN_A}0`,
    TOKEN_A.slice(2),
    `0X${TOKEN_A.slice(2)}`,
    ` ${TOKEN_A}`,
    `${TOKEN_A}\n`,
    'vitalik.eth',
    `0x${'g'.repeat(40)}`,
  ])('is not %j', (text) => {
    expect(() => parse(text)).toThrow(refused('INVALID_ADDRESS'));
  });
});

describe('the tokens of a pool', () => {
  const address = fc
    .uint8Array({ minLength: 20, maxLength: 20 })
    .map((bytes) => `0x${Buffer.from(bytes).toString('hex')}`);

  it('are put in the order of their numbers, whichever way they come', () => {
    fc.assert(
      fc.property(address, address, (x, y) => {
        fc.pre(x !== y);
        const [low, high] = BigInt(x) < BigInt(y) ? [x, y] : [y, x];
        expect(sortTokens(x, y)).toEqual({ tokenA: low, tokenB: high, swapped: low === y });
      }),
    );
  });
  it('are ordered by number, not by the case of their letters', () => {
    const lower = `0x${'b'.repeat(40)}`;
    const upper = `0x${'C'.repeat(40)}`;
    expect(sortTokens(upper, lower)).toEqual({ tokenA: lower, tokenB: upper, swapped: true });
  });
  it('are two', () => {
    expect(() => sortTokens(TOKEN_A, TOKEN_A.toLowerCase())).toThrow(refused('IDENTICAL_TOKENS', 'tokenB'));
  });
});

it('an address is the same in any case', () => {
  expect(sameAddress(TOKEN_A, TOKEN_A.toLowerCase())).toBe(true);
  expect(sameAddress(TOKEN_A, TOKEN_B)).toBe(false);
});
