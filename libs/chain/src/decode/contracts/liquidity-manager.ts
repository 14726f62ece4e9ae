import { INTERFACES } from '../../contracts/interfaces.js';
import { contractEvents } from '../reading/contract-events.js';
import { address, amount, count, hash } from '../reading/fields.js';
import { staticFact } from '../reading/static-fact.js';
import { FEE_RECIPIENT, OWNERSHIP } from './inherited.js';

const liquidityChange = {
  user: address('user'),
  poolId: hash('poolId'),
  amountA: amount('amountA'),
  amountB: amount('amountB'),
  liquidity: amount('liquidity'),
};
const feeChange = { oldFee: amount('oldFee'), newFee: amount('newFee') };

export const LIQUIDITY_MANAGER_EVENTS = contractEvents(INTERFACES.ABLiquidityManager, [
  staticFact('PoolCreated', 'PoolCreated', {
    poolId: hash('poolId'),
    tokenA: address('tokenA'),
    tokenB: address('tokenB'),
  }),
  staticFact('LiquidityAdded', 'LiquidityAdded', liquidityChange),
  staticFact('LiquidityRemoved', 'LiquidityRemoved', liquidityChange),
  staticFact('Swap', 'Swap', {
    user: address('user'),
    poolId: hash('poolId'),
    tokenIn: address('tokenIn'),
    tokenOut: address('tokenOut'),
    amountIn: amount('amountIn'),
    amountOut: amount('amountOut'),
  }),
  staticFact('Sync', 'Sync', {
    poolId: hash('poolId'),
    reserveA: amount('reserveA'),
    reserveB: amount('reserveB'),
  }),
  staticFact('SwapFeeUpdated', 'SwapFeeUpdated', feeChange),
  staticFact('ProtocolFeeUpdated', 'ProtocolFeeUpdated', feeChange),
  staticFact('ProtocolFeesCollected', 'ProtocolFeesCollected', {
    token: address('token'),
    recipient: address('recipient'),
    amount: amount('amount'),
  }),
  staticFact('GuardianUpdated', 'GuardianUpdated', {
    oldGuardian: address('oldGuardian'),
    newGuardian: address('newGuardian'),
  }),
  staticFact('Paused', 'Paused', { account: address('account') }),
  staticFact('Unpaused', 'Unpaused', { account: address('account') }),
  staticFact('PausedUntil', 'PausedUntil', { until: count('until') }),
  staticFact('PayoutKept', 'PayoutKept', {
    user: address('user'),
    token: address('token'),
    amount: amount('amount'),
  }),
  staticFact('PayoutClaimed', 'PayoutClaimed', {
    user: address('user'),
    token: address('token'),
    recipient: address('recipient'),
    amount: amount('amount'),
  }),
  FEE_RECIPIENT,
  ...OWNERSHIP,
]);
