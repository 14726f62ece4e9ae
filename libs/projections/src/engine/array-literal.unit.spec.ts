import { describe, expect, it } from '@jest/globals';
import { arrayLiteral } from './array-literal.js';

describe('arrayLiteral', () => {
  it.each([
    [['0xAb', 1, true, null], '{0xAb,1,true,NULL}'],
    [['', 'a b', 'a,b', '{}'], '{"","a b","a,b","{}"}'],
    [['say "no"', 'back\\slash'], '{"say \\"no\\"","back\\\\slash"}'],
    [['NULL', 'null'], '{"NULL","null"}'],
    [[], '{}'],
  ])('writes %j as %s', (values, literal) => {
    expect(arrayLiteral(values)).toBe(literal);
  });
});
