import { describe, expect, it } from '@jest/globals';
import {
  AFTER_DEADLINE,
  ALICE,
  DEADLINE,
  ENVELOPE,
  ID,
  OTHER_INPUT_HASH,
  POOL_ID,
  TOKEN_A,
  TOKEN_B,
  TOKEN_C,
} from '../samples.fixture.js';
import { specify } from '../specification.js';
import type { RequestLiquidityAddition, RequestLiquidityRemoval, RequestSwap } from './commands.js';
import { orderDecider } from './decisions.js';
import type { OrderEvent, OrderTerms } from './events.js';
import { directionOf } from './request.js';

const { given } = specify(orderDecider);

const pool = {
  tokenA: TOKEN_A,
  tokenB: TOKEN_B,
  reserveA: 1_000_000n,
  reserveB: 4_000_000n,
  totalLiquidity: 2_000_000n,
};
const full = { ...pool, reserveA: 2n ** 128n - 1n, reserveB: 2n ** 128n - 1n };
const order = { orderId: ID, user: ALICE, poolId: POOL_ID, slippageBpsMax: 5000, ...ENVELOPE } as const;
const requested = (terms: OrderTerms): OrderEvent => ({
  type: 'OrderRequested',
  version: 1,
  data: { orderId: ID, user: ALICE, poolId: POOL_ID, terms, ...ENVELOPE },
});
const half = { by: 'SLIPPAGE', basisPoints: 50 } as const;
const floor = (amount: bigint) => ({ by: 'AMOUNT', amount }) as const;

describe('a swap', () => {
  const known = { pool, fees: { swapFee: 30n, protocolFee: 10n }, balance: 10_000n };
  const swap: RequestSwap = {
    type: 'RequestSwap',
    tokenIn: TOKEN_A,
    amountIn: 10_000n,
    amountOutFloor: half,
    known,
    ...order,
  };
  // 10,000 less 0.3 % is 9,970; 9,970 * 4,000,000 / 1,009,970 is 39,486.3.
  const terms = {
    kind: 'SWAP',
    tokenIn: TOKEN_A,
    tokenOut: TOKEN_B,
    amountIn: '10000',
    amountOutMin: '39288',
    amountOutQuoted: '39486',
  } as const;

  it('is accepted with the quote, and the least that the slippage allows', () => {
    given().when(swap).then(requested(terms));
  });
  it('is accepted in the other direction', () => {
    given()
      .when({ ...swap, tokenIn: TOKEN_B })
      .then(
        requested({
          ...terms,
          tokenIn: TOKEN_B,
          tokenOut: TOKEN_A,
          amountOutMin: '2473',
          amountOutQuoted: '2486',
        }),
      );
  });
  it('is accepted with the least that the caller says, up to the quote and down to the bound', () => {
    given()
      .when({ ...swap, amountOutFloor: floor(39_486n) })
      .then(requested({ ...terms, amountOutMin: '39486' }));
    given()
      .when({ ...swap, amountOutFloor: floor(19_743n) })
      .then(requested({ ...terms, amountOutMin: '19743' }));
  });
  it('is accepted where the balance is not known: the chain decides', () => {
    given()
      .when({ ...swap, known: { ...known, balance: null } })
      .then(requested(terms));
  });
  it('changes nothing when it comes again, though the state would refuse it now', () => {
    given(requested(terms))
      .when({ ...swap, requestedAt: AFTER_DEADLINE, known: { ...known, balance: 0n } })
      .thenNothing();
  });
  it.each([
    [{ amountIn: 0n }, 'INVALID_AMOUNT', 'amountIn'],
    [{ amountIn: -5n }, 'INVALID_AMOUNT', 'amountIn'],
    [{ amountIn: 2n ** 128n }, 'AMOUNT_TOO_LARGE', 'amountIn'],
    [{ amountIn: 10_001n }, 'INSUFFICIENT_BALANCE', 'amountIn'],
    [{ known: { ...known, pool: full } }, 'RESERVE_OVERFLOW', 'amountIn'],
    [{ tokenIn: TOKEN_B, amountIn: 1n }, 'AMOUNT_TOO_SMALL', 'amountIn'],
    [{ tokenIn: TOKEN_C }, 'TOKEN_NOT_IN_POOL', 'tokenIn'],
    [{ known: { ...known, pool: null } }, 'UNKNOWN_POOL', 'poolId'],
    [{ known: { ...known, pool: { ...pool, reserveA: 0n } } }, 'INSUFFICIENT_LIQUIDITY', 'poolId'],
    [{ amountOutFloor: floor(39_487n) }, 'SLIPPAGE_EXCEEDED', 'amountOutMin'],
    [{ amountOutFloor: floor(19_742n) }, 'SLIPPAGE_OUT_OF_BOUNDS', 'amountOutMin'],
    [{ amountOutFloor: { by: 'SLIPPAGE', basisPoints: 5001 } }, 'SLIPPAGE_OUT_OF_BOUNDS', 'slippageBps'],
    [{ amountOutFloor: { by: 'SLIPPAGE', basisPoints: -1 } }, 'INVALID_SLIPPAGE', 'slippageBps'],
    [{ slippageBpsMax: 49 }, 'SLIPPAGE_OUT_OF_BOUNDS', 'slippageBps'],
    [{ requestedAt: DEADLINE }, 'DEADLINE_EXPIRED', 'deadline'],
    [{ deadline: '2026-01-02T12:00:01.000Z' }, 'DEADLINE_TOO_FAR', 'deadline'],
  ] as const)('case %#: is refused as %s', (part, code, field) => {
    given()
      .when({ ...swap, ...part })
      .thenRefused(code, field);
  });
  it('is refused under the key of another input', () => {
    given(requested(terms))
      .when({ ...swap, inputHash: OTHER_INPUT_HASH })
      .thenRefused('IDEMPOTENCY_KEY_REUSED', 'idempotencyKey');
  });
  it('finds its pool whatever the case of the address is', () => {
    expect(directionOf(pool, TOKEN_B.toLowerCase())).toEqual({
      tokenOut: TOKEN_A,
      reserveIn: pool.reserveB,
      reserveOut: pool.reserveA,
    });
  });
});

