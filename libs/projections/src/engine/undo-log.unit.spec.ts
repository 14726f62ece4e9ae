import { describe, expect, it } from '@jest/globals';
import { amount, text } from './columns.js';
import { defineTable } from './table.js';
import { UndoBuffer } from './undo-log.js';
import { fromSelected } from './values.js';

const table = defineTable({
  name: 'accounts',
  origin: 'chain',
  columns: { id: text, balance: amount },
  key: ['id'],
  indexes: [],
});
const change = (id: string, balance: bigint | null) => ({
  table,
  key: id,
  before: balance === null ? null : { id, balance },
});

describe('the undo buffer', () => {
  it('keeps the first image of a row in each block', () => {
    const undo = new UndoBuffer();
    undo.record(1, 10, [change('a', 1n), change('b', null)]);
    undo.record(1, 10, [change('a', 2n)]);
    undo.record(1, 11, [change('a', 3n)]);
    const images = undo.take();
    expect(
      images.map(({ blockNumber, key, before }) => [blockNumber, key, before && JSON.parse(before).balance]),
    ).toEqual([
      [10, 'a', '1'],
      [10, 'b', null],
      [11, 'a', '3'],
    ]);
    expect(undo.take()).toEqual([]);
  });

  it('gives back amounts as they were, beyond what a number holds', () => {
    const undo = new UndoBuffer();
    undo.record(1, 1, [change('a', 10n ** 77n)]);
    const before = undo.take()[0]?.before ?? '';
    expect(fromSelected(table, JSON.parse(before))).toEqual({ id: 'a', balance: 10n ** 77n });
  });

  it('lets go of blocks that are final, on their own chain', () => {
    const undo = new UndoBuffer();
    undo.record(1, 10, [change('a', 1n)]);
    undo.record(1, 11, [change('a', 2n)]);
    undo.record(2, 10, [change('a', 3n)]);
    undo.prune(1, 10);
    expect(undo.take().map(({ chainId, blockNumber }) => [chainId, blockNumber])).toEqual([
      [1, 11],
      [2, 10],
    ]);
  });

  it('keeps nothing of tables that no reorg touches', () => {
    const undo = new UndoBuffer();
    undo.record(1, 1, [{ ...change('a', 1n), table: { ...table, origin: 'log' } }]);
    expect(undo.take()).toEqual([]);
  });
});
