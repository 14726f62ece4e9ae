import { describe, it } from '@jest/globals';
import { chainLaws } from '../testing/chain-laws.js';
import { specify } from '../testing/specification.js';
import { fact, failed, paid, type Place, txHash } from '../testing/told-events.js';
import { transactionsProjection } from './projection.js';
import { transactions } from './tables.js';

const [ALICE, ZERO, GOLD, IRON] = ['a', '0', '1', '2'].map((digit) => `0x${digit.repeat(40)}`) as [
  ...[string, string, string, string],
];
const POOL = `0x${'9'.repeat(64)}`;
const COMMAND = '00000000-0000-4000-8000-000000000001';

const transfer = (from: string, place: Place) =>
  fact('Transfer', { from, to: ALICE, amount: '1' }, { contract: GOLD, ...place });
const createdPool = (place: Place) =>
  fact('PoolCreated', { poolId: POOL, tokenA: GOLD, tokenB: IRON }, place);
const moved = (type: 'LiquidityAdded' | 'LiquidityRemoved', user: string, place: Place) =>
  fact(type, { user, poolId: POOL, amountA: '1', amountB: '1', liquidity: '1' }, place);
const swapped = (place: Place) =>
  fact(
    'Swap',
    { user: ALICE, poolId: POOL, tokenIn: GOLD, tokenOut: IRON, amountIn: '1', amountOut: '1' },
    place,
  );
const createdToken = (place: Place) =>
  fact(
    'TokenCreated',
    { tokenAddress: GOLD, creator: ALICE, name: 'Gold', symbol: 'GLD', totalSupply: '1' },
    place,
  );
const deactivated = (place: Place) => fact('TokenDeactivated', { tokenAddress: GOLD }, place);
const reverted = (reason: string | null) =>
  failed({ from: ALICE, to: GOLD, reason }, { block: 4, tx: 9, commandId: COMMAND });
const { given } = specify(transactionsProjection);

