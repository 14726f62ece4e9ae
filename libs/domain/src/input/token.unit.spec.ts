import { describe, expect, it } from '@jest/globals';
import { DomainError } from '@abland/kernel';
import {
  baseUnits,
  parseDecimals,
  parseDescription,
  parseMetadataURI,
  parseSupply,
  parseTokenName,
  parseTokenSymbol,
} from './token.js';

const refused = (code: string, field: string) => expect.objectContaining({ code, field });

describe('a name', () => {
  it.each(['G', '7', 'Gold Coin', 'A  B', 'x'.repeat(50), `x${' '.repeat(48)}y`])('may be %j', (name) => {
    expect(parseTokenName(name)).toBe(name);
  });
  it.each([
    '',
    ' ',
    ' Gold',
    'Gold ',
    'x'.repeat(51),
    `x${' '.repeat(49)}y`,
    'Gold-Coin',
    'Gold\n',
    'Go\tld',
    'Gold\u0000',
    'Göld',
    'Gоld',
    'Gold\u00a0Coin',
    'Gold\u200b',
    'ｇold',
    '💰',
  ])('may not be %j', (name) => {
    expect(() => parseTokenName(name)).toThrow(DomainError);
    expect(() => parseTokenName(name)).toThrow(refused('INVALID_NAME', 'name'));
  });
});

describe('a symbol', () => {
  it.each(['A', '1', 'GOLD', 'ABCDEFGH12'])('may be %j', (symbol) => {
    expect(parseTokenSymbol(symbol)).toBe(symbol);
  });
  it.each(['', 'gold', 'Gold', 'ABCDEFGH123', 'GO LD', 'GOLD\n', 'GÖLD', 'ＡＢ', 'GO-D'])(
    'may not be %j',
    (symbol) => {
      expect(() => parseTokenSymbol(symbol)).toThrow(refused('INVALID_SYMBOL', 'symbol'));
    },
  );
});

describe('a supply', () => {
  it.each([
    ['1', 1n],
    ['1000000', 1_000_000n],
    [`1${'0'.repeat(27)}`, 10n ** 27n],
  ])('may be %s', (text, supply) => {
    expect(parseSupply(text)).toBe(supply);
  });
  it.each([
    '',
    '0',
    '-1',
    '+1',
    '01',
    '1.0',
    '1e3',
    '0x10',
    ' 1',
    '1 ',
    '1\n',
    '1_000',
    '١',
    `1${'0'.repeat(26)}1${'0'.repeat(10)}`,
    `1${'0'.repeat(26)}1`,
    '9'.repeat(28),
  ])('may not be %j', (text) => {
    expect(() => parseSupply(text)).toThrow(refused('INVALID_SUPPLY', 'totalSupply'));
  });
});

describe('decimals', () => {
  it.each([0, 1, 18])('may be %d', (decimals) => {
    expect(parseDecimals(decimals)).toBe(decimals);
  });
  it.each([-1, 19, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('may not be %d', (decimals) => {
    expect(() => parseDecimals(decimals)).toThrow(refused('INVALID_DECIMALS', 'decimals'));
  });
});

describe('a description', () => {
  it.each(['', 'A coin.\nOf gold: Ünïcödé 💰', 'x'.repeat(500), '💰'.repeat(500)])('may be %#', (text) => {
    expect(parseDescription(text)).toBe(text);
  });
  it.each([
    'x'.repeat(501),
    '💰'.repeat(501),
    'tab\t',
    'line\r\n',
    'nul\u0000',
    'del\u007f',
    'next line\u0085',
    'line separator\u2028',
    'paragraph separator\u2029',
    'lone surrogate \ud83d',
    'lone surrogate \udcb0',
  ])('may not be %#', (text) => {
    expect(() => parseDescription(text)).toThrow(refused('INVALID_DESCRIPTION', 'description'));
  });
});

describe('a metadata URI', () => {
  it.each(['', 'ipfs://bafy', 'x'.repeat(512)])('may be %#', (uri) => {
    expect(parseMetadataURI(uri)).toBe(uri);
  });
  it.each(['x'.repeat(513), 'ipfs://a b', 'ipfs://ä', 'ipfs://a\n'])('may not be %#', (uri) => {
    expect(() => parseMetadataURI(uri)).toThrow(refused('INVALID_METADATA_URI', 'metadataURI'));
  });
});

it('a supply in base units has as many more digits as the token has decimals', () => {
  expect(baseUnits(5n, 0)).toBe(5n);
  expect(baseUnits(10n ** 27n, 18)).toBe(10n ** 45n);
});

it('the field is the one that the caller names', () => {
  expect(() => parseTokenName('', 'token.name')).toThrow(refused('INVALID_NAME', 'token.name'));
});
