import { describe, it } from '@jest/globals';
import { chainLaws } from '../testing/chain-laws.js';
import { specify } from '../testing/specification.js';
import { fact, type Place, txHash } from '../testing/told-events.js';
import { poolsProjection } from './projection.js';
import { poolReserves, pools } from './tables.js';

const [ALICE, BOB, ZERO, A, B] = ['a', 'b', '0', '1', '2'].map((digit) => `0x${digit.repeat(40)}`) as [
  ...[string, string, string, string, string],
];
const POOL = `0x${'9'.repeat(64)}`;
const COMMAND = '00000000-0000-4000-8000-000000000001';

const created = fact(
  'PoolCreated',
  { poolId: POOL, tokenA: A, tokenB: B },
  { block: 1, log: 4, commandId: COMMAND },
);
const moved = (type: 'LiquidityAdded' | 'LiquidityRemoved', user: string, amount: number, place: Place) =>
  fact(type, { user, poolId: POOL, amountA: '1', amountB: '2', liquidity: `${amount}` }, place);
const swapped = (block: number) =>
  fact(
    'Swap',
    { user: BOB, poolId: POOL, tokenIn: A, tokenOut: B, amountIn: '3', amountOut: '2' },
    { block },
  );
const synced = (a: number, b: number, block: number) =>
  fact('Sync', { poolId: POOL, reserveA: `${a}`, reserveB: `${b}` }, { block });
const OPENING = [
  created,
  moved('LiquidityAdded', ZERO, 1_000, { block: 1, log: 5 }),
  moved('LiquidityAdded', ALICE, 500, { block: 1, log: 6 }),
  synced(100, 400, 1),
];
const { given } = specify(poolsProjection);

describe('pools', () => {
  it('begin empty, where and by whatever command they were made', () => {
    given()
      .when(created)
      .then(pools, {
        chain_id: 1,
        pool_id: POOL,
        token_a: A,
        token_b: B,
        reserve_a: 0n,
        reserve_b: 0n,
        total_liquidity: 0n,
        creator: null,
        swap_count: 0,
        tx_hash: txHash(1),
        block_number: 1,
        block_time: 10,
        log_index: 4,
        command_id: COMMAND,
        updated_block: 1,
      });
  });

  it('are of whoever made the first deposit, which is not the locked minimum’s', () => {
    given(created)
      .when(moved('LiquidityAdded', ZERO, 1_000, { block: 1 }))
      .then(pools, { creator: null, total_liquidity: 1_000n });
    given(...OPENING)
      .when(moved('LiquidityAdded', BOB, 7, { block: 2 }))
      .then(pools, { creator: ALICE, total_liquidity: 1_507n, updated_block: 2 });
  });

  it('shrink with what is taken out', () => {
    given(...OPENING)
      .when(moved('LiquidityRemoved', ALICE, 300, { block: 2 }))
      .then(pools, { total_liquidity: 1_200n, updated_block: 2 });
  });

  it('have the reserves that the chain said last, and count swaps', () => {
    given(...OPENING)
      .when(swapped(3), synced(103, 398, 3))
      .then(pools, { reserve_a: 103n, reserve_b: 398n, swap_count: 1, updated_block: 3, block_number: 1 });
    given(...OPENING, swapped(3))
      .when(swapped(4))
      .then(pools, { swap_count: 2, updated_block: 4 });
  });

  it('keep their reserves as they were after each change, with the liquidity in all of that moment', () => {
    given(...OPENING, moved('LiquidityAdded', BOB, 20, { block: 2, log: 0 }))
      .when(synced(102, 408, 2))
      .then(
        poolReserves,
        { block_number: 1, reserve_a: 100n, reserve_b: 400n, total_liquidity: 1_500n, block_time: 10 },
        {
          chain_id: 1,
          block_number: 2,
          log_index: 0,
          pool_id: POOL,
          reserve_a: 102n,
          reserve_b: 408n,
          total_liquidity: 1_520n,
          block_time: 20,
        },
      );
  });

  it.each([swapped(1), synced(1, 1, 1), moved('LiquidityAdded', ALICE, 1, { block: 1 })])(
    'refuse $type of a pool that nobody opened',
    (event) => given().when(event).thenRefused('An event of something unknown'),
  );

  chainLaws(poolsProjection, [
    ...OPENING,
    swapped(2),
    synced(103, 398, 2),
    moved('LiquidityRemoved', ALICE, 300, { block: 3 }),
  ]);
});
