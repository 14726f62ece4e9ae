import type { ChainFact } from '@abland/domain';
import { GOVERNANCE_DEEDS, openingGovernance } from './governance-deeds.js';
import { balanceIn, holdersOf, type MarketState, setBalance } from './market-state.js';
import type { SeededRandom } from '../seeded-random.js';

export interface Fact {
  readonly type: ChainFact['type'];
  readonly data: Record<string, unknown>;
}

/** One transaction: changes the state and tells the facts of it; none where it is not possible now. */
export type Deed = (state: MarketState, random: SeededRandom) => readonly Fact[];

export const ZERO_ADDRESS = `0x${'0'.repeat(40)}`;
export const MANAGER = `0x${'c0ffee'.padStart(40, '0')}`;
export const PEOPLE = ['a', 'b', 'c', 'd', 'e'].map((letter) => `0x${letter.repeat(40)}`);
const MINIMUM_LIQUIDITY = 1_000n;

/** What the constructors of factory and manager emit. */
export const openingMarket = (): readonly Fact[] => [
  { type: 'CreationFeeUpdated', data: { oldFee: '0', newFee: '1000' } },
  { type: 'SwapFeeUpdated', data: { oldFee: '0', newFee: '30' } },
  { type: 'ProtocolFeeUpdated', data: { oldFee: '0', newFee: '10' } },
];

export const openingFacts = (): readonly Fact[] => [...openingMarket(), ...openingGovernance()];

/** Of a token of the factory; strangers' need not tell. */
export function transferred(
  state: MarketState,
  token: string,
  from: string,
  to: string,
  amount: bigint,
): readonly Fact[] {
  if (state.strangers.has(token)) return [];
  if (from !== ZERO_ADDRESS) setBalance(state, token, from, balanceIn(state, token, from) - amount);
  if (to !== ZERO_ADDRESS) setBalance(state, token, to, balanceIn(state, token, to) + amount);
  return [{ type: 'Transfer', data: { contract: token, from, to, amount: amount.toString() } }];
}

export const createToken: Deed = (state, random) => {
  const tokenAddress = random.address();
  const creator = random.pick(PEOPLE);
  const supply = 10n ** BigInt(6 + random.below(30));
  return [
    ...transferred(state, tokenAddress, ZERO_ADDRESS, creator, supply),
    {
      type: 'TokenCreated',
      data: {
        tokenAddress,
        creator,
        name: `Token ${tokenAddress.slice(2, 6)}`,
        symbol: tokenAddress.slice(2, 6).toUpperCase(),
        totalSupply: supply.toString(),
      },
    },
    {
      type: 'TokenMetadataUpdated',
      data: { tokenAddress, decimals: random.below(19), metadataURI: `ipfs://${tokenAddress}` },
    },
  ];
};

export const transfer: Deed = (state, random) => {
  const token = pickToken(state, random);
  if (token === null) return [];
  const from = random.pick(
    holdersOf(state, token)
      .filter((holder) => holder !== MANAGER)
      .concat(PEOPLE),
  );
  const balance = balanceIn(state, token, from);
  if (balance === 0n) return [];
  const amount = random.below(3) === 0 ? balance : random.amount(balance - 1n);
  return transferred(state, token, from, random.pick(PEOPLE), amount > balance ? balance : amount);
};

export const createPool: Deed = (state, random) => {
  const [tokenA, tokenB] = [pickToken(state, random), pickToken(state, random)].sort();
  const creator = random.pick(PEOPLE);
  if (!tokenA || !tokenB || tokenA === tokenB) return [];
  const amounts = [tokenA, tokenB].map((token) => [token, balanceIn(state, token, creator) / 4n] as const);
  return openPool(state, creator, new Map(amounts));
};

