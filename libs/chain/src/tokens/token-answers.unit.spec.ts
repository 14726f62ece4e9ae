import { describe, expect, it } from '@jest/globals';
import { AbiCoder, encodeBytes32String } from 'ethers';
import { decimalsAnswer, textAnswer } from './token-answers.js';

const MAX = 8;
const encode = (type: string, value: unknown): string => AbiCoder.defaultAbiCoder().encode([type], [value]);
const word = (value: bigint): string => value.toString(16).padStart(64, '0');
/** A string of these bytes, whatever they are. */
const stringOf = (bytes: Buffer): string =>
  `0x${word(32n)}${word(BigInt(bytes.length))}${bytes.toString('hex')}`;

describe('what a token returns as a text', () => {
  it.each([
    ['a string', encode('string', 'Dollar'), 'Dollar'],
    ['an empty string', encode('string', ''), ''],
    ['32 bytes filled up with zeros', encodeBytes32String('MKR'), 'MKR'],
    ['32 zeros', `0x${word(0n)}`, ''],
    ['a string whose last word is not filled up', stringOf(Buffer.from('Dai')), 'Dai'],
    [
      'as many code points as may be, each of four bytes',
      encode('string', '💥'.repeat(MAX)),
      '💥'.repeat(MAX),
    ],
  ])('is read from %s', (_, returned, value) => {
    expect(textAnswer(returned, MAX)).toEqual({ value });
  });

  it('is cut where it is long, visibly, and never within a character', () => {
    expect(textAnswer(encode('string', '💥'.repeat(100_000)), MAX)).toEqual({
      value: `${'💥'.repeat(MAX - 1)}…`,
    });
  });

  it('has what is no UTF-8 replaced, and the rest of it kept', () => {
    expect(textAnswer(stringOf(Buffer.from([0x41, 0xff, 0xed, 0xa0, 0x80, 0x42])), MAX)).toEqual({
      value: 'A\ufffd\ufffd\ufffd\ufffdB',
    });
  });

  it.each([
    ['fewer bytes than a word', '0x01'],
    ['a place beyond its end', `0x${word(1_000n)}${word(1n)}`],
    ['a place of 256 bits', `0x${'ff'.repeat(64)}`],
    ['a length beyond its end', `0x${word(32n)}${word(33n)}${word(0n)}`],
    ['a length of 256 bits', `0x${word(32n)}${'ff'.repeat(32)}${word(0n)}`],
  ])('is none where it has %s', (_, returned) => {
    expect(textAnswer(returned, MAX)).toEqual({ missing: 'MALFORMED' });
  });

  it('is none where nothing comes back', () => {
    expect(textAnswer('0x', MAX)).toEqual({ missing: 'EMPTY' });
  });
});

describe('what a token returns as its decimals', () => {
  it.each([0, 6, 18, 255])('may be %i', (decimals) => {
    expect(decimalsAnswer(encode('uint8', decimals))).toEqual({ value: decimals });
  });

  it.each([
    ['more than a byte', encode('uint256', 256n)],
    ['2^256 - 1', `0x${'ff'.repeat(32)}`],
    ['less than a word', '0x12'],
  ])('is none where it is %s', (_, returned) => {
    expect(decimalsAnswer(returned)).toEqual({ missing: 'MALFORMED' });
  });

  it('is none where nothing comes back', () => {
    expect(decimalsAnswer('0x')).toEqual({ missing: 'EMPTY' });
  });
});
