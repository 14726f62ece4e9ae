import { useAsked } from '../api/asked.js';
import { HoldingsDocument } from '../api/operations.gen.js';
import { session } from '../api/session.js';
import { useStore } from '../browser/store.js';
import { useNews } from '../news/pulse.js';

const HOLDINGS_MAX = 100;

/**
 * What who is signed in has of a token, in base units; null where that is not known, as of every token that the factory did not make.
 */
export function useBalance(token: string | null, isForeign = false): string | null {
  const who = useStore(session);
  const { data } = useAsked({
    document: HoldingsDocument,
    variables: { address: who?.address ?? '', first: HOLDINGS_MAX },
    ...{ version: useNews(), isWanted: who !== null },
  });
  if (data === undefined || token === null || isForeign) return null;
  const { edges, pageInfo } = data.portfolio.holdings;
  const found = edges.find(({ node }) => node.tokenAddress.toLowerCase() === token.toLowerCase());
  if (found !== undefined) return found.node.balance;
  return pageInfo.hasNextPage ? null : '0';
}
