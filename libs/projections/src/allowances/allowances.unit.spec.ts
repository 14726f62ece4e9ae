import { UINT256_MAX } from '@abland/domain';
import { describe, it } from '@jest/globals';
import { chainLaws } from '../testing/chain-laws.js';
import { specify } from '../testing/specification.js';
import { fact, type Place } from '../testing/told-events.js';
import { allowancesProjection } from './projection.js';
import { allowances } from './tables.js';

const [ADA, BOB, MANAGER, GOLD, IRON, TIN, ZERO] = ['a', 'b', 'c', '1', '2', '3', '0'].map(
  (digit) => `0x${digit.repeat(40)}`,
) as [...[string, string, string, string, string, string, string]];
const POOL = `0x${'9'.repeat(64)}`;

let log = 0;
const at = (block: number, contract = MANAGER, tx = 0): Place => ({ block, contract, tx, log: (log += 1) });
const approved = (amount: bigint, block: number, owner = ADA, token = GOLD) =>
  fact('Approval', { owner, spender: MANAGER, amount: `${amount}` }, at(block, token));
const moved = (token: string, from: string, to: string, amount: number, block: number, tx = 0) =>
  fact('Transfer', { from, to, amount: `${amount}` }, at(block, token, tx));
const swapped = (tokenIn: string, tokenOut: string, amounts: [number, number], block: number) =>
  fact(
    'Swap',
    {
      ...{ user: ADA, poolId: POOL, tokenIn, tokenOut },
      ...{ amountIn: `${amounts[0]}`, amountOut: `${amounts[1]}` },
    },
    at(block),
  );
const added = (user: string, a: number, b: number, block: number) =>
  fact('LiquidityAdded', { user, poolId: POOL, amountA: `${a}`, amountB: `${b}`, liquidity: '5' }, at(block));
const removed = (block: number) =>
  fact(
    'LiquidityRemoved',
    { user: ADA, poolId: POOL, amountA: '7', amountB: '8', liquidity: '5' },
    at(block),
  );
const { given } = specify(allowancesProjection);
const left = (token: string, amount: bigint) => ({ token, owner: ADA, spender: MANAGER, amount });

describe('an allowance', () => {
  it('is what was approved last, and none where that is nothing', () => {
    given(approved(100n, 1)).when(approved(30n, 2)).then(allowances, {
      chain_id: 1,
      token: GOLD,
      owner: ADA,
      spender: MANAGER,
      amount: 30n,
      updated_block: 2,
    });
    given(approved(100n, 1)).when(approved(0n, 2)).then(allowances);
    given().when(approved(0n, 2)).then(allowances);
  });

  it('is less by what a swap takes, and not by what somebody sends to the contract', () => {
    given(approved(100n, 1))
      .when(
        swapped(GOLD, IRON, [40, 20], 2),
        moved(GOLD, ADA, MANAGER, 40, 2),
        moved(IRON, MANAGER, ADA, 20, 2),
      )
      .then(allowances, left(GOLD, 60n));
    given(approved(100n, 1))
      .when(moved(GOLD, ADA, MANAGER, 40, 2))
      .then(allowances, left(GOLD, 100n));
    given(approved(100n, 1), swapped(GOLD, IRON, [40, 20], 2), moved(GOLD, ADA, MANAGER, 40, 2))
      .when(moved(GOLD, ADA, MANAGER, 40, 2), moved(GOLD, ADA, MANAGER, 40, 3))
      .then(allowances, left(GOLD, 60n));
    given(approved(100n, 1), swapped(GOLD, IRON, [40, 20], 2))
      .when(
        moved(GOLD, BOB, MANAGER, 40, 2),
        moved(GOLD, ADA, MANAGER, 39, 2),
        moved(GOLD, ADA, MANAGER, 40, 2, 1),
      )
      .then(allowances, left(GOLD, 100n));
  });

  it('is gone when all of it was taken', () => {
    given(approved(40n, 1), swapped(GOLD, IRON, [40, 20], 2))
      .when(moved(GOLD, ADA, MANAGER, 40, 2))
      .then(allowances);
  });

  it('stays as it is without a limit', () => {
    given(approved(UINT256_MAX, 1), swapped(GOLD, IRON, [40, 20], 2))
      .when(moved(GOLD, ADA, MANAGER, 40, 2))
      .then(allowances, left(GOLD, UINT256_MAX));
  });

  it('is less by what a deposit takes of each token, and not by the minimum that a pool locks', () => {
    given(approved(100n, 1), approved(100n, 1, ADA, IRON))
      .when(
        added(ZERO, 0, 0, 2),
        added(ADA, 10, 30, 2),
        moved(GOLD, ADA, MANAGER, 10, 2),
        moved(IRON, ADA, MANAGER, 30, 2),
      )
      .then(allowances, left(GOLD, 90n), left(IRON, 70n));
    // The first of the pool's tokens tells nobody of its transfers.
    given(approved(100n, 1, ADA, IRON), added(ADA, 10, 30, 2))
      .when(moved(IRON, ADA, MANAGER, 30, 2))
      .then(allowances, left(IRON, 70n));
  });

  it('is less by what a route takes, which is its first token alone', () => {
    const allowed = [approved(100n, 1), approved(100n, 1, ADA, IRON)];
    given(...allowed, swapped(GOLD, IRON, [40, 20], 2), swapped(IRON, TIN, [20, 5], 2))
      .when(
        moved(GOLD, ADA, MANAGER, 40, 2),
        moved(TIN, MANAGER, ADA, 5, 2),
        moved(IRON, ADA, MANAGER, 20, 2),
      )
      .then(allowances, left(GOLD, 60n), left(IRON, 100n));
    // Two swaps of which one sells what the other bought.
    given(
      ...allowed,
      swapped(GOLD, IRON, [40, 20], 2),
      moved(GOLD, ADA, MANAGER, 40, 2),
      moved(IRON, MANAGER, ADA, 20, 2),
    )
      .when(swapped(IRON, TIN, [20, 5], 2), moved(IRON, ADA, MANAGER, 20, 2))
      .then(allowances, left(GOLD, 60n), left(IRON, 80n));
    // The token that the first one sells tells nobody of its transfers.
    given(...allowed, swapped(TIN, IRON, [40, 20], 2), moved(IRON, MANAGER, ADA, 20, 2))
      .when(swapped(IRON, GOLD, [20, 5], 2), moved(IRON, ADA, MANAGER, 20, 2))
      .then(allowances, left(GOLD, 100n), left(IRON, 80n));
  });

  it('is not touched by what liquidity gives back', () => {
    given(approved(100n, 1), swapped(TIN, IRON, [40, 7], 2))
      .when(removed(2), moved(GOLD, ADA, MANAGER, 40, 2))
      .then(allowances, left(GOLD, 100n));
  });

  chainLaws(allowancesProjection, [
    approved(100n, 1),
    approved(100n, 1, ADA, IRON),
    swapped(GOLD, IRON, [40, 20], 2),
    moved(GOLD, ADA, MANAGER, 40, 2),
    moved(IRON, MANAGER, ADA, 20, 2),
    added(ADA, 10, 30, 3),
    moved(GOLD, ADA, MANAGER, 10, 3),
    moved(IRON, ADA, MANAGER, 30, 3),
    removed(4),
  ]);
});
