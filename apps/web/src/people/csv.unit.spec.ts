import { describe, expect, it } from '@jest/globals';
import { csvOf } from './csv.js';
import { worthOf } from './worth.js';

describe('a table that is exported', () => {
  it('keeps what its cells have, and gives a spreadsheet no formula', () => {
    expect(
      csvOf(
        ['a', 'b'],
        [
          ['1.5', '-2'],
          ['x,"y"', '=HYPERLINK("x")'],
          ['-cmd', '@a'],
          ['-1+cmd|x', '-1.5'],
        ],
      ),
    ).toBe('a,b\r\n1.5,-2\r\n"x,""y""","\'=HYPERLINK(""x"")"\r\n\'-cmd,\'@a\r\n\'-1+cmd|x,-1.5\r\n');
  });
});

describe('what a holding is worth', () => {
  it('is exact to 18 places', () => {
    expect(worthOf('1500000', 6, '2.5')).toBe('3.75');
    expect(worthOf((10n ** 18n).toString(), 18, '0.000000000000000001')).toBe('0.000000000000000001');
    expect(worthOf('3', 0, '1')).toBe('3');
  });

  it('is not known without decimals or a price', () => {
    expect([worthOf('1', null, '1'), worthOf('1', 0, null), worthOf('1', 0, 'x')]).toEqual([
      null,
      null,
      null,
    ]);
  });
});
