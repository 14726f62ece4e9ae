import { describe, expect, it } from '@jest/globals';
import { amount, boolean, int4, int8, nullable, text } from './columns.js';
import { BadEventError } from './errors.js';
import { defineTable } from './table.js';
import { codeOf } from './table-code.js';

const things = defineTable({
  name: 'things',
  origin: 'chain',
  columns: { chain_id: int8, 'a "b"\\': text, worth: amount, rank: nullable(int4), good: boolean },
  key: ['chain_id', 'a "b"\\'],
  indexes: [],
});
const thing = { chain_id: 1, 'a "b"\\': 'x', worth: 5n, rank: null, good: true };
const code = codeOf(things);

describe('what is compiled of a table', () => {
  it('is compiled once', () => {
    expect(codeOf(things)).toBe(code);
  });

  it('knows a row by its key', () => {
    expect(code.keyText(thing)).toBe('1\0x');
    expect(code.key.parts.map((part) => part(thing))).toEqual([1, 'x']);
    expect(code.key.isSame(thing, { ...thing, worth: 6n })).toBe(true);
    expect(code.key.isSame(thing, { ...thing, 'a "b"\\': 'y' })).toBe(false);
    expect(code.key.isBeside(thing, { ...thing, 'a "b"\\': 'y' })).toBe(true);
    expect(code.key.isBeside(thing, { ...thing, chain_id: 2 })).toBe(false);
  });

  it('changes what is told, to nothing as well, and leaves the rest and the row that was', () => {
    expect(code.patched(thing, { rank: 3, worth: 0n })).toEqual({ ...thing, rank: 3, worth: 0n });
    expect(code.patched({ ...thing, rank: 3 }, { rank: null })).toEqual(thing);
    expect(thing.worth).toBe(5n);
  });

  it.each([
    ['a rank beyond 32 bits', { rank: 2 ** 31 }],
    ['a rank below what is as far from zero', { rank: -(2 ** 31) }],
    ['a rank that is no number', { rank: '3' }],
    ['a rank that is too large a kind of number', { rank: 3n }],
    ['an amount as a number', { worth: 5 }],
    ['a number of the chain as text', { chain_id: '1' }],
    ['truth as a number', { good: 1 }],
    ['nothing where there must be something', { good: null }],
    ['a key of another kind', { 'a "b"\\': 7 }],
  ])('refuses %s, also where the row was there before', (_, wrong) => {
    expect(() => code.check({ ...thing, ...wrong }, null)).toThrow(BadEventError);
    expect(() => code.check({ ...thing, ...wrong }, thing)).toThrow(BadEventError);
  });

  it.each([
    [{ rank: 2 ** 31 - 1 }],
    [{ rank: 1 - 2 ** 31 }],
    [{ worth: 10n ** 78n - 1n }],
    [{ good: false }],
  ])('takes %j', (right) => {
    expect(() => code.check({ ...thing, ...right }, null)).not.toThrow();
  });
});
