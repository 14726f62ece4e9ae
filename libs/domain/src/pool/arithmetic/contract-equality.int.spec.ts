import { DomainError } from '@abland/kernel';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { UINT128_MAX } from '../../input/amount.js';
import { PoolHarness, type Outcome } from './abpool-harness.fixture.js';
import { Chance } from './chance.fixture.js';
import { quoteAddLiquidity, quoteFirstDeposit, quoteRemoveLiquidity } from './liquidity.js';
import { squareRoot } from './rounding.js';
import { quoteSwap, quoteSwapExactOut } from './swap.js';

/** Inputs a function, five functions: 100,000 in all. */
const INPUTS = process.env['ABLAND_TEST_DEEP'] === '1' ? 400_000 : 20_000;
const SEED = 20_260_101;

/** The refusal of ours that stands for each error of the contract. */
const CODES: Readonly<Record<string, string>> = {
  'ReserveOverflow(uint256)': 'RESERVE_OVERFLOW',
  'InsufficientInitialLiquidity(uint256,uint256)': 'AMOUNT_TOO_SMALL',
  'InsufficientLiquidityAdded()': 'AMOUNT_TOO_SMALL',
  'InsufficientLiquidityRemoved()': 'AMOUNT_TOO_SMALL',
  'InsufficientAmountOut()': 'AMOUNT_TOO_SMALL',
  'InsufficientReserve(uint256,uint256)': 'INSUFFICIENT_LIQUIDITY',
  'ZeroAmount()': 'AMOUNT_TOO_SMALL',
};

let harness: PoolHarness;
let chance: Chance;

beforeAll(async () => {
  harness = await PoolHarness.start();
  chance = new Chance(SEED);
});
afterAll(() => harness.close());

const inputs = (make: () => readonly bigint[]): (readonly bigint[])[] => Array.from({ length: INPUTS }, make);
const reserve = (): bigint => chance.positive(UINT128_MAX);
const fee = (): bigint => (chance.below(2) === 0 ? 30n : BigInt(chance.below(10_000)));

