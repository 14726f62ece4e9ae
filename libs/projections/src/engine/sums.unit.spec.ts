import { describe, expect, it } from '@jest/globals';
import { amount, int8, text } from './columns.js';
import { type Sum, subjectOf, sumOf, Sums, type Summing, takeViolations, violationText } from './sums.js';
import { defineTable } from './table.js';

const columns = { chain_id: int8, name: text, sum: amount };
const of = (name: string) =>
  defineTable({ name, origin: 'chain', columns, key: ['chain_id', 'name'], indexes: [] });
const [parts, whole] = [of('parts'), of('whole')];
const INVARIANT = 'Parts add up to the whole';
const PARTS = sumOf(INVARIANT, 'PARTS', parts, (row, add) => add(subjectOf(row.chain_id, 'gold'), row.sum));
const WHOLE = sumOf(INVARIANT, 'WHOLE', whole, (row, add) => add(subjectOf(row.chain_id, row.name), row.sum));
const row = (name: string, sum: bigint) => ({ chain_id: 7, name, sum });

interface Run extends Summing {
  readonly name: string;
}
const run = (name: string, sums: readonly Sum[], position = 9n): Run => ({
  ...{ name, sums: new Sums(sums), position, storedPosition: 4n },
});
const told = (runs: readonly Run[]) =>
  [...takeViolations(runs)].map(([{ name }, found]) => [name, found.map(violationText)]);

describe('an equation over the rows of tables', () => {
  it('holds where the parts moved as much as the whole, however often', () => {
    const one = run('one', [PARTS, WHOLE]);
    one.sums.over(parts)?.(null, row('a', 5n));
    one.sums.over(parts)?.(row('a', 5n), row('a', 2n));
    one.sums.over(parts)?.(null, row('b', 4n));
    one.sums.over(whole)?.(null, row('gold', 6n));
    expect(told([one])).toEqual([['one', []]]);
    one.sums.over(parts)?.(row('b', 4n), null);
    one.sums.over(whole)?.(row('gold', 6n), row('gold', 2n));
    expect(told([one])).toEqual([['one', []]]);
  });

  it('is told to be off by as much, of what it is off, and once', () => {
    const one = run('one', [PARTS, WHOLE]);
    one.sums.over(parts)?.(null, row('a', 5n));
    one.sums.over(whole)?.(null, row('gold', 6n));
    one.sums.over(whole)?.(null, row('iron', 0n));
    expect(told([one])).toEqual([['one', [`${INVARIANT}: 7:gold is off by -1`]]]);
    expect(told([one])).toEqual([['one', []]]);
  });

  it('is told of the one that keeps the whole, where two keep its sides over the same events', () => {
    const [one, other] = [run('one', [PARTS]), run('other', [WHOLE])];
    one.sums.over(parts)?.(null, row('a', 5n));
    expect(told([one, other])).toEqual([['other', [`${INVARIANT}: 7:gold is off by 5`]]]);
  });

  it('is not looked at where one side is kept elsewhere, twice, or further', () => {
    const changed = (name: string, position?: bigint): Run => {
      const one = run(name, [PARTS], position);
      one.sums.over(parts)?.(null, row('a', 5n));
      return one;
    };
    expect(told([changed('one')])).toEqual([]);
    expect(told([changed('one'), changed('other'), run('whole', [WHOLE])])).toEqual([]);
    expect(told([changed('one', 8n), run('whole', [WHOLE])])).toEqual([]);
  });

  it('costs nothing of other tables', () => expect(run('one', [PARTS]).sums.over(whole)).toBeNull());
});