/** @param amounts of two tokens */
export function openPool(
  state: MarketState,
  creator: string,
  amounts: ReadonlyMap<string, bigint>,
): readonly Fact[] {
  const [[tokenA, amountA], [tokenB, amountB]] = [...amounts].sort() as [[string, bigint], [string, bigint]];
  const poolId = `0x${tokenA.slice(2, 34)}${tokenB.slice(2, 34)}`;
  if (state.pools.has(poolId) || amountA * amountB <= MINIMUM_LIQUIDITY ** 2n) return [];
  const total = squareRoot(amountA * amountB);
  const own = total - MINIMUM_LIQUIDITY;
  const shares = new Map([
    [ZERO_ADDRESS, MINIMUM_LIQUIDITY],
    [creator, own],
  ]);
  state.pools.set(poolId, { tokenA, tokenB, reserveA: amountA, reserveB: amountB, total, shares });
  return [
    { type: 'PoolCreated', data: { poolId, tokenA, tokenB } },
    ...transferred(state, tokenA, creator, MANAGER, amountA),
    ...transferred(state, tokenB, creator, MANAGER, amountB),
    liquidity('LiquidityAdded', poolId, ZERO_ADDRESS, 0n, 0n, MINIMUM_LIQUIDITY),
    liquidity('LiquidityAdded', poolId, creator, amountA, amountB, own),
    sync(state, poolId),
  ];
}

export const addLiquidity: Deed = (state, random) => {
  const poolId = pickPool(state, random);
  const pool = state.pools.get(poolId ?? '');
  if (poolId === null || pool === undefined || pool.total === 0n) return [];
  const user = random.pick(PEOPLE);
  const liquid = pool.total / BigInt(2 + random.below(8));
  const amountA = (liquid * pool.reserveA) / pool.total + 1n;
  const amountB = (liquid * pool.reserveB) / pool.total + 1n;
  if (balanceIn(state, pool.tokenA, user) < amountA || balanceIn(state, pool.tokenB, user) < amountB)
    return [];
  pool.reserveA += amountA;
  pool.reserveB += amountB;
  pool.total += liquid;
  pool.shares.set(user, (pool.shares.get(user) ?? 0n) + liquid);
  return [
    ...transferred(state, pool.tokenA, user, MANAGER, amountA),
    ...transferred(state, pool.tokenB, user, MANAGER, amountB),
    liquidity('LiquidityAdded', poolId, user, amountA, amountB, liquid),
    sync(state, poolId),
  ];
};

export const removeLiquidity: Deed = (state, random) => {
  const poolId = pickPool(state, random);
  const pool = state.pools.get(poolId ?? '');
  const user = random.pick(PEOPLE);
  const share = pool?.shares.get(user) ?? 0n;
  if (poolId === null || pool === undefined || share === 0n) return [];
  const liquid = random.below(2) === 0 ? share : random.amount(share - 1n);
  const amountA = (liquid * pool.reserveA) / pool.total;
  const amountB = (liquid * pool.reserveB) / pool.total;
  pool.reserveA -= amountA;
  pool.reserveB -= amountB;
  pool.total -= liquid;
  pool.shares.set(user, share - liquid);
  return [
    ...transferred(state, pool.tokenA, MANAGER, user, amountA),
    ...transferred(state, pool.tokenB, MANAGER, user, amountB),
    liquidity('LiquidityRemoved', poolId, user, amountA, amountB, liquid),
    sync(state, poolId),
  ];
};

export const swap: Deed = (state, random) => {
  const poolId = pickPool(state, random);
  return poolId === null ? [] : swapIn(state, random, poolId, () => random.pick(PEOPLE));
};