describe('an addition of liquidity', () => {
  const known = { pool, balanceA: 1_000n, balanceB: 4_000n };
  const addition: RequestLiquidityAddition = {
    type: 'RequestLiquidityAddition',
    amountADesired: 1_000n,
    amountBDesired: 5_000n,
    amountAFloor: half,
    amountBFloor: half,
    known,
    ...order,
  };
  const terms = {
    kind: 'ADD_LIQUIDITY',
    amountADesired: '1000',
    amountBDesired: '5000',
    amountAMin: '995',
    amountBMin: '3980',
  } as const;

  it('is accepted with minimums below what the pool takes now, not below what is desired', () => {
    given().when(addition).then(requested(terms));
  });
  it('is accepted where balances are not known', () => {
    given()
      .when({ ...addition, known: { ...known, balanceA: null, balanceB: null } })
      .then(requested(terms));
  });
  it('changes nothing when it comes again', () => {
    given(requested(terms)).when(addition).thenNothing();
  });
  it.each([
    [{ amountADesired: 0n }, 'INVALID_AMOUNT', 'amountADesired'],
    [{ amountBDesired: 0n }, 'INVALID_AMOUNT', 'amountBDesired'],
    [{ amountADesired: 2n ** 128n }, 'AMOUNT_TOO_LARGE', 'amountADesired'],
    [{ amountBDesired: 2n ** 128n }, 'AMOUNT_TOO_LARGE', 'amountBDesired'],
    [{ known: { ...known, pool: null } }, 'UNKNOWN_POOL', 'poolId'],
    [{ known: { ...known, balanceA: 999n } }, 'INSUFFICIENT_BALANCE', 'amountADesired'],
    [{ known: { ...known, balanceB: 3_999n } }, 'INSUFFICIENT_BALANCE', 'amountBDesired'],
    [{ amountAFloor: floor(1_001n) }, 'SLIPPAGE_EXCEEDED', 'amountAMin'],
    [{ amountBFloor: floor(4_001n) }, 'SLIPPAGE_EXCEEDED', 'amountBMin'],
    [{ amountAFloor: floor(499n) }, 'SLIPPAGE_OUT_OF_BOUNDS', 'amountAMin'],
    [{ amountBFloor: floor(1_999n) }, 'SLIPPAGE_OUT_OF_BOUNDS', 'amountBMin'],
    [{ requestedAt: DEADLINE }, 'DEADLINE_EXPIRED', 'deadline'],
  ] as const)('case %#: is refused as %s', (part, code, field) => {
    given()
      .when({ ...addition, ...part })
      .thenRefused(code, field);
  });
});

describe('a removal of liquidity', () => {
  const known = { pool, liquidity: 2_000n };
  const removal: RequestLiquidityRemoval = {
    type: 'RequestLiquidityRemoval',
    liquidity: 2_000n,
    amountAFloor: half,
    amountBFloor: half,
    known,
    ...order,
  };
  const terms = {
    kind: 'REMOVE_LIQUIDITY',
    liquidity: '2000',
    amountAMin: '995',
    amountBMin: '3980',
  } as const;

  it('is accepted with minimums below what the pool gives now', () => {
    given().when(removal).then(requested(terms));
  });
  it('is accepted where the position is not known', () => {
    given()
      .when({ ...removal, known: { ...known, liquidity: null } })
      .then(requested(terms));
  });
  it('changes nothing when it comes again', () => {
    given(requested(terms)).when(removal).thenNothing();
  });
  it.each([
    [{ liquidity: 0n }, 'INVALID_AMOUNT', 'liquidity'],
    [{ liquidity: 2n ** 128n }, 'AMOUNT_TOO_LARGE', 'liquidity'],
    [{ liquidity: 2_001n }, 'INSUFFICIENT_BALANCE', 'liquidity'],
    [{ liquidity: 2_000_001n }, 'INSUFFICIENT_LIQUIDITY', 'liquidity'],
    [{ known: { ...known, pool: null } }, 'UNKNOWN_POOL', 'poolId'],
    [{ amountAFloor: floor(1_001n) }, 'SLIPPAGE_EXCEEDED', 'amountAMin'],
    [{ amountBFloor: floor(1_999n) }, 'SLIPPAGE_OUT_OF_BOUNDS', 'amountBMin'],
    [{ requestedAt: DEADLINE }, 'DEADLINE_EXPIRED', 'deadline'],
  ] as const)('case %#: is refused as %s', (part, code, field) => {
    given()
      .when({ ...removal, ...part })
      .thenRefused(code, field);
  });
});
