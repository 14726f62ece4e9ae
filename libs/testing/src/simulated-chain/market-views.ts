import { Interface } from 'ethers';
import { balanceIn, MANAGER, type MarketState } from '../market/market.js';
import { FACTORY } from './market-contracts.js';

const VIEWS = new Interface([
  'function getPool(bytes32 poolId) view returns (address, address, uint256, uint256, uint256)',
  'function liquidityOf(bytes32 poolId, address user) view returns (uint256)',
  'function totalSupply() view returns (uint256)',
  'function balanceOf(address account) view returns (uint256)',
  'function owner() view returns (address)',
  'function pendingOwner() view returns (address)',
  'function feeRecipient() view returns (address)',
  'function guardian() view returns (address)',
  'function paused() view returns (bool)',
  'function swapFee() view returns (uint256)',
  'function protocolFee() view returns (uint256)',
  'function creationFee() view returns (uint256)',
]);

const NOBODY = `0x${'0'.repeat(40)}`;
/** Nobody ever told of these. */
const UNTOLD: Readonly<Record<string, unknown>> = {
  ...{ owner: NOBODY, pendingOwner: NOBODY, feeRecipient: NOBODY, guardian: NOBODY, paused: false },
};

/** What a contract of the market returns to a call; null where it has no such function. @param to in lower case */
export function marketAnswer(state: MarketState, to: string, data: string): string | null {
  const asked = VIEWS.parseTransaction({ data });
  if (asked === null) return null;
  const given = asked.args.map((one) => String(one).toLowerCase());
  const values = valuesOf(state, to, asked.name, given);
  return values === null ? null : VIEWS.encodeFunctionResult(asked.name, [...values]);
}

function valuesOf(
  state: MarketState,
  to: string,
  view: string,
  given: readonly string[],
): readonly unknown[] | null {
  if (to === MANAGER) return ofManager(state, view, given);
  if (to === FACTORY) return view === 'creationFee' ? [1_000n] : untold(view);
  const balances = state.balances.get(to);
  if (balances === undefined) return null;
  if (view === 'totalSupply') return [[...balances.values()].reduce((sum, one) => sum + one, 0n)];
  return view === 'balanceOf' ? [balanceIn(state, to, given[0] ?? '')] : null;
}

function ofManager(state: MarketState, view: string, [poolId = '', user = '']: readonly string[]) {
  const pool = state.pools.get(poolId);
  switch (view) {
    case 'getPool':
      if (pool === undefined) return [NOBODY, NOBODY, 0n, 0n, 0n];
      return [pool.tokenA, pool.tokenB, pool.reserveA, pool.reserveB, pool.total];
    case 'liquidityOf':
      return [pool?.shares.get(user) ?? 0n];
    case 'swapFee':
      return [state.swapFee];
    case 'protocolFee':
      return [state.protocolFee];
    default:
      return untold(view);
  }
}

const untold = (view: string): readonly unknown[] | null =>
  Object.hasOwn(UNTOLD, view) ? [UNTOLD[view]] : null;
