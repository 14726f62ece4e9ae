import { describe, it } from '@jest/globals';
import type { LiquidityAdded } from '../chain/facts.js';
import { specifyKind } from '../request/asking.fixture.js';
import { swapFact } from '../request/lifecycle.fixture.js';
import { ALICE, BOB, MANAGER, OTHER_POOL_ID, POOL_ID } from '../testing/samples.fixture.js';
import { having } from './balance.fixture.js';
import { halfPercent, least, pool } from './known-pool.fixture.js';

const { asked, answered, keepsItsKey } = specifyKind('ADD_LIQUIDITY', 'LiquidityAdditionRequested');

const known = { pool, paused: false, balanceA: having(1_000n), balanceB: having(4_000n) };
const ask = {
  poolId: POOL_ID,
  amountADesired: 1_000n,
  amountBDesired: 5_000n,
  amountALeast: halfPercent,
  amountBLeast: halfPercent,
  slippageBpsMax: 5_000,
  known,
} as const;
const terms = {
  poolId: POOL_ID,
  amountADesired: '1000',
  amountBDesired: '5000',
  amountAMin: '995',
  amountBMin: '3980',
};

describe('a request to add liquidity', () => {
  it('is accepted with minimums below what the pool takes now, not below what is desired', () => {
    asked(ask).isAcceptedWith(terms);
  });
  it('is accepted where balances are not known', () => {
    asked({ ...ask, known: { ...known, balanceA: null, balanceB: null } }).isAcceptedWith(terms);
  });
  it('has its minimums held against the quote, not against what is rounded up from it', () => {
    const odd = { ...pool, reserveA: 3n, reserveB: 10n, totalLiquidity: 5n };
    const small = { ...ask, amountADesired: 1n, amountBDesired: 10n, known: { ...known, pool: odd } };
    asked({ ...small, amountALeast: least(1n), amountBLeast: least(3n) }).isAcceptedWith({
      ...terms,
      ...{ amountADesired: '1', amountBDesired: '10', amountAMin: '1', amountBMin: '3' },
    });
    asked({ ...small, amountALeast: least(1n), amountBLeast: least(4n) }).isRefused(
      'SLIPPAGE_EXCEEDED',
      'amountBMin',
    );
  });
  it('keeps its key', () => keepsItsKey(ask, terms));
  it.each([
    [{ amountADesired: 0n }, 'INVALID_AMOUNT', 'amountADesired'],
    [{ amountBDesired: 0n }, 'INVALID_AMOUNT', 'amountBDesired'],
    [{ amountADesired: 2n ** 128n }, 'AMOUNT_TOO_LARGE', 'amountADesired'],
    [{ amountBDesired: 2n ** 128n }, 'AMOUNT_TOO_LARGE', 'amountBDesired'],
    [{ known: { ...known, pool: null } }, 'UNKNOWN_POOL', 'poolId'],
    [{ known: { ...known, paused: true } }, 'PAUSED', null],
    [{ known: { ...known, balanceA: having(999n) } }, 'INSUFFICIENT_BALANCE', 'amountADesired'],
    [{ known: { ...known, balanceB: having(3_999n) } }, 'INSUFFICIENT_BALANCE', 'amountBDesired'],
    [{ amountALeast: least(1_001n) }, 'SLIPPAGE_EXCEEDED', 'amountAMin'],
    [{ amountBLeast: least(4_001n) }, 'SLIPPAGE_EXCEEDED', 'amountBMin'],
    [{ amountALeast: least(499n) }, 'SLIPPAGE_OUT_OF_BOUNDS', 'amountAMin'],
    [{ amountBLeast: least(1_999n) }, 'SLIPPAGE_OUT_OF_BOUNDS', 'amountBMin'],
  ] as const)('case %#: is refused as %s', (part, code, field) => {
    asked({ ...ask, ...part }).isRefused(code, field);
  });
});

describe('the fact that answers it', () => {
  const wanted = { ...terms, amountBDesired: '4000', amountAMin: '900', amountBMin: '3600' };
  const added = (part: object = {}): LiquidityAdded => ({
    type: 'LiquidityAdded',
    version: 1,
    data: {
      contract: MANAGER,
      user: ALICE,
      poolId: POOL_ID,
      amountA: '950',
      amountB: '3800',
      liquidity: '2000',
      ...part,
    },
  });

  it('tells what was added: from the least to all that was desired', () => {
    for (const [amountA, amountB] of [
      ['900', '3600'],
      ['950', '3800'],
      ['1000', '4000'],
    ] as const) {
      answered(wanted, added({ amountA, amountB })).by({
        kind: 'ADD_LIQUIDITY',
        amountA,
        amountB,
        liquidity: '2000',
      });
    }
  });
  it('is no other fact', () => answered(wanted, swapFact).byNothing());
  it.each([
    ['user', BOB],
    ['poolId', OTHER_POOL_ID],
    ['amountA', '899'],
    ['amountB', '3599'],
    ['amountA', '1001'],
    ['amountB', '4001'],
  ])('case %#: does not fit with another %s', (field, value) => {
    answered(wanted, added({ [field]: value })).notBy(field);
  });
});
