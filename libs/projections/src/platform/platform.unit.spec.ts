import { describe, it } from '@jest/globals';
import { chainLaws } from '../testing/chain-laws.js';
import { specify } from '../testing/specification.js';
import { fact, type Place } from '../testing/told-events.js';
import { platformProjection } from './projection.js';
import { platformDays, platformTotals, platformUsers } from './tables.js';

const [ALICE, BOB, ZERO, A, B] = ['a', 'b', '0', '1', '2'].map((digit) => `0x${digit.repeat(40)}`) as [
  ...[string, string, string, string, string],
];
const POOL = `0x${'9'.repeat(64)}`;
const DAY = 86_400;

const created = (creator: string, place: Place) =>
  fact('TokenCreated', { tokenAddress: A, creator, name: 'A', symbol: 'A', totalSupply: '1' }, place);
const opened = (place: Place) => fact('PoolCreated', { poolId: POOL, tokenA: A, tokenB: B }, place);
const moved = (type: 'LiquidityAdded' | 'LiquidityRemoved', user: string, place: Place) =>
  fact(type, { user, poolId: POOL, amountA: '1', amountB: '1', liquidity: '1' }, place);
const swapped = (user: string, place: Place) =>
  fact('Swap', { user, poolId: POOL, tokenIn: A, tokenOut: B, amountIn: '1', amountOut: '1' }, place);

const QUIET = { tokens: 0, pools: 0, swaps: 0, liquidity_changes: 0, new_users: 0, active_users: 0 };
const { given } = specify(platformProjection);

describe('the platform', () => {
  it('counts what happens on its day', () => {
    given()
      .when(
        created(ALICE, { block: 1, time: DAY + 5 }),
        opened({ block: 2, time: DAY + 6 }),
        moved('LiquidityAdded', ALICE, { block: 2, time: DAY + 6 }),
        swapped(BOB, { block: 3, time: 2 * DAY - 1 }),
      )
      .then(platformDays, {
        ...{ chain_id: 1, day: DAY, tokens: 1, pools: 1, swaps: 1, liquidity_changes: 1 },
        ...{ new_users: 2, active_users: 2 },
      })
      .then(platformTotals, { chain_id: 1, tokens: 1, pools: 1, users: 2 });
  });

  it('counts a user as new once, and as active once a day', () => {
    given(swapped(BOB, { block: 1, time: 5 }))
      .when(swapped(BOB, { block: 2, time: 6 }))
      .then(platformDays, { day: 0, swaps: 2, new_users: 1, active_users: 1 })
      .then(platformUsers, { address: BOB, first_day: 0, last_day: 0 });
    given(swapped(BOB, { block: 1, time: 5 }))
      .when(moved('LiquidityRemoved', BOB, { block: 2, time: 3 * DAY }))
      .then(
        platformDays,
        { day: 0, active_users: 1 },
        { ...QUIET, day: 3 * DAY, liquidity_changes: 1, active_users: 1 },
      )
      .then(platformUsers, { address: BOB, first_day: 0, last_day: 3 * DAY })
      .then(platformTotals, { users: 1 });
  });

  it('counts nothing for the liquidity that the first deposit locks', () => {
    given()
      .when(moved('LiquidityAdded', ZERO, { block: 1 }))
      .thenNothing();
  });

  chainLaws(platformProjection, [
    created(ALICE, { block: 1 }),
    opened({ block: 2 }),
    moved('LiquidityAdded', ALICE, { block: 2 }),
    swapped(BOB, { block: 3 }),
    swapped(BOB, { block: 4, time: 2 * DAY }),
    moved('LiquidityRemoved', ALICE, { block: 5, time: 2 * DAY }),
  ]);
});
