import type { RecordedEvent } from '@abland/kernel';
import type { Portfolio } from '../../market/holding.types.js';
import type { Topic } from './topic.js';

/** What an address holds and provides, when something of it moved. */
export const portfolioTopic = (address: string): Topic<Portfolio> => ({
  name: 'portfolio',
  idsOf: ({ facts }) => (facts.some((fact) => ownersOf(fact).includes(address)) ? [address] : []),
  read: async ({ chainId }) => [{ chainId, address, at: null }],
});

function ownersOf({ data, type }: RecordedEvent): readonly unknown[] {
  switch (type) {
    case 'Transfer':
      return [data['from'], data['to']];
    case 'LiquidityAdded':
    case 'LiquidityRemoved':
      return [data['user']];
    default:
      return [];
  }
}
