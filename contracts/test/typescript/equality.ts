import { expect } from 'chai';
import { id } from 'ethers';
import { network } from 'hardhat';
import type { DomainError } from '../../../libs/kernel/src/failures/domain-error.js';
import {
  quoteAddLiquidity,
  quoteFirstDeposit,
  quoteRemoveLiquidity,
} from '../../../libs/domain/src/pool/arithmetic/liquidity.js';
import { squareRoot } from '../../../libs/domain/src/pool/arithmetic/rounding.js';
import { quoteSwap, quoteSwapExactOut } from '../../../libs/domain/src/pool/arithmetic/swap.js';
import { callBatch, type Outcome, type Row } from './support/batch.js';
import { recordFigures } from './support/figures.js';
import { Random } from './support/random.js';

/** A twentieth of them is enough for most changes that the mutation test makes. */
const rounds = (): number => Number(process.env.EQUALITY_ROUNDS ?? 20);
const ROWS = 1_000;
const SEED = 0xab1a4d;
const UINT128_MAX = 2n ** 128n - 1n;
const UINT256_MAX = 2n ** 256n - 1n;

/** The domain's code for each of the contract's refusals. */
const CODES = new Map(
  [
    ['ReserveOverflow(uint256)', 'RESERVE_OVERFLOW'],
    ['InsufficientInitialLiquidity(uint256,uint256)', 'AMOUNT_TOO_SMALL'],
    ['InsufficientLiquidityAdded()', 'AMOUNT_TOO_SMALL'],
    ['InsufficientLiquidityRemoved()', 'AMOUNT_TOO_SMALL'],
    ['InsufficientAmountOut()', 'AMOUNT_TOO_SMALL'],
    ['InsufficientReserve(uint256,uint256)', 'INSUFFICIENT_LIQUIDITY'],
    ['ZeroAmount()', 'AMOUNT_TOO_SMALL'],
  ].map(([signature, code]) => [id(signature ?? '').slice(0, 10), code]),
);

const isDomainError = (error: unknown): error is DomainError =>
  error instanceof Error && error.name === 'DomainError';

function domainOutcome(compute: () => readonly bigint[]): string {
  try {
    return compute().join(' ');
  } catch (error) {
    if (isDomainError(error)) return error.code;
    throw error;
  }
}

const contractOutcome = ({ refusal, amounts }: Outcome, count: number): string =>
  refusal === null ? amounts.slice(0, count).join(' ') : (CODES.get(refusal) ?? `unexpected ${refusal}`);

describe('arithmetic of the domain and of the contract', () => {
  let call: (batch: string, rows: readonly Row[]) => Promise<Outcome[]>;
  let random = new Random(SEED);
  const upTo = (max: bigint) => random.spread(0n, max);
  const reserve = () => random.spread(1n, UINT128_MAX);
  const fees = (): readonly [bigint, bigint] => {
    // Mostly what the manager can be set to, now and then all that the arithmetic is made for.
    const swapFee = random.even(0n, random.even(0n, 3n) === 0n ? 9_999n : 300n);
    return [swapFee, random.even(0n, swapFee)];
  };

  /** Inputs compared so far, by what was compared. */
  const compared = new Map<string, number>();

  after(() => {
    const total = [...compared.values()].reduce((sum, count) => sum + count, 0);
    const parts = [...compared].map(([batch, count]) => `${batch} ${count}`);
    recordFigures('equality', [
      `inputs compared between Solidity and TypeScript, all equal: ${total} (${parts.join(', ')})`,
    ]);
  });

  before(async () => {
    random = new Random(SEED);
    const { ethers } = await network.create();
    const batches = await ethers.deployContract('ArithmeticBatches');
    const address = await batches.getAddress();
    call = (batch, rows) => callBatch(ethers, address, batch, rows);
  });

  async function compare(
    batch: string,
    count: number,
    row: () => Row,
    compute: (row: Row) => readonly bigint[],
  ): Promise<void> {
    let computed = 0;
    for (let round = 0; round < rounds(); round += 1) {
      const rows = Array.from({ length: ROWS }, row);
      const outcomes = await call(batch, rows);
      for (const [index, input] of rows.entries()) {
        const outcome = outcomes[index];
        if (!outcome) throw new Error('an outcome for every row expected');
        const ours = domainOutcome(() => compute(input));
        const theirs = contractOutcome(outcome, count);
        // Compared as text first: an assertion per row would cost more than the arithmetic.
        if (ours !== theirs) expect(ours, `${batch}(${input.join(', ')})`).to.equal(theirs);
        if (outcome.refusal === null) computed += 1;
      }
      compared.set(batch, (compared.get(batch) ?? 0) + rows.length);
    }
    expect(computed, 'most inputs give amounts').to.be.greaterThan((rounds() * ROWS) / 3);
  }

  it('swap_isEqualFor20000Inputs', () =>
    compare(
      'swaps',
      4,
      () => [upTo(UINT128_MAX + 2n), reserve(), reserve(), ...fees()],
      ([amountIn, reserveIn, reserveOut, swapFee, protocolFee]) => {
        const quote = quoteSwap({ reserveIn, reserveOut }, { swapFee, protocolFee }, amountIn);
        return [quote.amountOut, quote.protocolPart, quote.reserveIn, quote.reserveOut];
      },
    ));

  it('exactOut_isEqualFor20000Inputs', () =>
    compare(
      'swapsExactOut',
      1,
      () => {
        const reserveOut = reserve();
        return [upTo(reserveOut + 1n), reserve(), reserveOut, ...fees()];
      },
      ([amountOut, reserveIn, reserveOut, swapFee, protocolFee]) => [
        quoteSwapExactOut({ reserveIn, reserveOut }, { swapFee, protocolFee }, amountOut).amountIn,
      ],
    ));

  it('firstDeposit_isEqualFor20000Inputs', () =>
    compare(
      'firstDeposits',
      1,
      () => [random.spread(1n, UINT128_MAX + 2n), random.spread(1n, UINT128_MAX + 2n), 0n, 0n, 0n],
      ([amountA, amountB]) => [quoteFirstDeposit(amountA, amountB).liquidity],
    ));

  it('deposit_isEqualFor20000Inputs', () =>
    compare(
      'deposits',
      4,
      () => {
        const [reserveA, reserveB] = [reserve(), reserve()];
        const total = random.spread(1n, squareRoot(reserveA * reserveB));
        return [
          random.spread(1n, UINT128_MAX + 2n),
          random.spread(1n, UINT128_MAX + 2n),
          reserveA,
          reserveB,
          total,
        ];
      },
      ([desiredA, desiredB, reserveA, reserveB, totalLiquidity]) => {
        const quote = quoteAddLiquidity({ reserveA, reserveB, totalLiquidity }, desiredA, desiredB);
        return [quote.amountA, quote.amountB, quote.liquidity, quote.quotedA + quote.quotedB];
      },
    ));

  it('withdrawal_isEqualFor20000Inputs', () =>
    compare(
      'withdrawals',
      2,
      () => {
        const total = reserve();
        return [random.spread(1n, total), 0n, reserve(), reserve(), total];
      },
      ([liquidity, , reserveA, reserveB, totalLiquidity]) => {
        const quote = quoteRemoveLiquidity({ reserveA, reserveB, totalLiquidity }, liquidity);
        return [quote.amountA, quote.amountB];
      },
    ));

  it('squareRoot_isEqualFor20000Inputs', () =>
    compare(
      'roots',
      1,
      () => [upTo(UINT256_MAX), 0n, 0n, 0n, 0n],
      ([value]) => [squareRoot(value)],
    ));
});
