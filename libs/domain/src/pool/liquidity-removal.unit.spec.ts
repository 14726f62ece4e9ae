import { describe, it } from '@jest/globals';
import type { LiquidityRemoved } from '../chain/facts.js';
import { specifyKind } from '../request/asking.fixture.js';
import { swapFact } from '../request/lifecycle.fixture.js';
import { ALICE, BOB, MANAGER, OTHER_POOL_ID, POOL_ID } from '../testing/samples.fixture.js';
import { having } from './balance.fixture.js';
import { halfPercent, least, pool } from './known-pool.fixture.js';

const { asked, answered, keepsItsKey } = specifyKind('REMOVE_LIQUIDITY', 'LiquidityRemovalRequested');

const known = { pool, liquidity: having(2_000n) };
const ask = {
  poolId: POOL_ID,
  liquidity: 2_000n,
  amountALeast: halfPercent,
  amountBLeast: halfPercent,
  slippageBpsMax: 5_000,
  known,
} as const;
const terms = { poolId: POOL_ID, liquidity: '2000', amountAMin: '995', amountBMin: '3980' };

describe('a request to remove liquidity', () => {
  it('is accepted with minimums below what the pool gives now', () => asked(ask).isAcceptedWith(terms));
  it('is accepted where the position is not known', () => {
    asked({ ...ask, known: { ...known, liquidity: null } }).isAcceptedWith(terms);
  });
  it('keeps its key', () => keepsItsKey(ask, terms));
  it.each([
    [{ liquidity: 0n }, 'INVALID_AMOUNT', 'liquidity'],
    [{ liquidity: 2n ** 128n }, 'AMOUNT_TOO_LARGE', 'liquidity'],
    [{ liquidity: 2_001n }, 'INSUFFICIENT_BALANCE', 'liquidity'],
    [{ known: { ...known, liquidity: having(2_000n, 1n) } }, 'INSUFFICIENT_BALANCE', 'liquidity'],
    [{ liquidity: 2_000_001n }, 'INSUFFICIENT_LIQUIDITY', 'liquidity'],
    [{ known: { ...known, pool: null } }, 'UNKNOWN_POOL', 'poolId'],
    [{ amountALeast: least(1_001n) }, 'SLIPPAGE_EXCEEDED', 'amountAMin'],
    [{ amountBLeast: least(1_999n) }, 'SLIPPAGE_OUT_OF_BOUNDS', 'amountBMin'],
  ] as const)('case %#: is refused as %s', (part, code, field) => {
    asked({ ...ask, ...part }).isRefused(code, field);
  });
});

describe('the fact that answers it', () => {
  const removed = (part: object = {}): LiquidityRemoved => ({
    type: 'LiquidityRemoved',
    version: 1,
    data: {
      contract: MANAGER,
      user: ALICE,
      poolId: POOL_ID,
      amountA: '1000',
      amountB: '4000',
      liquidity: '2000',
      ...part,
    },
  });

  it('tells what came back, from the least on', () => {
    answered(terms, removed({ amountA: '995', amountB: '3980' })).by({
      kind: 'REMOVE_LIQUIDITY',
      amountA: '995',
      amountB: '3980',
      liquidity: '2000',
    });
  });
  it('is no other fact', () => answered(terms, swapFact).byNothing());
  it.each([
    ['user', BOB],
    ['poolId', OTHER_POOL_ID],
    ['liquidity', '1999'],
    ['amountA', '994'],
    ['amountB', '3979'],
  ])('does not fit with another %s', (field, value) => {
    answered(terms, removed({ [field]: value })).notBy(field);
  });
});
