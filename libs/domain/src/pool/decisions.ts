import type { Decider } from '@abland/kernel';
import { EVENT_VERSIONS } from '../catalogue.js';
import { refusal } from '../errors.js';
import {
  COMMAND_EXPIRED,
  COMMAND_REVERTED,
  REASON_EXPIRED,
  REASON_UNKNOWN,
  assertAddressFits,
  assertExpired,
  assertMaySubmit,
  assertOwnTransaction,
  assertTextFits,
  isRecorded,
  type Pending,
} from '../execution.js';
import type {
  ConfirmPoolCreation,
  PoolCommand,
  RetractPool,
  RevertPoolCreation,
  SubmitPoolCreation,
} from './commands.js';
import type { PoolCreationFailed, PoolEvent } from './events.js';
import { requestPoolCreation } from './request.js';
import { evolvePool, initialPool, poolTransaction, type PoolState, type RequestedPool } from './state.js';

/** The creation of a pool, from its request to the chain. */
export const poolDecider: Decider<PoolCommand, PoolState, PoolEvent> = {
  initialState: initialPool,
  decide,
  evolve: evolvePool,
};

function decide(command: PoolCommand, state: PoolState): readonly PoolEvent[] {
  if (command.type === 'RequestPoolCreation') return requestPoolCreation(command, state);
  if (state.status === 'NONE') {
    throw refusal('POOL_NOT_REQUESTED', 'No such pool was requested', 'commandId');
  }
  switch (command.type) {
    case 'SubmitPoolCreation':
      return submit(command, state);
    case 'ConfirmPoolCreation':
      return confirm(command, state);
    case 'RevertPoolCreation':
      return revert(command, state);
    case 'FailPoolCreation':
      return isOpen(state) ? [failed(state, command.code, command.reason)] : [];
    case 'ExpirePoolCreation':
      if (!isOpen(state)) return [];
      assertExpired(state.request.deadline, command.at);
      return [failed(state, COMMAND_EXPIRED, REASON_EXPIRED)];
    case 'RetractPool':
      return retract(command, state);
    default:
      return command satisfies never;
  }
}

function submit(command: SubmitPoolCreation, pool: RequestedPool): readonly PoolEvent[] {
  assertMaySubmit(pendingCreation(pool), command.by);
  if (poolTransaction(pool) === command.txHash || pool.status === 'DEPLOYED') return [];
  if (pool.status === 'FAILED') {
    throw refusal('COMMAND_CLOSED', 'The creation has failed', 'commandId', { code: pool.code });
  }
  return [
    {
      type: 'PoolCreationSubmitted',
      version: EVENT_VERSIONS.PoolCreationSubmitted,
      data: { requestId: pool.request.requestId, txHash: command.txHash },
    },
  ];
}

/** Whatever was believed before: the pool is there. */
function confirm(command: ConfirmPoolCreation, pool: RequestedPool): readonly PoolEvent[] {
  const { request } = pool;
  assertTextFits('poolId', request.poolId, command.poolId);
  assertAddressFits('user', request.creator, command.user);
  assertTextFits('amountA', request.amountA, command.amountA.toString());
  assertTextFits('amountB', request.amountB, command.amountB.toString());
  if (pool.status === 'DEPLOYED' && isRecorded(pool.mined, command)) return [];
  return [
    {
      type: 'PoolDeployed',
      version: EVENT_VERSIONS.PoolDeployed,
      data: {
        requestId: request.requestId,
        poolId: request.poolId,
        txHash: command.txHash,
        blockNumber: command.blockNumber,
        blockHash: command.blockHash,
      },
    },
  ];
}

function revert(command: RevertPoolCreation, pool: RequestedPool): readonly PoolEvent[] {
  assertOwnTransaction(pendingCreation(pool), command);
  if (pool.status === 'DEPLOYED') return [];
  if (pool.status === 'FAILED' && pool.reverted?.blockHash === command.blockHash) return [];
  return [failed(pool, COMMAND_REVERTED, command.reason ?? REASON_UNKNOWN, command)];
}

function retract({ blockHashes }: RetractPool, pool: RequestedPool): readonly PoolEvent[] {
  const ended = pool.status === 'DEPLOYED' ? pool.mined : pool.status === 'FAILED' ? pool.reverted : null;
  if (ended === null || !blockHashes.includes(ended.blockHash)) return [];
  return [
    {
      type: 'PoolDeploymentRetracted',
      version: EVENT_VERSIONS.PoolDeploymentRetracted,
      data: { requestId: pool.request.requestId, txHash: ended.txHash, blockHash: ended.blockHash },
    },
  ];
}

const isOpen = (pool: RequestedPool): boolean => pool.status === 'REQUESTED' || pool.status === 'SUBMITTED';

const pendingCreation = (pool: RequestedPool): Pending => ({
  owner: pool.request.creator,
  execution: pool.request.execution,
  deadline: pool.request.deadline,
  txHash: poolTransaction(pool),
});

function failed(
  pool: RequestedPool,
  code: string,
  reason: string,
  reverted: RevertPoolCreation | null = null,
): PoolCreationFailed {
  return {
    type: 'PoolCreationFailed',
    version: EVENT_VERSIONS.PoolCreationFailed,
    data: {
      requestId: pool.request.requestId,
      code,
      reason,
      txHash: reverted?.txHash ?? null,
      blockHash: reverted?.blockHash ?? null,
    },
  };
}
