import type { SimulatedProposal } from './governance-deeds.js';

export interface SimulatedPool {
  readonly tokenA: string;
  readonly tokenB: string;
  reserveA: bigint;
  reserveB: bigint;
  total: bigint;
  readonly shares: Map<string, bigint>;
}

/** What a chain's contracts would hold: enough to make facts that could have happened. */
export interface MarketState {
  readonly balances: Map<string, Map<string, bigint>>;
  readonly pools: Map<string, SimulatedPool>;
  /** Tokens that the factory did not make: what anyone holds of them is told by nobody. */
  readonly strangers: Set<string>;
  readonly nonces: Map<string, bigint>;
  readonly proposals: Map<string, SimulatedProposal>;
  swapFee: bigint;
  protocolFee: bigint;
}

export const emptyMarket = (): MarketState => ({
  balances: new Map(),
  pools: new Map(),
  strangers: new Set(),
  nonces: new Map(),
  proposals: new Map(),
  swapFee: 30n,
  protocolFee: 10n,
});

export const copyOf = (state: MarketState): MarketState => structuredClone(state);

export function balanceIn(state: MarketState, token: string, holder: string): bigint {
  return state.balances.get(token)?.get(holder) ?? 0n;
}

/** Holders with something of a token, in a stable order. */
export function holdersOf(state: MarketState, token: string): string[] {
  return [...(state.balances.get(token) ?? [])]
    .filter(([, balance]) => balance > 0n)
    .map(([holder]) => holder)
    .sort();
}

export function setBalance(state: MarketState, token: string, holder: string, balance: bigint): void {
  const balances = state.balances.get(token) ?? new Map<string, bigint>();
  balances.set(holder, balance);
  state.balances.set(token, balances);
}
