import { describe, expect, it } from '@jest/globals';
import { showing, shows } from './printable.js';

describe('a text of strangers', () => {
  it.each([
    ['Dollar Coin', 'Dollar Coin'],
    ['', ''],
    ['\u202eCDSU', '\\u{202E}CDSU'],
    ['US\u200bDC', 'US\\u{200B}DC'],
    ['a\0b\nc\u2028', 'a\\u{0}b\\u{A}c\\u{2028}'],
    ['\ufeffX\u{e0041}', '\\u{FEFF}X\\u{E0041}'],
    ['A\ud800', 'A\\u{D800}'],
    [`Z${'\u0301'.repeat(6)}`, `Z${'\u0301'.repeat(4)}\\u{301}\\u{301}`],
  ])('shows everything that it is: %j', (text, shown) => {
    expect(showing(text)).toBe(shown);
  });

  it.each(['می\u200cخواهم', '👩\u200d💻', '❤\ufe0f', '1\ufe0f\u20e3'])(
    'keeps what belongs to its script: %j',
    (text) => {
      expect(showing(text)).toBe(text);
      expect(showing(`${text}\u202e`)).toBe(`${text}\\u{202E}`);
    },
  );

  it('is then one that would be taken from anybody, whatever it was', () => {
    const alphabet = [
      'A',
      '1',
      ' ',
      '\u200d',
      '\ufe0f',
      '\u0301',
      '👩',
      'ی',
      '\u202e',
      '\0',
      '\ud800',
      '\u20e3',
      '\\',
    ];
    let seed = 7;
    const next = (): number => (seed = (seed * 48_271) % 2_147_483_647);
    for (let round = 0; round < 5_000; round += 1) {
      const text = Array.from({ length: next() % 12 }, () => alphabet[next() % alphabet.length]).join('');
      expect([text, shows(showing(text))]).toEqual([text, true]);
    }
  });
});
