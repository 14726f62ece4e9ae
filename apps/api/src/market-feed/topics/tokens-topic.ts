import { type ReadModel, tokensByAddresses } from '@abland/projections';
import type { RecordedEvent } from '@abland/kernel';
import { type Token, tokenOf } from '../../market/token.types.js';
import { namedBy, type OncePerChange, type Topic } from './topic.js';

/** Tokens of the factory that it tells something of, or that were traded. @param addresses null: all */
export function tokensTopic(
  readModel: ReadModel,
  once: OncePerChange,
  addresses: ReadonlySet<string> | null,
): Topic<Token> {
  return {
    name: 'tokens',
    idsOf: (change) =>
      once
        .get(change, 'token addresses', () => namedBy(change, tokensOf))
        .filter((address) => addresses === null || addresses.has(address)),
    async read(change, ids) {
      const { chainId } = change;
      const all = await once.get(change, 'tokens', () =>
        tokensByAddresses(readModel, { chainId, addresses: namedBy(change, tokensOf) }),
      );
      const found = new Map(all.map((view) => [view.address, view]));
      return ids.flatMap((id) => found.get(id) ?? []).map((view) => tokenOf(view));
    },
  };
}

function tokensOf({ data, type }: RecordedEvent): readonly unknown[] {
  switch (type) {
    case 'TokenCreated':
    case 'TokenMetadataUpdated':
    case 'TokenDeactivated':
      return [data['tokenAddress']];
    case 'Swap':
      return [data['tokenIn'], data['tokenOut']];
    default:
      return [];
  }
}
