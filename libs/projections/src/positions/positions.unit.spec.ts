import { describe, it } from '@jest/globals';
import { chainLaws } from '../testing/chain-laws.js';
import { specify } from '../testing/specification.js';
import { fact, type Place, txHash } from '../testing/told-events.js';
import { positionsProjection } from './projection.js';
import { liquidityChanges, liquidityPositions } from './tables.js';

const [ALICE, BOB] = ['a', 'b'].map((letter) => `0x${letter.repeat(40)}`) as [string, string];
const POOL = `0x${'9'.repeat(64)}`;
const COMMAND = '00000000-0000-4000-8000-000000000001';

const moved = (
  type: 'LiquidityAdded' | 'LiquidityRemoved',
  user: string,
  [a, b, liquidity]: readonly [number, number, number],
  place: Place,
) => fact(type, { user, poolId: POOL, amountA: `${a}`, amountB: `${b}`, liquidity: `${liquidity}` }, place);
const first = moved('LiquidityAdded', ALICE, [10, 40, 20], { block: 1, log: 3 });
const second = moved('LiquidityAdded', ALICE, [5, 20, 10], { block: 2, log: 1, commandId: COMMAND });
const left = moved('LiquidityRemoved', ALICE, [14, 61, 30], { block: 3, log: 7 });
const { given } = specify(positionsProjection);

describe('positions', () => {
  it('open with the first deposit', () => {
    given()
      .when(first)
      .then(liquidityPositions, {
        ...{ chain_id: 1, pool_id: POOL, owner: ALICE, liquidity: 20n, added_a: 10n, added_b: 40n },
        ...{ removed_a: 0n, removed_b: 0n, opened_block: 1, opened_time: 10, updated_block: 1 },
      });
  });

  it('grow with further ones, each owner’s apart', () => {
    given(first, moved('LiquidityAdded', BOB, [1, 1, 1], { block: 1, log: 4 }))
      .when(second)
      .then(
        liquidityPositions,
        {
          ...{ owner: ALICE, liquidity: 30n, added_a: 15n, added_b: 60n },
          ...{ opened_block: 1, opened_time: 10, updated_block: 2 },
        },
        { owner: BOB, liquidity: 1n, updated_block: 1 },
      );
  });

  it('that were left keep their sums', () => {
    given(first, second)
      .when(left)
      .then(liquidityPositions, {
        ...{ liquidity: 0n, added_a: 15n, added_b: 60n, removed_a: 14n, removed_b: 61n, updated_block: 3 },
      });
  });

  it('refuse that more is taken out than was put in', () => {
    given(first)
      .when(moved('LiquidityRemoved', ALICE, [1, 1, 21], { block: 2 }))
      .thenRefused('More liquidity was removed than was there');
    given(first)
      .when(moved('LiquidityRemoved', BOB, [1, 1, 1], { block: 2 }))
      .thenRefused('An event of something unknown');
  });

  it('keep each deposit and withdrawal where it happened', () => {
    given(first)
      .when(second, left)
      .then(
        liquidityChanges,
        { block_number: 1, log_index: 3, kind: 'ADD', command_id: null },
        {
          ...{ chain_id: 1, block_number: 2, log_index: 1, kind: 'ADD', pool_id: POOL, user_address: ALICE },
          ...{ amount_a: 5n, amount_b: 20n, liquidity: 10n, tx_hash: txHash(2), block_time: 20 },
          command_id: COMMAND,
        },
        { block_number: 3, log_index: 7, kind: 'REMOVE', amount_a: 14n, amount_b: 61n, liquidity: 30n },
      );
  });

  chainLaws(positionsProjection, [first, second, left]);
});
