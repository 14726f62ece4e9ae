import { describe, expect, it } from '@jest/globals';
import { brokenBy } from '../scripts/broken-promises.mjs';

const RELEASED = `
  type Query { token(address: String!, old: Int): Token tokens(first: Int = 20): [Token!]! }
  type Token { address: String! symbol: String! @deprecated(reason: "Ask for the name") status: Status! }
  enum Status { DEPLOYED DEACTIVATED }
  input Filter { status: Status }
`;
const changed = (from: string, to: string): readonly string[] => {
  expect(RELEASED).toContain(from);
  return brokenBy(RELEASED, RELEASED.replace(from, to)).map(({ type }) => type);
};

describe('a schema that takes the place of the released one', () => {
  it('breaks nothing by what it adds or deprecates', () => {
    expect(brokenBy(RELEASED, RELEASED)).toEqual([]);
    expect(changed('address: String! symbol', 'address: String! name: String symbol')).toEqual([]);
    expect(changed('old: Int)', 'old: Int, newer: Int)')).toEqual([]);
    expect(changed('status: Status!', 'status: Status! @deprecated')).toEqual([]);
    expect(changed('[Token!]!', '[Token!]! @deprecated')).toEqual([]);
  });

  it.each([
    ['a field is gone', 'symbol: String! @deprecated(reason: "Ask for the name")', '', 'FIELD_REMOVED'],
    ['an argument is gone', ', old: Int', '', 'ARG_REMOVED'],
    ['an argument is wanted', 'old: Int)', 'old: Int!)', 'ARG_CHANGED_KIND'],
    ['a field may be null', 'address: String! symbol', 'address: String symbol', 'FIELD_CHANGED_KIND'],
    ['a value is gone', 'DEPLOYED DEACTIVATED', 'DEPLOYED', 'VALUE_REMOVED_FROM_ENUM'],
    ['an input is wanted', '{ status: Status }', '{ status: Status! }', 'FIELD_CHANGED_KIND'],
    ['a type is gone', 'input Filter { status: Status }', '', 'TYPE_REMOVED'],
  ])('breaks a promise where %s', (_, from, to, type) => {
    expect(changed(from, to)).toEqual([type]);
  });
});
