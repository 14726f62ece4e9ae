import { describe, expect, it } from '@jest/globals';
import { InvariantViolation } from '@abland/kernel';
import { amount, int8, json, nullable, text } from './columns.js';
import { BadEventError } from './errors.js';
import { RowNotLoaded, RowSet } from './row-set.js';
import { defineTable } from './table.js';
import { keyText } from './table-code.js';

const accounts = defineTable({
  name: 'accounts',
  origin: 'chain',
  columns: { id: text, balance: amount, block: int8, note: nullable(json) },
  key: ['id'],
  indexes: [],
});
const notes = defineTable({ name: 'notes', origin: 'log', columns: { id: text }, key: ['id'], indexes: [] });
const row = (id: string, balance: bigint) => ({ id, balance, block: 1, note: null });

function loaded(): RowSet {
  const rows = new RowSet();
  rows.load(accounts, { id: 'a' }, row('a', 1n));
  rows.load(accounts, { id: 'b' }, null);
  return rows;
}

describe('a row set', () => {
  it('asks for a row that was not fetched, rather than taking it as absent', () => {
    expect(() => loaded().get(accounts, { id: 'c' })).toThrow(RowNotLoaded);
  });

  it('knows a fetched row from one that is not there', () => {
    expect(loaded().get(accounts, { id: 'a' })).toEqual(row('a', 1n));
    expect(loaded().get(accounts, { id: 'b' })).toBeUndefined();
    expect(() => loaded().require(accounts, { id: 'b' })).toThrow(BadEventError);
  });

  it('tells the image of each row before the event, once', () => {
    const rows = loaded();
    rows.begin('chain');
    rows.patch(accounts, { id: 'a' }, { balance: 2n });
    rows.patch(accounts, { id: 'a' }, { balance: 3n });
    rows.put(accounts, row('b', 5n));
    expect(rows.commit().map(({ key, before, table }) => [keyText(table, key), before])).toEqual([
      ['a', row('a', 1n)],
      ['b', null],
    ]);
  });

  it('takes all changes of an event back, also of inserted and deleted rows', () => {
    const rows = loaded();
    rows.begin('chain');
    rows.delete(accounts, { id: 'a' });
    rows.insert(accounts, row('new', 1n));
    rows.put(accounts, row('b', 5n));
    rows.rollback();
    expect(rows.takeChanges()).toEqual([]);
    expect(rows.get(accounts, { id: 'a' })).toEqual(row('a', 1n));
    expect(() => rows.get(accounts, { id: 'new' })).toThrow(RowNotLoaded);
  });

  it('writes the last state of a row once', () => {
    const rows = loaded();
    rows.put(accounts, row('b', 5n));
    rows.delete(accounts, { id: 'a' });
    rows.put(accounts, row('b', 6n));
    expect(rows.takeChanges()).toEqual([
      { table: accounts, inserts: [row('b', 6n)], upserts: [], places: [], deletions: ['a'] },
    ]);
    expect(rows.takeChanges()).toEqual([]);
  });

  it('lets an event change tables of its own origin alone', () => {
    const rows = loaded();
    rows.begin('log');
    expect(() => rows.put(accounts, row('b', 1n))).toThrow(InvariantViolation);
    rows.begin('chain');
    expect(() => rows.insert(notes, { id: 'n' })).toThrow(InvariantViolation);
  });

  it.each([
    ['a negative amount', { ...row('b', -1n) }],
    ['an amount beyond the column', { ...row('b', 10n ** 78n) }],
    ['NUL in a text', { ...row('b', 1n), id: 'b\0' }],
    ['half a surrogate pair', { ...row('b', 1n), id: '\ud800' }],
    ['a fraction', { ...row('b', 1n), block: 1.5 }],
    ['NUL deep in JSON', { ...row('b', 1n), note: { list: ['\0'] } }],
    ['a key too long for an index', { ...row('b', 1n), id: 'x'.repeat(3_000) }],
    ['an absent value', { id: 'b', balance: 1n, block: undefined as unknown as number, note: null }],
  ])('refuses %s, which PostgreSQL would refuse for the whole batch', (_, bad) => {
    const rows = loaded();
    rows.load(accounts, { id: bad.id }, null);
    expect(() => rows.put(accounts, bad)).toThrow(BadEventError);
  });

  it('refuses a second row of a place that is taken', () => {
    const rows = loaded();
    rows.insert(accounts, row('new', 1n));
    expect(() => rows.insert(accounts, row('new', 2n))).toThrow(BadEventError);
  });

  it('writes an image that it was set to, and a row that was not there before as deleted', () => {
    const rows = loaded();
    rows.restore(accounts, 'a', row('a', 1n), row('a', 9n));
    rows.restore(accounts, 'b', null, null);
    expect(rows.get(accounts, { id: 'a' })).toEqual(row('a', 9n));
    expect(rows.takeChanges()).toEqual([
      { table: accounts, inserts: [], upserts: [row('a', 9n)], places: [], deletions: ['b'] },
    ]);
    expect(rows.isLoaded({ table: accounts, key: { id: 'a' } })).toBe(true);
  });

  it('keeps images by table and key, though two tables have the same key', () => {
    const rows = loaded();
    rows.load(notes, { id: 'a' }, null);
    rows.begin('both');
    rows.put(accounts, row('a', 2n));
    rows.put(notes, { id: 'a' });
    expect(rows.commit().map(({ table, key }) => [table.name, keyText(table, key)])).toEqual([
      ['accounts', 'a'],
      ['notes', 'a'],
    ]);
  });

  it('tells nothing of an event that changed nothing after one that was taken back', () => {
    const rows = loaded();
    rows.begin('chain');
    rows.put(accounts, row('b', 1n));
    rows.rollback();
    expect(rows.commit()).toEqual([]);
  });

  it('lets rows go once they are written where they were put without being read, and none is', () => {
    const rows = new RowSet();
    rows.load(accounts, { id: 'b' }, row('b', 1n));
    rows.insert(accounts, row('new', 1n));
    rows.takeChanges();
    expect(rows.isLoaded({ table: accounts, key: { id: 'new' } })).toBe(false);
    expect(rows.isLoaded({ table: accounts, key: { id: 'b' } })).toBe(true);
  });

  it('keeps rows that were put without being read where such rows are read', () => {
    const rows = loaded();
    rows.put(accounts, row('b', 2n));
    rows.insert(accounts, row('new', 1n));
    expect(rows.takeChanges()).toMatchObject([{ inserts: [row('b', 2n)], places: [row('new', 1n)] }]);
    expect(rows.get(accounts, { id: 'new' })).toEqual(row('new', 1n));
    rows.patch(accounts, { id: 'new' }, { balance: 3n });
    expect(rows.takeChanges()).toMatchObject([{ upserts: [row('new', 3n)], places: [] }]);
  });

  it('takes a row back to an earlier change, which is still to be written', () => {
    const rows = loaded();
    rows.put(accounts, row('a', 2n));
    rows.begin('chain');
    rows.put(accounts, row('a', 3n));
    rows.rollback();
    expect(rows.takeChanges()).toEqual([
      { table: accounts, inserts: [], upserts: [row('a', 2n)], places: [], deletions: [] },
    ]);
  });

  describe('of tables that are empty', () => {
    it('knows of every row that it is not there, and writes none of those asked for', () => {
      const rows = new RowSet(true);
      expect(rows.isLoaded({ table: accounts, key: { id: 'a' } })).toBe(true);
      expect(rows.get(accounts, { id: 'a' })).toBeUndefined();
      rows.put(accounts, row('b', 1n));
      expect(rows.takeChanges()).toEqual([
        { table: accounts, inserts: [row('b', 1n)], upserts: [], places: [], deletions: [] },
      ]);
      expect(rows.get(accounts, { id: 'b' })).toEqual(row('b', 1n));
    });

    it('no longer knows it of a table of which it let rows go that nobody had asked for, but of the others', () => {
      const rows = new RowSet(true);
      rows.insert(accounts, row('new', 1n));
      rows.takeChanges();
      expect(() => rows.get(accounts, { id: 'a' })).toThrow(RowNotLoaded);
      expect(rows.get(notes, { id: 'n' })).toBeUndefined();
    });
  });

  it('tells what is not stored yet from what was written before', () => {
    const rows = new RowSet(true);
    rows.put(accounts, row('a', 1n));
    rows.insert(accounts, row('b', 1n));
    expect(rows.takeChanges()).toMatchObject([
      { inserts: [row('a', 1n)], upserts: [], places: [row('b', 1n)] },
    ]);
    rows.put(accounts, row('a', 2n));
    expect(rows.takeChanges()).toMatchObject([{ inserts: [], upserts: [row('a', 2n)] }]);
  });

  it('gives no more rows at a time than are asked for, and each once', () => {
    const rows = new RowSet(true);
    const ids = ['a', 'b', 'c', 'd', 'e'];
    for (const id of ids) rows.put(accounts, row(id, 1n));
    rows.insert(notes, { id: 'n' });
    const taken = [...rows.eachChanges(2)];
    expect(taken.map(({ table, inserts, places }) => [table.name, inserts.length + places.length])).toEqual([
      ['accounts', 2],
      ['accounts', 2],
      ['accounts', 1],
      ['notes', 1],
    ]);
    expect(taken.flatMap(({ inserts }) => inserts)).toEqual(ids.map((id) => row(id, 1n)));
    expect(rows.takeChanges()).toEqual([]);
    rows.put(accounts, row('a', 2n));
    expect(rows.takeChanges()).toMatchObject([{ upserts: [row('a', 2n)] }]);
  });

  it('writes nothing of a row that came and went between two times', () => {
    const rows = loaded();
    rows.put(accounts, row('b', 1n));
    rows.delete(accounts, { id: 'b' });
    expect(rows.takeChanges()).toEqual([]);
  });

  describe('with more rows of a table than it may hold', () => {
    const full = (): RowSet => {
      const rows = new RowSet(true);
      for (const id of ['a', 'b', 'c', 'd']) rows.put(accounts, row(id, 1n));
      rows.put(notes, { id: 'n' });
      rows.takeChanges();
      rows.put(accounts, row('a', 2n));
      rows.takeChanges();
      return rows;
    };

    it('lets go of those that were changed longest ago, and knows which there may be besides those that are here', () => {
      const rows = full();
      rows.shrink(3);
      expect(rows.get(accounts, { id: 'a' })).toEqual(row('a', 2n));
      expect(() => rows.get(accounts, { id: 'b' })).toThrow(RowNotLoaded);
      expect(rows.get(accounts, { id: 'other' })).toBeUndefined();
      expect(rows.isComplete).toBe(false);
    });

    it('lets go of none of a table that has no more', () => {
      const rows = full();
      rows.shrink(3);
      expect(rows.get(notes, { id: 'n' })).toEqual({ id: 'n' });
      expect(rows.get(notes, { id: 'other' })).toBeUndefined();
    });
  });
});