/** @param userOf who sells some of a token */
export function swapIn(
  state: MarketState,
  random: SeededRandom,
  poolId: string,
  userOf: (tokenIn: string) => string,
): readonly Fact[] {
  const pool = state.pools.get(poolId);
  if (pool === undefined) return [];
  const sellsA = random.below(2) === 0;
  const [tokenIn, tokenOut] = sellsA ? [pool.tokenA, pool.tokenB] : [pool.tokenB, pool.tokenA];
  const [reserveIn, reserveOut] = sellsA ? [pool.reserveA, pool.reserveB] : [pool.reserveB, pool.reserveA];
  const user = userOf(tokenIn);
  const balance = balanceIn(state, tokenIn, user);
  if (balance < 20n || reserveIn === 0n) return [];
  const amountIn = random.amount(balance / 10n);
  const after = amountIn * (10_000n - state.swapFee);
  const amountOut = (after * reserveOut) / (reserveIn * 10_000n + after);
  if (amountOut === 0n) return [];
  const kept = amountIn - (amountIn * state.protocolFee) / 10_000n;
  if (sellsA) [pool.reserveA, pool.reserveB] = [pool.reserveA + kept, pool.reserveB - amountOut];
  else [pool.reserveB, pool.reserveA] = [pool.reserveB + kept, pool.reserveA - amountOut];
  return [
    ...transferred(state, tokenIn, user, MANAGER, amountIn),
    ...transferred(state, tokenOut, MANAGER, user, amountOut),
    {
      type: 'Swap',
      data: { user, poolId, tokenIn, tokenOut, amountIn: `${amountIn}`, amountOut: `${amountOut}` },
    },
    sync(state, poolId),
  ];
}

const forward: Deed = (state, random) => {
  const signer = random.pick(PEOPLE);
  const nonce = state.nonces.get(signer) ?? 0n;
  state.nonces.set(signer, nonce + 1n);
  return [{ type: 'ForwardRequestExecuted', data: { signer, nonce: nonce.toString(), success: true } }];
};

const changeFee: Deed = (state, random) => {
  const oldFee = state.swapFee;
  state.swapFee = 20n + BigInt(random.below(30));
  return [{ type: 'SwapFeeUpdated', data: { oldFee: `${oldFee}`, newFee: `${state.swapFee}` } }];
};

const deactivate: Deed = (state, random) => {
  const tokenAddress = pickToken(state, random);
  return tokenAddress === null ? [] : [{ type: 'TokenDeactivated', data: { tokenAddress } }];
};

const fail: Deed = (_, random) => [
  {
    type: 'TransactionFailed',
    data: { from: random.pick(PEOPLE), to: MANAGER, reason: random.below(2) === 0 ? null : 'Expired()' },
  },
];

const MARKET_DEEDS: readonly (readonly [Deed, number])[] = [
  [createToken, 3],
  [transfer, 4],
  [createPool, 4],
  [addLiquidity, 3],
  [removeLiquidity, 3],
  [swap, 8],
  [forward, 1],
  [changeFee, 1],
  [deactivate, 1],
  [fail, 1],
];
const weighed = (deeds: readonly (readonly [Deed, number])[]): readonly Deed[] =>
  deeds.flatMap(([act, weight]) => Array.from({ length: weight }, () => act));
const OF_THE_MARKET = weighed(MARKET_DEEDS);
const ALL = weighed([...MARKET_DEEDS, ...GOVERNANCE_DEEDS]);

/** Any transaction, the usual ones more often. */
export const deed: Deed = (state, random) => random.pick(ALL)(state, random);
/** Any that has nothing to do with governance. */
export const marketDeed: Deed = (state, random) => random.pick(OF_THE_MARKET)(state, random);

function liquidity(
  type: 'LiquidityAdded' | 'LiquidityRemoved',
  poolId: string,
  user: string,
  amountA: bigint,
  amountB: bigint,
  amount: bigint,
): Fact {
  return {
    type,
    data: { user, poolId, amountA: `${amountA}`, amountB: `${amountB}`, liquidity: `${amount}` },
  };
}

function sync(state: MarketState, poolId: string): Fact {
  const pool = state.pools.get(poolId);
  return { type: 'Sync', data: { poolId, reserveA: `${pool?.reserveA}`, reserveB: `${pool?.reserveB}` } };
}

function pickToken(state: MarketState, random: SeededRandom): string | null {
  return state.balances.size === 0 ? null : random.pick([...state.balances.keys()]);
}

function pickPool(state: MarketState, random: SeededRandom): string | null {
  return state.pools.size === 0 ? null : random.pick([...state.pools.keys()]);
}

function squareRoot(value: bigint): bigint {
  let root = value;
  let next = (root + 1n) / 2n;
  while (next < root) {
    root = next;
    next = (root + value / root) / 2n;
  }
  return root;
}
