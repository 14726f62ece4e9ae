import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { InvalidCursorError, InvalidPageSizeError } from './errors.js';
import { decodeCursor, encodeCursor, PAGE_SIZE_MAX, rowsToSelect, type SortOrder, toPage } from './page.js';

const ORDER: SortOrder = { name: 'swaps', parts: ['numeric', 'text'] };

describe('a cursor', () => {
  it('gives back the sort key that it was made of', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.string(), (number, text) => {
        fc.pre(!text.includes('\0') && text.isWellFormed());
        expect(decodeCursor(ORDER, encodeCursor(ORDER, [`${number}`, text]))).toEqual([`${number}`, text]);
      }),
    );
  });

  it.each([
    ['of another list', encodeCursor({ ...ORDER, name: 'orders' }, ['1', 'a'])],
    ['with too few parts', encodeCursor(ORDER, ['1'])],
    ['with text where a number belongs', encodeCursor(ORDER, ["1'; DROP", 'a'])],
    ['with NUL, which PostgreSQL refuses', encodeCursor(ORDER, ['1', 'a\0'])],
    ['with a number of too many digits', encodeCursor(ORDER, ['1'.repeat(101), 'a'])],
    ['with half a character', encodeCursor(ORDER, ['1', '\ud800'])],
    ['that is no JSON', 'bm90IGpzb24'],
    ['that is JSON but no list', Buffer.from('{"a":1}').toString('base64url')],
    ['that is empty', ''],
  ])('%s is refused', (_, cursor) => {
    expect(() => decodeCursor(ORDER, cursor)).toThrow(InvalidCursorError);
  });

  it('takes block numbers only as far as PostgreSQL counts', () => {
    const order: SortOrder = { name: 'blocks', parts: ['int8'] };
    expect(decodeCursor(order, encodeCursor(order, ['9223372036854775807']))).toEqual([
      '9223372036854775807',
    ]);
    expect(() => decodeCursor(order, encodeCursor(order, ['9223372036854775808']))).toThrow(
      InvalidCursorError,
    );
  });

  it('is absent on a first page', () => {
    expect(decodeCursor(ORDER, undefined)).toBeNull();
    expect(decodeCursor(ORDER, null)).toBeNull();
  });
});

describe('a page', () => {
  it.each([0, -1, 1.5, PAGE_SIZE_MAX + 1, Number.NaN])('of %p items is refused', (first) => {
    expect(() => rowsToSelect({ first })).toThrow(InvalidPageSizeError);
  });

  it('says whether more follows without showing it', () => {
    const rows = [1, 2, 3].map((number) => ({ number }));
    const page = toPage(
      rows,
      { first: 2 },
      ORDER,
      (row) => [row.number, 'x'],
      (row) => row.number,
    );
    expect(page.edges.map((edge) => edge.node)).toEqual([1, 2]);
    expect(page.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    expect(decodeCursor(ORDER, page.pageInfo.endCursor)).toEqual(['2', 'x']);
  });

  it('without rows has no cursors', () => {
    const page = toPage(
      [],
      { first: 2, after: 'x' },
      ORDER,
      () => [],
      () => null,
    );
    expect(page).toEqual({
      edges: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: true, startCursor: null, endCursor: null },
    });
  });
});