describe('transactions', () => {
  it('are one row each, where their first fact lies', () => {
    given()
      .when(transfer(ALICE, { block: 2, log: 3, commandId: COMMAND }), swapped({ block: 2, log: 5 }))
      .then(transactions, {
        chain_id: 1,
        tx_hash: txHash(2),
        type: 'SWAP',
        status: 'CONFIRMED',
        failure_reason: null,
        block_number: 2,
        block_time: 20,
        first_log_index: 3,
        user_address: ALICE,
        token: null,
        pool_id: POOL,
        command_id: COMMAND,
        ...{ payer: null, gas_used: null, gas_price: null, data_fee: null, cost: null },
      });
  });

  it('tell what they cost, and who paid, where the chain told it', () => {
    const cost = { gasUsed: '100', gasPrice: '7', dataFee: '50', total: '750' };
    const told = { payer: GOLD, gas_used: 100n, gas_price: 7n, data_fee: 50n, cost: 750n };
    given(swapped({ block: 2, log: 5, commandId: COMMAND }))
      .when(paid({ payer: GOLD, ...cost }, { block: 2, commandId: COMMAND }))
      .then(transactions, { type: 'SWAP', user_address: ALICE, ...told });
    given(reverted(null))
      .when(paid({ payer: GOLD, ...cost, dataFee: null }, { block: 4, tx: 9, commandId: COMMAND }))
      .then(transactions, { type: null, status: 'FAILED', ...told, data_fee: null });
  });

  it('tell what they sent, where the chain told it', () => {
    const cost = { payer: GOLD, gasUsed: '100', gasPrice: '7', dataFee: null, total: '700' };
    const sent = { value: '9', input: '0x12345678', inputBytes: 2_000 };
    given(swapped({ block: 2, log: 5, commandId: COMMAND }))
      .when(paid({ ...cost, ...sent }, { block: 2, commandId: COMMAND }))
      .then(transactions, { cost: 700n, value: 9n, input: '0x12345678', input_bytes: 2_000 });
    given(swapped({ block: 2, log: 5, commandId: COMMAND }))
      .when(paid(cost, { block: 2, commandId: COMMAND }))
      .then(transactions, { cost: 700n, value: null, input: null, input_bytes: null });
  });

  it('that did nothing here cost nobody anything that is shown', () => {
    const cost = { payer: GOLD, gasUsed: '100', gasPrice: '7', dataFee: null, total: '700' };
    given()
      .when(paid(cost, { block: 2, commandId: COMMAND }))
      .then(transactions);
  });

  it('of one block are told apart', () => {
    given(transfer(ALICE, { block: 2, tx: 0 }))
      .when(swapped({ block: 2, tx: 1, log: 1 }))
      .then(transactions, { type: 'TRANSFER', token: GOLD }, { type: 'SWAP', token: null });
  });

  it.each([
    ['TRANSFER', transfer(ALICE, { block: 1 }), { user_address: ALICE, token: GOLD, pool_id: null }],
    ['DEACTIVATE_TOKEN', deactivated({ block: 1 }), { user_address: ZERO, token: GOLD, pool_id: null }],
    ['SWAP', swapped({ block: 1 }), { user_address: ALICE, token: null, pool_id: POOL }],
    ['ADD_LIQUIDITY', moved('LiquidityAdded', ALICE, { block: 1 }), { user_address: ALICE, pool_id: POOL }],
    [
      'REMOVE_LIQUIDITY',
      moved('LiquidityRemoved', ALICE, { block: 1 }),
      { user_address: ALICE, pool_id: POOL },
    ],
    ['CREATE_POOL', createdPool({ block: 1 }), { user_address: ZERO, token: null, pool_id: POOL }],
    ['CREATE_TOKEN', createdToken({ block: 1 }), { user_address: ALICE, token: GOLD, pool_id: null }],
  ] as const)('that did a %s say so', (type, event, row) => {
    given()
      .when(event)
      .then(transactions, { type, ...row });
  });

  it('are called by the weightiest thing that they did, in whatever order', () => {
    const place = { block: 1 };
    const deeds = [
      transfer(ALICE, place),
      deactivated(place),
      swapped(place),
      moved('LiquidityAdded', ALICE, place),
      moved('LiquidityRemoved', ALICE, place),
      createdPool(place),
      createdToken(place),
    ];
    for (const [index, weightier] of deeds.entries()) {
      const type = ['TRANSFER', 'DEACTIVATE_TOKEN', 'SWAP', 'ADD_LIQUIDITY', 'REMOVE_LIQUIDITY'].concat([
        ...['CREATE_POOL', 'CREATE_TOKEN'],
      ])[index] as string;
      for (const lighter of deeds.slice(0, index + 1)) {
        given(lighter).when(weightier).then(transactions, { type });
        given(weightier).when(lighter).then(transactions, { type });
      }
    }
  });

  it('that did the same twice name what they did first', () => {
    given(transfer(ALICE, { block: 1 }))
      .when(transfer(ALICE, { block: 1, log: 1, contract: IRON }))
      .then(transactions, { type: 'TRANSFER', token: GOLD, first_log_index: 0 });
  });

  it('are of whoever a fact names, also where the weightiest names nobody', () => {
    given(createdPool({ block: 1 }))
      .when(moved('LiquidityAdded', ZERO, { block: 1 }), moved('LiquidityAdded', ALICE, { block: 1 }))
      .then(transactions, { type: 'CREATE_POOL', user_address: ALICE });
    given(transfer(ALICE, { block: 1 }))
      .when(createdPool({ block: 1 }))
      .then(transactions, { type: 'CREATE_POOL', user_address: ALICE });
    given()
      .when(transfer(ZERO, { block: 1 }))
      .then(transactions, { user_address: ZERO });
  });

  it('that were reverted did nothing, and say why where that is known', () => {
    given()
      .when(reverted('Expired()\0'))
      .then(transactions, {
        chain_id: 1,
        tx_hash: txHash(4, 9),
        type: null,
        status: 'FAILED',
        failure_reason: 'Expired()\u{fffd}',
        block_number: 4,
        block_time: 40,
        first_log_index: -1,
        user_address: ALICE,
        token: null,
        pool_id: null,
        command_id: COMMAND,
        ...{ payer: null, gas_used: null, gas_price: null, data_fee: null, cost: null },
      });
    given().when(reverted(null)).then(transactions, { failure_reason: null });
  });

  chainLaws(transactionsProjection, [
    transfer(ALICE, { block: 1 }),
    createdToken({ block: 1, log: 1 }),
    createdPool({ block: 2 }),
    moved('LiquidityAdded', ALICE, { block: 2, log: 1 }),
    swapped({ block: 3 }),
    moved('LiquidityRemoved', ALICE, { block: 3, tx: 1 }),
    deactivated({ block: 4 }),
    reverted(null),
    paid(
      { payer: GOLD, gasUsed: '1', gasPrice: '2', dataFee: '3', total: '5' },
      { block: 4, tx: 9, commandId: COMMAND },
    ),
  ]);
});