/** What ours gives, in the words of the contract's outcome. */
function ours(compute: () => readonly bigint[]): string {
  try {
    return compute().join(' ');
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
}

/** What the contract gives; an error that none of ours stands for (a panic) is told as it is. */
const theirs = (outcome: Outcome, values: 1 | 2): string =>
  outcome.error === null
    ? outcome.returned.slice(0, values).join(' ')
    : (CODES[outcome.error] ?? outcome.error);

interface Comparison {
  readonly input: readonly bigint[];
  readonly ours: string;
  readonly theirs: string;
}

/** All must be equal, and both results and refusals must have been among them. */
function expectEqual(comparisons: readonly Comparison[], leastResults = 0.2): void {
  const different = comparisons.filter((one) => one.ours !== one.theirs);
  expect(different.slice(0, 5).map((one) => ({ ...one, input: one.input.map(String) }))).toEqual([]);
  const results = comparisons.filter((one) => /^\d/.test(one.theirs)).length;
  expect(comparisons.length).toBe(INPUTS);
  expect(results).toBeGreaterThan(INPUTS * leastResults);
  expect(results).toBeLessThan(INPUTS);
}

describe('in the EVM and here, for the same numbers,', () => {
  it('a swap pays the same, takes the same for the protocol and leaves the same reserves', async () => {
    const given = inputs(() => [chance.amount(UINT128_MAX + 2n), reserve(), reserve(), fee()]);
    const paid = await harness.call('getAmountOut(uint256,uint256,uint256,uint256)', given);
    const protocolFees = given.map(([, , , swapFee = 0n]) => swapFee / 3n);
    const parts = await harness.call(
      'protocolPart(uint256,uint256)',
      given.map(([amountIn = 0n], index) => [amountIn, protocolFees[index] ?? 0n]),
    );
    const comparisons = given.map((input, index) => {
      const [amountIn, reserveIn, reserveOut, swapFee] = input as [bigint, bigint, bigint, bigint];
      const outcome = paid[index] as Outcome;
      const part = parts[index]?.returned?.[0] ?? 0n;
      const after = reserveIn + amountIn - part;
      // The library bounds the amount, the manager the reserve that comes of it.
      const expected =
        outcome.error !== null
          ? theirs(outcome, 1)
          : after > UINT128_MAX
            ? 'RESERVE_OVERFLOW'
            : `${outcome.returned[0]} ${part} ${after} ${reserveOut - outcome.returned[0]}`;
      return {
        input,
        theirs: expected,
        ours: ours(() => {
          const fees = { swapFee, protocolFee: protocolFees[index] ?? 0n };
          const quote = quoteSwap({ reserveIn, reserveOut }, fees, amountIn);
          return [quote.amountOut, quote.protocolPart, quote.reserveIn, quote.reserveOut];
        }),
      };
    });
    expectEqual(comparisons);
  });

  it('an exact amount out costs the same', async () => {
    const given = inputs(() => {
      const reserveOut = reserve();
      return [chance.amount(reserveOut + 1n), reserve(), reserveOut, fee()];
    });
    const costs = await harness.call('getAmountIn(uint256,uint256,uint256,uint256)', given);
    const comparisons = given.map((input, index) => {
      const [amountOut, reserveIn, reserveOut, swapFee] = input as [bigint, bigint, bigint, bigint];
      const outcome = costs[index] as Outcome;
      const isTooMuch = outcome.error === null && reserveIn + outcome.returned[0] > UINT128_MAX;
      return {
        input,
        theirs: isTooMuch ? 'RESERVE_OVERFLOW' : theirs(outcome, 1),
        ours: ours(() => [
          quoteSwapExactOut({ reserveIn, reserveOut }, { swapFee, protocolFee: 0n }, amountOut).amountIn,
        ]),
      };
    });
    expectEqual(comparisons);
  });

  it('a first deposit gives the same liquidity', async () => {
    const given = inputs(() => [chance.amount(UINT128_MAX + 2n), chance.amount(UINT128_MAX + 2n)]);
    const liquidity = await harness.call('initialLiquidity(uint256,uint256)', given);
    const comparisons = given.map((input, index) => {
      const [amountA, amountB] = input as [bigint, bigint];
      return {
        input,
        theirs: theirs(liquidity[index] as Outcome, 1),
        ours: ours(() => [quoteFirstDeposit(amountA, amountB).liquidity]),
      };
    });
    expectEqual(comparisons);
  });

  it('a later deposit takes the same and gives the same liquidity', async () => {
    const given = inputs(() => {
      const [reserveA, reserveB] = [reserve(), reserve()];
      const desired = () => chance.positive(UINT128_MAX + 2n);
      return [desired(), desired(), reserveA, reserveB, chance.positive(squareRoot(reserveA * reserveB))];
    });
    const taken = await harness.call(
      'amountsToAdd(uint256,uint256,uint256,uint256)',
      given.map((input) => input.slice(0, 4)),
    );
    const liquidity = await harness.call(
      'liquidityFor(uint256,uint256,uint256,uint256,uint256)',
      given.map((input, index) => [...(taken[index]?.returned ?? [1n, 1n]), ...input.slice(2)]),
    );
    const comparisons = given.map((input, index) => {
      const [amountA, amountB, reserveA, reserveB, totalLiquidity] = input as [
        bigint,
        bigint,
        bigint,
        bigint,
        bigint,
      ];
      const amounts = taken[index] as Outcome;
      const shares = liquidity[index] as Outcome;
      const isTooMuch =
        amounts.error === null &&
        shares.error === null &&
        (reserveA + amounts.returned[0] > UINT128_MAX || reserveB + amounts.returned[1] > UINT128_MAX);
      const expected =
        amounts.error !== null || shares.error !== null
          ? theirs(amounts.error === null ? shares : amounts, 1)
          : `${theirs(amounts, 2)} ${theirs(shares, 1)}`;
      return {
        input,
        theirs: isTooMuch ? 'RESERVE_OVERFLOW' : expected,
        ours: ours(() => {
          const quote = quoteAddLiquidity({ reserveA, reserveB, totalLiquidity }, amountA, amountB);
          return [quote.amountA, quote.amountB, quote.liquidity];
        }),
      };
    });
    expectEqual(comparisons);
  });

  it('a removal gives the same', async () => {
    const given = inputs(() => {
      const [reserveA, reserveB] = [reserve(), reserve()];
      // Of a sound pool, or with more liquidity than one ever has: then a part may be worth nothing.
      const most = chance.below(2) === 0 ? squareRoot(reserveA * reserveB) : UINT128_MAX;
      const total = chance.positive(most);
      return [chance.positive(total), reserveA, reserveB, total];
    });
    const amounts = await harness.call('amountsFor(uint256,uint256,uint256,uint256)', given);
    const comparisons = given.map((input, index) => {
      const [liquidity, reserveA, reserveB, totalLiquidity] = input as [bigint, bigint, bigint, bigint];
      return {
        input,
        theirs: theirs(amounts[index] as Outcome, 2),
        ours: ours(() => {
          const quote = quoteRemoveLiquidity({ reserveA, reserveB, totalLiquidity }, liquidity);
          return [quote.amountA, quote.amountB];
        }),
      };
    });
    expectEqual(comparisons);
  });
});
