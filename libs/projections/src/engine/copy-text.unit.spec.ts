import { describe, expect, it } from '@jest/globals';
import { amount, boolean, int8, json, nullable, text } from './columns.js';
import { copyText } from './copy-text.js';
import { defineTable } from './table.js';

const table = defineTable({
  name: 'things',
  origin: 'chain',
  columns: {
    id: text,
    worth: amount,
    block: int8,
    good: boolean,
    note: nullable(json),
    name: nullable(text),
  },
  key: ['id'],
  indexes: [],
});

describe('rows as COPY takes them', () => {
  it('are a line each, with the columns in their order', () => {
    const row = { id: 'a', worth: 10n ** 77n, block: 7, good: true, note: null, name: null };
    const other = { name: 'n', note: [1], good: false, block: 8, worth: 0n, id: 'b' };
    expect(copyText(table, [row, other]).toString()).toBe(
      `a\t1${'0'.repeat(77)}\t7\tt\t\\N\t\\N\nb\t0\t8\tf\t[1]\tn\n`,
    );
  });

  it('have no character left that would mean something', () => {
    const row = { id: 'a\tb', worth: 1n, block: 1, good: true, note: { 'k\n': '\\' }, name: '\\N\r\n' };
    expect(copyText(table, [row]).toString()).toBe('a\\tb\t1\t1\tt\t{"k\\\\n":"\\\\\\\\"}\t\\\\N\\r\\n\n');
  });
});
