import { describe, expect, it } from '@jest/globals';
import { Kind, parse } from 'graphql';
import { measureOperation } from './limits.js';

function measure(text: string, variables: Record<string, unknown> = {}) {
  const document = parse(text);
  const [operation] = document.definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('The first definition is the operation');
  return measureOperation(document, operation, variables);
}

describe('the measure of a query', () => {
  it('counts fields and nesting', () => {
    expect(measure('{ a { b c { d } } }')).toMatchObject({ depth: 3, cost: 4 });
  });

  it('counts the rows that a list asks for, by number, variable or default', () => {
    expect(measure('{ a(first: 50) { b } }').cost).toBe(51);
    expect(measure('query ($n: Int) { a(first: $n) { b } }', { n: 30 }).cost).toBe(31);
    expect(measure('{ a { edges { b } } }').cost).toBe(1 + 20 * 2);
    expect(measure('{ a(first: 100) { b(first: 100) { c } } }').cost).toBe(1 + 100 * 101);
  });

  it('looks into fragments', () => {
    const text =
      'query { ...F ...F } fragment F on T { a { b { ...G } } } fragment G on T { c ... on U { d } }';
    expect(measure(text)).toMatchObject({ depth: 3, cost: 8 });
  });

  it('takes no longer for a document whose fragments double each other', () => {
    const fragments = Array.from(
      { length: 60 },
      (_, index) => `fragment F${index} on T { ...F${index + 1} ...F${index + 1} }`,
    );
    const text = `{ ...F0 } ${fragments.join(' ')} fragment F60 on T { a }`;
    expect(measure(text).cost).toBe(2 ** 60);
  });

  it('counts what is looked up by itself: the fields of the root, and those with arguments', () => {
    expect(measure('{ a { b } c: a { b } d }').lookups).toBe(3);
    expect(measure('{ a { b(first: 1) { c } d: b(first: 2) { c } e { f } } }').lookups).toBe(3);
    expect(measure('query { ...F ...F } fragment F on Query { a { b } c { d } }').lookups).toBe(4);
    expect(
      measure('{ __typename __schema { types { fields(includeDeprecated: true) { name } } } }').lookups,
    ).toBe(0);
  });

  it('lets the schema be asked for at length', () => {
    expect(measure('{ __schema { types { name fields { name } } } }').cost).toBe(1);
  });
});
