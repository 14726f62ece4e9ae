import { describe, it } from '@jest/globals';
import type { LiquidityAdded, PoolCreated } from '../chain/facts.js';
import { specifyKind } from '../request/asking.fixture.js';
import { ALICE, BOB, MANAGER, OTHER_POOL_ID, POOL_ID, TOKEN_A, TOKEN_B } from '../testing/samples.fixture.js';
import { having } from './balance.fixture.js';

const { asked, answered, keepsItsKey } = specifyKind('CREATE_POOL', 'PoolCreationRequested');

const known = {
  tokenA: { active: true },
  tokenB: { active: true },
  poolExists: false,
  poolPending: false,
  paused: false,
  balanceA: having(5_000n),
  balanceB: having(20_000n),
};
const terms = { poolId: POOL_ID, tokenA: TOKEN_A, tokenB: TOKEN_B, amountA: '5000', amountB: '20000' };
const ask = { ...terms, amountA: 5_000n, amountB: 20_000n, known } as const;

const created = (poolId = POOL_ID): PoolCreated => ({
  type: 'PoolCreated',
  version: 1,
  data: { contract: MANAGER, poolId, tokenA: TOKEN_A, tokenB: TOKEN_B },
});
const deposit = (part: object = {}): LiquidityAdded => ({
  type: 'LiquidityAdded',
  version: 1,
  data: {
    contract: MANAGER,
    user: ALICE,
    poolId: POOL_ID,
    amountA: '5000',
    amountB: '20000',
    liquidity: '9000',
    ...part,
  },
});

describe('a request for a pool', () => {
  it('is accepted', () => asked(ask).isAcceptedWith(terms));
  it('is put in the order of the addresses, each with its amount', () => {
    const exchanged = { tokenA: TOKEN_B, tokenB: TOKEN_A, amountA: 20_000n, amountB: 5_000n };
    const balances = { ...known, balanceA: having(20_000n), balanceB: having(5_000n) };
    asked({ ...ask, ...exchanged, known: balances }).isAcceptedWith(terms);
  });
  it('is accepted where a balance is not known: the chain decides', () => {
    asked({ ...ask, known: { ...known, balanceA: null, balanceB: null } }).isAcceptedWith(terms);
  });
  it('keeps its key', () => keepsItsKey(ask, terms));
  it.each([
    [{ tokenB: TOKEN_A }, 'IDENTICAL_TOKENS', 'tokenB'],
    [{ tokenB: TOKEN_A.toLowerCase() }, 'IDENTICAL_TOKENS', 'tokenB'],
    [{ amountA: 0n }, 'INVALID_AMOUNT', 'amountA'],
    [{ amountB: -1n }, 'INVALID_AMOUNT', 'amountB'],
    [{ amountB: 2n ** 128n }, 'AMOUNT_TOO_LARGE', 'amountB'],
    [{ amountA: 1_000n, amountB: 1_000n }, 'AMOUNT_TOO_SMALL', 'amountA'],
    [{ amountA: 5_001n }, 'INSUFFICIENT_BALANCE', 'amountA'],
    [{ amountB: 20_001n }, 'INSUFFICIENT_BALANCE', 'amountB'],
    [{ known: { ...known, tokenA: null } }, 'UNKNOWN_TOKEN', 'tokenA'],
    [{ known: { ...known, tokenB: null } }, 'UNKNOWN_TOKEN', 'tokenB'],
    [{ known: { ...known, tokenA: { active: false } } }, 'TOKEN_DEACTIVATED', 'tokenA'],
    [{ known: { ...known, tokenB: { active: false } } }, 'TOKEN_DEACTIVATED', 'tokenB'],
    [{ known: { ...known, poolExists: true } }, 'POOL_EXISTS', 'tokenB'],
    [{ known: { ...known, poolPending: true } }, 'POOL_PENDING', 'tokenB'],
    [{ known: { ...known, balanceA: having(5_000n, 1n) } }, 'INSUFFICIENT_BALANCE', 'amountA'],
    [{ known: { ...known, paused: true } }, 'PAUSED', null],
  ] as const)('case %#: is refused as %s', (part, code, field) => {
    asked({ ...ask, ...part }).isRefused(code, field);
  });
});

describe('the fact that answers it', () => {
  const outcome = { kind: 'CREATE_POOL', poolId: POOL_ID, liquidity: '9000' } as const;

  it('is the first deposit: the pool was created before, in the same transaction', () => {
    answered(terms, deposit(), [created()]).by(outcome);
    answered(terms, deposit()).byNothing();
    answered(terms, deposit(), [created(OTHER_POOL_ID)]).byNothing();
    answered(terms, created()).byNothing();
  });
  it('is not the minimum that the first deposit locks', () => {
    const locked = { user: `0x${'0'.repeat(40)}`, amountA: '0', amountB: '0', liquidity: '1000' };
    answered(terms, deposit(locked), [created()]).byNothing();
  });
  it.each([
    ['user', BOB],
    ['amountA', '5001'],
    ['amountB', '19999'],
  ])('does not fit with another %s', (field, value) => {
    answered(terms, deposit({ [field]: value }), [created()]).notBy(field);
  });
  it('does not fit of another pool', () => {
    answered(terms, deposit({ poolId: OTHER_POOL_ID }), [created(OTHER_POOL_ID)]).notBy('poolId');
  });
});
