import { createApiClient } from '../src/demo/api-client.js';
import type { SystemUnderTest } from './system-under-test.js';

interface Edges<Node> {
  readonly edges: readonly { readonly node: Node }[];
}
interface Holder {
  readonly holder: string;
  readonly balance: string;
}

const MARKET = `query {
  tokens(first: 100) { edges { node { symbol name address status totalSupply holderCount } } }
  pools(first: 100) { edges { node { id reserveA reserveB totalLiquidity swapCount } } }
  swaps(first: 100) { edges { node { poolId user tokenIn amountIn amountOut fee protocolFee } } }
  transactions(first: 100, filter: { statuses: [CONFIRMED] }) { edges { node { type status user tokenAddress poolId commandId } } }
}`;
const HOLDERS = `query ($token: Address!) { holders(token: $token, first: 100) { edges { node { holder balance } } } }`;

/** What a person can see of the market, without what differs from run to run (times, blocks, transaction hashes). */
export interface MarketState {
  readonly tokens: readonly string[];
  readonly pools: readonly string[];
  readonly swaps: readonly string[];
  readonly transactions: readonly string[];
  readonly holders: readonly string[];
}

export async function marketState(system: SystemUnderTest): Promise<MarketState> {
  const api = createApiClient(system.apiUrl);
  const market =
    await api.query<Record<'tokens' | 'pools' | 'swaps' | 'transactions', Edges<Record<string, unknown>>>>(
      MARKET,
    );
  const nodes = (name: keyof typeof market): readonly Record<string, unknown>[] =>
    market[name].edges.map(({ node }) => node);
  const sorted = (rows: readonly unknown[]): readonly string[] =>
    rows.map((row) => JSON.stringify(row)).sort();
  const holders: unknown[] = [];
  for (const { address } of nodes('tokens')) {
    const answer = await api.query<{ holders: Edges<Holder> }>(HOLDERS, { token: address });
    holders.push(...answer.holders.edges.map(({ node }) => ({ token: address, ...node })));
  }
  return {
    tokens: sorted(nodes('tokens')),
    pools: sorted(nodes('pools')),
    swaps: sorted(nodes('swaps')),
    transactions: sorted(nodes('transactions')),
    holders: sorted(holders),
  };
}
