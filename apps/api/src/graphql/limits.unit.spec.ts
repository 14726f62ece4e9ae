import { describe, expect, it } from '@jest/globals';
import { buildSchema, isObjectType, Kind, parse, validate } from 'graphql';
import { checkLimits, defaultLimits, measureOperation } from './limits.js';

const schema = buildSchema(`
  type Query { a: Thing b(first: Int): Thing list: [Thing!]! rows(first: Int = 20): Things candles(limit: Int = 500): [Thing!]! any: Any }
  type Thing { x: Int y: Int tags: [String!]! a: Thing c(first: Int): Thing rows(first: Int = 20): Things }
  type Things { edges: [Edge!]! pageInfo: Page! }
  type Edge { node: Thing! }
  type Page { more: Boolean }
  union Any = Thing | Page
`);

function measure(text: string, variables: Record<string, unknown> = {}) {
  const document = parse(text);
  expect(validate(schema, document)).toEqual([]);
  const [operation] = document.definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('The first definition is the operation');
  return measureOperation(schema, document, operation, variables);
}

describe('the measure of a query of which some fields cost more', () => {
  const weighed = buildSchema(`
    type Query { cheap: Thing dear: Thing things(first: Int = 20): [Thing!]! }
    type Thing { x: Int dear: Int }
  `);
  const cost = (type: string, field: string, extensions: object): void => {
    const of = weighed.getType(type);
    if (!isObjectType(of)) throw new Error('It is an object');
    Object.assign(of.getFields()[field] ?? {}, { extensions: { cost: extensions } });
  };
  cost('Query', 'dear', { weight: 50 });
  cost('Thing', 'dear', { weight: 7 });
  const costOf = (text: string): number => {
    const document = parse(text);
    const [operation] = document.definitions;
    if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('It is an operation');
    return measureOperation(weighed, document, operation, {}).cost;
  };

  it('counts them for what they cost, once a row, by whatever alias and fragment', () => {
    expect(costOf('{ cheap { x } }')).toBe(2);
    expect(costOf('{ dear { x } }')).toBe(51);
    expect(costOf('{ a: dear { x } b: dear { dear } }')).toBe(51 + 57);
    expect(costOf('{ things(first: 10) { ...F } } fragment F on Thing { other: dear x }')).toBe(1 + 10 * 8);
  });
});

describe('what a query may be wide', () => {
  const check = (text: string, over: object): void => {
    const document = parse(text);
    const [operation] = document.definitions;
    if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('It is an operation');
    checkLimits({ ...defaultLimits, ...over }, schema, document, operation, {});
  };
  const twoRoots =
    '{ a { one: x ...F } ...R } fragment R on Query { list { x } } fragment F on Thing { two: y y }';

  it('is bounded by the fields of its root, through fragments', () => {
    check(twoRoots, { rootsMax: 2 });
    const refused = expect.objectContaining({
      extensions: expect.objectContaining({ code: 'QUERY_TOO_WIDE', details: { roots: 2, limit: 1 } }),
    });
    expect(() => check(twoRoots, { rootsMax: 1 })).toThrow(refused);
    expect(() => check('{ __typename __schema { types { name } } }', { rootsMax: 1 })).toThrow(refused);
  });

  it('is bounded by its aliases, wherever they stand', () => {
    check(twoRoots, { aliasesMax: 2 });
    expect(() => check(twoRoots, { aliasesMax: 1 })).toThrow(
      expect.objectContaining({
        extensions: expect.objectContaining({ code: 'QUERY_TOO_WIDE', details: { aliases: 2, limit: 1 } }),
      }),
    );
    expect(() => check('{ a { b: __typename c: nope } }', { aliasesMax: 1 })).toThrow('asks for too much');
  });
});

describe('the measure of a query', () => {
  it('counts fields and nesting', () => {
    expect(measure('{ a { x a { y } } }')).toMatchObject({ depth: 3, cost: 4 });
  });

  it('counts the rows that a list may have: by number, by variable, or as the schema has it', () => {
    const page = (rows: string): string => `{ rows${rows} { edges { node { x } } } }`;
    const costOf = (rows: number): number => 1 + 1 + rows * 2;
    expect(measure(page('(first: 50)')).cost).toBe(costOf(50));
    expect(measure(page('(first: null)')).cost).toBe(costOf(20));
    expect(measure(page('')).cost).toBe(costOf(20));
    const byVariable = `query ($n: Int) ${page('(first: $n)')}`;
    expect(measure(byVariable, { n: 30 }).cost).toBe(costOf(30));
    expect(measure(byVariable).cost).toBe(costOf(20));
    expect(measure('{ candles { x y } }').cost).toBe(1 + 500 * 2);
    expect(measure('{ candles(limit: 7) { x } }').cost).toBe(1 + 7);
    expect(measure('{ list { x tags } }').cost).toBe(1 + 20 * (1 + 1 + 20));
  });

  it('counts the lists of a page by the page, and nothing else of it', () => {
    expect(measure('{ rows(first: 90) { pageInfo { more } } }').cost).toBe(3);
    expect(
      measure('{ rows(first: 9) { edges { node { rows(first: 5) { edges { node { x } } } } } } }').cost,
    ).toBe(2 + 9 * (1 + 2 + 5 * 2));
  });

  it('counts a list wherever it stands: behind an alias, in a fragment, in a union', () => {
    const cost = 2 + 70 * 2;
    const texts = [
      '{ other: rows(first: 70) { more: edges { node { x } } } }',
      '{ rows(first: 70) { ...F } } fragment F on Things { edges { node { x } } }',
      '{ rows(first: 70) { ... { ... on Things { edges { node { x } } } } } }',
    ];
    for (const text of texts) expect(measure(text).cost).toBe(cost);
    expect(measure('{ any { ... on Thing { rows(first: 70) { edges { node { x } } } } } }').cost).toBe(
      1 + cost,
    );
  });

  it('looks into fragments', () => {
    const text =
      'query { ...F ...F } fragment F on Query { a { a { ...G } } } fragment G on Thing { x ... on Thing { y } }';
    expect(measure(text)).toMatchObject({ depth: 3, cost: 8 });
  });

  it('takes no longer for a document whose fragments double each other', () => {
    const fragments = Array.from(
      { length: 60 },
      (_, index) => `fragment F${index} on Query { ...F${index + 1} ...F${index + 1} }`,
    );
    const text = `{ ...F0 } ${fragments.join(' ')} fragment F60 on Query { a { x } }`;
    const document = parse(text);
    const [operation] = document.definitions;
    if (operation?.kind !== Kind.OPERATION_DEFINITION)
      throw new Error('The first definition is the operation');
    expect(measureOperation(schema, document, operation, {}).cost).toBe(2 * 2 ** 60);
  });

  it('counts what is looked up by itself: the fields of the root, and those with arguments', () => {
    expect(measure('{ a { x } c: a { x } b { x } }').lookups).toBe(3);
    expect(measure('{ a { c(first: 1) { x } d: c(first: 2) { x } a { y } } }').lookups).toBe(3);
    expect(measure('query { ...F ...F } fragment F on Query { a { x } b { y } }').lookups).toBe(4);
    expect(
      measure('{ __typename __schema { types { fields(includeDeprecated: true) { name } } } }').lookups,
    ).toBe(0);
  });

  it('lets the schema be asked for at length', () => {
    expect(measure('{ __schema { types { name fields { name } } } }')).toMatchObject({ cost: 1, depth: 4 });
  });
});
