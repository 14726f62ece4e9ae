import { describe, expect, it } from '@jest/globals';
import { type GraphQLError, GraphQLInt, GraphQLObjectType, GraphQLSchema, Kind, parse } from 'graphql';
import type { TokenOwner } from '../sessions/session.js';
import { countOperation } from './limit-operations.js';
import { MemoryRateCounter } from './memory-rate-counter.js';
import { NO_RATE_LIMITS, type RateLimits } from './rate-limit.js';

const ADA = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
const schema = new GraphQLSchema({
  query: new GraphQLObjectType({ name: 'Query', fields: { any: { type: GraphQLInt } } }),
  mutation: new GraphQLObjectType({
    name: 'Mutation',
    fields: { swap: { type: GraphQLInt, extensions: { rateClass: 'trading' } } },
  }),
});
const limit = { count: 2, seconds: 3_600 };
const byKey = (keyId: string, rateClass: 'SHARED' | 'RAISED'): TokenOwner => ({
  address: ADA,
  key: { keyId, rateClass },
});
const inPerson: TokenOwner = { address: ADA, key: null };

/** Asks as somebody until it is refused; from another network each time, unless one is named. */
function asking(limits: Partial<RateLimits>) {
  const rules = {
    limits: { ...NO_RATE_LIMITS, ...limits },
    counter: new MemoryRateCounter(),
    operators: new Set<string>(),
    mayExceed: () => Promise.resolve(false),
  };
  let networks = 0;
  const ask = async (
    owner: TokenOwner,
    text: string,
    network = String((networks += 1)),
  ): Promise<boolean> => {
    const document = parse(text);
    const [operation] = document.definitions;
    if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('There is no operation');
    try {
      await countOperation(rules, { schema, document, operation }, { caller: async () => owner, network });
      return true;
    } catch (error) {
      expect((error as GraphQLError).extensions['code']).toBe('RATE_LIMITED');
      return false;
    }
  };
  return async (owner: TokenOwner, text: string, network?: string): Promise<number> => {
    let times = 0;
    while (times < 100 && (await ask(owner, text, network))) times += 1;
    return times;
  };
}

describe('how often a key may ask', () => {
  it.each([
    ['anything', { general: limit }, '{ any }'],
    ['for trades', { trading: limit }, 'mutation { swap }'],
  ])(
    '%s is ten times as often where it is raised, each by itself, and its person no more for that',
    async (_, limits, text) => {
      const asked = asking(limits);
      expect(await asked(byKey('a', 'RAISED'), text)).toBe(20);
      expect(await asked(byKey('b', 'RAISED'), text)).toBe(20);
      expect(await asked(byKey('c', 'SHARED'), text)).toBe(2);
      expect(await asked(byKey('d', 'SHARED'), text)).toBe(0);
      expect(await asked(inPerson, text)).toBe(0);
    },
  );

  it('for trades is no more from one network address than all others there, raised or not', async () => {
    const asked = asking({ trading: limit });
    expect(await asked(byKey('a', 'RAISED'), 'mutation { swap }', 'one')).toBe(20);
    expect(await asked(byKey('b', 'RAISED'), 'mutation { swap }', 'one')).toBe(0);
  });
});
