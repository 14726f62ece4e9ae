import { describe, expect, it } from '@jest/globals';
import { GraphQLInt, GraphQLObjectType, GraphQLSchema, Kind, parse } from 'graphql';
import { classedFields } from './rate-classed.js';

const field = (rateClass?: string) => ({
  type: GraphQLInt,
  extensions: rateClass === undefined ? {} : { rateClass },
});
const schema = new GraphQLSchema({
  query: new GraphQLObjectType({ name: 'Query', fields: { swap: field() } }),
  mutation: new GraphQLObjectType({
    name: 'Mutation',
    fields: { swap: field('trading'), signIn: field('signIn'), other: field() },
  }),
});

function classed(text: string) {
  const document = parse(text);
  const operation = document.definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('There is no operation');
  return classedFields(schema, document, operation).map(({ name, rateClass, times }) => [
    name,
    rateClass,
    times,
  ]);
}

describe('what of an operation is counted by class', () => {
  it('is each field of the root, by whatever alias and fragment', () => {
    const text = `mutation { swap other a: swap ... { b: swap } ...F ...F }
      fragment F on Mutation { c: swap signIn ...G } fragment G on Mutation { d: swap }`;
    expect(classed(text)).toEqual([
      ['swap', 'trading', 7],
      ['signIn', 'signIn', 2],
    ]);
  });

  it('is nothing of another root that has the same name', () => expect(classed('{ swap }')).toEqual([]));

  it('takes no longer for fragments that double each other', () => {
    const fragments = Array.from(
      { length: 40 },
      (_, index) => `fragment F${index} on Mutation { ...F${index + 1} ...F${index + 1} }`,
    );
    const text = `mutation { ...F0 } ${fragments.join(' ')} fragment F40 on Mutation { swap }`;
    expect(classed(text)).toEqual([['swap', 'trading', 2 ** 40]]);
  });
});
