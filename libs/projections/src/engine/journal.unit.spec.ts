import { describe, expect, it } from '@jest/globals';
import { amount, boolean, int4, int8, json, nullable, text } from './columns.js';
import { Journal, type JournaledEvent } from './journal.js';
import { defineTable } from './table.js';
import { codeOf } from './table-code.js';
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
  key: { id },
  before: balance === null ? null : { id, balance },
});
/** A fact of a block whose number is also its time in seconds. */
const fact = (position: bigint, blockTime: number): JournaledEvent => ({
  position,
  recordedAt: '2026-01-01T00:00:00Z',
  metadata: {
    correlationId: 'test',
    causationId: null,
    actor: 'chain',
    chain: {
      chainId: 1,
      blockNumber: blockTime,
      blockHash: '0x1',
      blockTime,
      txHash: null,
      logIndex: null,
      commandId: null,
    },
  },
});
const said = (position: bigint, recordedAt: string): JournaledEvent => ({
  position,
  recordedAt,
  metadata: { correlationId: 'test', causationId: null, actor: 'operator:test' },
});
const LONG_AGO = 10_000_000;
const isFinal = ({ number }: { number: number }): boolean => number <= 10;

describe('the journal', () => {
  it('keeps each row as it was before each event', () => {
    const journal = new Journal();
    journal.record(fact(1n, 11), { chainId: 1, number: 11 }, [change('a', 1n), change('b', null)]);
    journal.record(fact(2n, 11), { chainId: 1, number: 11 }, [change('a', 2n)]);
    const { entries, letGo } = journal.take(LONG_AGO, isFinal);
    expect(
      entries.map(({ position, key, before }) => [position, key, before && JSON.parse(before).balance]),
    ).toEqual([
      [1n, 'a', '1'],
      [1n, 'b', null],
      [2n, 'a', '2'],
    ]);
    expect([...letGo]).toEqual([]);
    expect(journal.take(0, isFinal).entries).toEqual([]);
  });

  it('gives back amounts as they were, beyond what a number holds', () => {
    const journal = new Journal();
    journal.record(fact(1n, 11), { chainId: 1, number: 11 }, [change('a', 10n ** 77n)]);
    const before = journal.take(0, isFinal).entries[0]?.before ?? '';
    expect(fromSelected(table, JSON.parse(before))).toEqual({ id: 'a', balance: 10n ** 77n });
  });

  it('lets go of what is final and long ago, and tells up to where', () => {
    const journal = new Journal();
    journal.record(fact(1n, 9), { chainId: 1, number: 9 }, [change('a', 1n)]);
    journal.record(fact(2n, 10), { chainId: 1, number: 10 }, [change('a', 2n)]);
    journal.record(fact(3n, 11), { chainId: 1, number: 11 }, [change('a', 3n)]);
    const { entries, letGo } = journal.take(LONG_AGO, isFinal);
    expect(entries.map(({ position }) => position)).toEqual([3n]);
    expect([...letGo]).toEqual([[1, 2n]]);
  });

  it('tells it of each chain by itself, and of what is no chain’s', () => {
    const journal = new Journal();
    journal.record(fact(1n, 9), { chainId: 1, number: 9 }, [change('a', 1n)]);
    journal.record(fact(2n, 9), { chainId: 2, number: 9 }, [change('b', 1n)]);
    journal.record(said(3n, '2020-01-01T00:00:00Z'), null, [change('c', 1n)]);
    journal.record(said(4n, '2020-01-01T00:00:00Z'), null, [change('a', 2n)], 1); // a reorg’s own
    const { entries, letGo } = journal.take(Date.parse('2026-01-01'), isFinal);
    expect(entries).toEqual([]);
    expect(letGo).toEqual(
      new Map<number | null, bigint>([
        [1, 4n],
        [2, 2n],
        [null, 3n],
      ]),
    );
  });

  it('keeps what is final as long as it happened lately, by the time of its block', () => {
    const journal = new Journal();
    journal.record(fact(1n, 8), { chainId: 1, number: 8 }, [change('a', 1n)]);
    journal.record(fact(2n, 9), { chainId: 1, number: 9 }, [change('a', 2n)]);
    const { entries, letGo } = journal.take(9_000, isFinal);
    expect(entries.map(({ position }) => position)).toEqual([2n]);
    expect([...letGo]).toEqual([[1, 1n]]);
  });

  it('keeps what no reorg takes back by when it was recorded', () => {
    const journal = new Journal();
    journal.record(said(1n, '2025-12-31T23:59:59Z'), null, [change('a', 1n)]);
    journal.record(said(2n, '2026-01-01T00:00:00Z'), null, [change('a', 2n)]);
    const { entries, letGo } = journal.take(Date.parse('2026-01-01'), isFinal);
    expect(entries.map(({ position }) => position)).toEqual([2n]);
    expect([...letGo]).toEqual([[null, 1n]]);
  });
});

describe('an image of a row', () => {
  const things = defineTable({
    name: 'things',
    origin: 'chain',
    columns: {
      id: text,
      worth: amount,
      block: int8,
      places: int4,
      good: boolean,
      note: nullable(json),
      name: nullable(text),
    },
    key: ['id'],
    indexes: [],
  });
  const row = {
    id: 'a',
    worth: 10n ** 77n,
    block: 2 ** 53 - 1,
    places: -1,
    good: false,
    note: null,
    name: null,
  };

  it.each([
    ['numbers, truth and nothing', row],
    ['text of any characters', { ...row, id: '"', name: `\\ " ' { } \n\t\u0001 é 💣 ${'\u2028'}` }],
    ['an empty text', { ...row, name: '' }],
    ['a document', { ...row, note: { a: ['"', null, 1.5, { b: '\\' }], c: true } }],
  ])('is read back as it was: %s', (_, thing) => {
    const image = JSON.parse(codeOf(things).image(thing)) as Record<string, unknown>;
    expect(fromSelected(things, image)).toEqual(thing);
  });
});
