import { describe, expect, it } from '@jest/globals';
import type { LiquidityAdded } from '../chain/facts.js';
import { specifyKind } from '../request/asking.fixture.js';
import { swapFact } from '../request/lifecycle.fixture.js';
import { BOB, OTHER_POOL_ID, POOL_ID, TOKEN_A, TOKEN_B, TOKEN_C } from '../testing/samples.fixture.js';
import { having } from './balance.fixture.js';
import { directionOf } from './known-pool.js';
import { fullPool, halfPercent, least, pool } from './known-pool.fixture.js';

const { asked, answered, keepsItsKey } = specifyKind('SWAP', 'SwapRequested');

const known = { pool, paused: false, fees: { swapFee: 30n, protocolFee: 10n }, balance: having(10_000n) };
const ask = {
  poolId: POOL_ID,
  tokenIn: TOKEN_A,
  amountIn: 10_000n,
  amountOutLeast: halfPercent,
  slippageBpsMax: 5_000,
  known,
} as const;
// 10,000 less 0.3 % is 9,970; 9,970 * 4,000,000 / 1,009,970 is 39,486.3.
const terms = {
  poolId: POOL_ID,
  tokenIn: TOKEN_A,
  tokenOut: TOKEN_B,
  amountIn: '10000',
  amountOutMin: '39288',
  amountOutQuoted: '39486',
};

describe('a request to swap', () => {
  it('is accepted with the quote, and the least that the slippage allows', () => {
    asked(ask).isAcceptedWith(terms);
  });
  it('is accepted in the other direction', () => {
    const quoted = { amountOutMin: '2473', amountOutQuoted: '2486' };
    asked({ ...ask, tokenIn: TOKEN_B }).isAcceptedWith({
      ...terms,
      tokenIn: TOKEN_B,
      tokenOut: TOKEN_A,
      ...quoted,
    });
  });
  it('is accepted with the least that the caller says, up to the quote and down to the bound', () => {
    asked({ ...ask, amountOutLeast: least(39_486n) }).isAcceptedWith({ ...terms, amountOutMin: '39486' });
    asked({ ...ask, amountOutLeast: least(19_743n) }).isAcceptedWith({ ...terms, amountOutMin: '19743' });
  });
  it('is accepted where the balance is not known: the chain decides', () => {
    asked({ ...ask, known: { ...known, balance: null } }).isAcceptedWith(terms);
  });
  it('keeps its key', () => keepsItsKey({ ...ask, known: { ...known, balance: having(10_000n) } }, terms));
  it.each([
    [{ amountIn: 0n }, 'INVALID_AMOUNT', 'amountIn'],
    [{ amountIn: -5n }, 'INVALID_AMOUNT', 'amountIn'],
    [{ amountIn: 2n ** 128n }, 'AMOUNT_TOO_LARGE', 'amountIn'],
    [{ amountIn: 10_001n }, 'INSUFFICIENT_BALANCE', 'amountIn'],
    [{ known: { ...known, pool: fullPool } }, 'RESERVE_OVERFLOW', 'amountIn'],
    [{ tokenIn: TOKEN_B, amountIn: 1n }, 'AMOUNT_TOO_SMALL', 'amountIn'],
    [{ tokenIn: TOKEN_C }, 'TOKEN_NOT_IN_POOL', 'tokenIn'],
    [{ known: { ...known, pool: null } }, 'UNKNOWN_POOL', 'poolId'],
    [{ known: { ...known, paused: true } }, 'PAUSED', null],
    [{ known: { ...known, pool: { ...pool, reserveA: 0n } } }, 'INSUFFICIENT_LIQUIDITY', 'poolId'],
    [{ amountOutLeast: least(39_487n) }, 'SLIPPAGE_EXCEEDED', 'amountOutMin'],
    [{ amountOutLeast: least(19_742n) }, 'SLIPPAGE_OUT_OF_BOUNDS', 'amountOutMin'],
    [{ amountOutLeast: { by: 'SLIPPAGE', basisPoints: 5001 } }, 'SLIPPAGE_OUT_OF_BOUNDS', 'slippageBps'],
    [{ amountOutLeast: { by: 'SLIPPAGE', basisPoints: -1 } }, 'INVALID_SLIPPAGE', 'slippageBps'],
    [{ slippageBpsMax: 49 }, 'SLIPPAGE_OUT_OF_BOUNDS', 'slippageBps'],
  ] as const)('case %#: is refused as %s', (part, code, field) => {
    asked({ ...ask, ...part }).isRefused(code, field);
  });
  it('finds its pool whatever the case of the address is', () => {
    const { reserveB: reserveIn, reserveA: reserveOut } = pool;
    expect(directionOf(pool, TOKEN_B.toLowerCase())).toEqual({ tokenOut: TOKEN_A, reserveIn, reserveOut });
  });
});

describe('the fact that answers it', () => {
  const wanted = { ...terms, amountIn: '1000', amountOutMin: '950' };
  const swapped = (part: object) => ({ ...swapFact, data: { ...swapFact.data, ...part } });

  it('is a swap of exactly that amount, in any case of the addresses, with the least amount exactly', () => {
    answered(wanted, swapFact).by({ kind: 'SWAP', amountIn: '1000', amountOut: '980' });
    answered(
      wanted,
      swapped({ tokenIn: TOKEN_A.toLowerCase(), tokenOut: TOKEN_B.toLowerCase(), amountOut: '950' }),
    ).by({ kind: 'SWAP', amountIn: '1000', amountOut: '950' });
  });
  it('is no other fact of the pool', () => {
    const { contract, user, poolId } = swapFact.data;
    const added: LiquidityAdded = {
      type: 'LiquidityAdded',
      version: 1,
      data: { contract, user, poolId, amountA: '1', amountB: '1', liquidity: '1' },
    };
    answered(wanted, added).byNothing();
  });
  it.each([
    ['user', BOB],
    ['poolId', OTHER_POOL_ID],
    ['tokenIn', TOKEN_C],
    ['tokenOut', TOKEN_C],
    ['amountIn', '999'],
    ['amountOut', '949'],
  ])('does not fit with another %s', (field, value) => {
    answered(wanted, swapped({ [field]: value })).notBy(field);
  });
});
