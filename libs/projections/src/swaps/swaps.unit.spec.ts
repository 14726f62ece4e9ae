import { describe, it } from '@jest/globals';
import { chainLaws } from '../testing/chain-laws.js';
import { specify } from '../testing/specification.js';
import { fact, onChain, txHash } from '../testing/told-events.js';
import { swapsProjection } from './projection.js';
import { contractSettings } from '../contracts/tables.js';
import { swaps } from './tables.js';

const [BOB, A, B] = ['b', '1', '2'].map((digit) => `0x${digit.repeat(40)}`) as [string, string, string];
const POOL = `0x${'9'.repeat(64)}`;
const COMMAND = '00000000-0000-4000-8000-000000000001';

const fee = (type: 'SwapFeeUpdated' | 'ProtocolFeeUpdated', newFee: number, block = 1) =>
  fact(type, { oldFee: '0', newFee: `${newFee}` }, { block });
const OPENING = [fee('SwapFeeUpdated', 30), fee('ProtocolFeeUpdated', 10)];
const swapped = (block: number, tokenIn = A, commandId?: string) =>
  fact(
    'Swap',
    {
      ...{ user: BOB, poolId: POOL, tokenIn, tokenOut: tokenIn === A ? B : A },
      ...{ amountIn: '9999', amountOut: '5000' },
    },
    { block, log: 2, ...(commandId === undefined ? {} : { commandId }) },
  );
const { given } = specify(swapsProjection);

describe('swaps', () => {
  it('are kept with the fee that they paid, the whole of it rounded up as in a quote', () => {
    given(...OPENING)
      .when(swapped(2, A, COMMAND))
      .then(swaps, {
        chain_id: 1,
        block_number: 2,
        log_index: 2,
        pool_id: POOL,
        user_address: BOB,
        token_in: A,
        token_out: B,
        amount_in: 9_999n,
        amount_out: 5_000n,
        sells_a: true,
        amount_a: 9_999n,
        amount_b: 5_000n,
        fee: 30n,
        protocol_fee: 9n,
        tx_hash: txHash(2),
        block_time: 20,
        command_id: COMMAND,
      });
  });

  it('have their amounts by side of the pool, whichever was sold', () => {
    given(...OPENING)
      .when(swapped(2, B))
      .then(swaps, { sells_a: false, amount_a: 5_000n, amount_b: 9_999n, fee: 30n, command_id: null });
  });

  it('pay the fee in force at them, and not a later one or another chain’s', () => {
    given(...OPENING, swapped(2), onChain(2, fee('SwapFeeUpdated', 9_000, 2)))
      .when(fee('SwapFeeUpdated', 100, 3), swapped(3))
      .then(swaps, { block_number: 2, fee: 30n }, { block_number: 3, fee: 100n, protocol_fee: 9n })
      .then(
        contractSettings,
        { chain_id: 1, swap_fee: 100n, protocol_fee: 10n },
        { chain_id: 2, swap_fee: 9_000n, protocol_fee: null },
      );
  });

  it('are put aside where their contract never said its fees, for none is not the fee', () => {
    given().when(swapped(2)).thenRefused('An event of something unknown');
    given(fee('SwapFeeUpdated', 30))
      .when(swapped(2))
      .thenRefused('A swap at a contract that never told its fees');
  });

  chainLaws(swapsProjection, [
    ...OPENING,
    fact('OwnershipTransferred', { previousOwner: A, newOwner: BOB }, { block: 1, log: 3 }),
    fact('FeeRecipientUpdated', { oldRecipient: A, newRecipient: BOB }, { block: 1, log: 4 }),
    fact('GuardianUpdated', { oldGuardian: A, newGuardian: BOB }, { block: 1, log: 5 }),
    fact('CreationFeeUpdated', { oldFee: '0', newFee: '7' }, { block: 1, log: 6 }),
    swapped(2),
    fact('OwnershipTransferStarted', { previousOwner: BOB, newOwner: A }, { block: 3, log: 1 }),
    fact('Paused', { account: BOB }, { block: 3, log: 2 }),
    fact('PausedUntil', { until: 99 }, { block: 3, log: 4 }),
    fee('SwapFeeUpdated', 100, 3),
    fact('Unpaused', { account: BOB }, { block: 4, log: 1 }),
    swapped(4),
  ]);
});
