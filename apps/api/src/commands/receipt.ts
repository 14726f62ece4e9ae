import { forwardRequestTypedData, type ContractCall } from '@abland/chain';
import {
  deactivationTransaction,
  orderTransaction,
  poolTransaction,
  creationTransaction,
  secondsOf,
  type Execution as ExecutionMode,
  type OrderState,
  type PoolState,
  type RelayTarget,
  type TokenState,
} from '@abland/domain';
import { invariant } from '@abland/kernel';
import { commandById, feesInForceNow, poolById } from '@abland/projections';
import { ApiError } from '../errors/api-error.js';
import type { ApiServices } from '../server/services.js';
import { type Execution, orderExecution, poolCreation, tokenCreation, tokenDeactivation } from './call.js';
import type { CommandKind, CommandProgress, CommandReceipt } from './command.types.js';
import { requestRelay } from './relay.js';

/** A command as its aggregate knows it. */
interface Accepted {
  readonly commandId: string;
  readonly kind: CommandKind;
  readonly target: RelayTarget;
  readonly caller: string;
  readonly status: CommandProgress;
  readonly execution: ExecutionMode;
  readonly deadline: string;
  readonly txHash: string | null;
  /** Encodes what is to be signed; not asked for once that is done. */
  readonly plan: () => Execution | Promise<Execution>;
}

export async function tokenReceipt(
  api: ApiServices,
  state: TokenState,
  correlationId: string,
): Promise<CommandReceipt> {
  invariant(state.status !== 'NONE', 'A receipt needs a request');
  const { request } = state;
  return receipt(api, correlationId, {
    commandId: request.tokenId,
    kind: 'CREATE_TOKEN',
    target: { kind: 'TOKEN_CREATION', id: request.tokenId },
    caller: request.creator,
    status: progressOf[state.status],
    execution: request.execution,
    deadline: request.deadline,
    txHash: creationTransaction(state),
    plan: async () => tokenCreation(api.config.chain, request, await creationFee(api)),
  });
}

/** Of one deactivation of a token: an earlier one, closed by now, is known to the read models alone. */
export async function deactivationReceipt(
  api: ApiServices,
  state: TokenState,
  commandId: string,
  correlationId: string,
): Promise<CommandReceipt> {
  const current = currentDeactivation(state, commandId);
  if (current === null) return closedReceipt(api, commandId);
  const { deactivation, request, tokenAddress } = current;
  return receipt(api, correlationId, {
    commandId,
    kind: 'DEACTIVATE_TOKEN',
    target: { kind: 'TOKEN_DEACTIVATION', id: request.tokenId },
    caller: request.requestedBy,
    status: progressOf[deactivation.status],
    execution: request.execution,
    deadline: request.deadline,
    txHash: deactivationTransaction(deactivation),
    plan: () => tokenDeactivation(api.config.chain, request, tokenAddress),
  });
}

function currentDeactivation(state: TokenState, commandId: string) {
  if (state.status !== 'DEPLOYED' || state.deactivation.status === 'NONE') return null;
  const { deactivation, tokenAddress } = state;
  const { request } = deactivation;
  return request?.commandId === commandId ? { deactivation, request, tokenAddress } : null;
}

async function closedReceipt(api: ApiServices, commandId: string): Promise<CommandReceipt> {
  const closed = await commandById(api.readModel, commandId);
  if (closed === null) throw behind('The command is not in the read models for now');
  return {
    commandId,
    kind: 'DEACTIVATE_TOKEN',
    entityId: closed.entityId ?? commandId,
    status: closed.status,
    execution: closed.execution ?? 'WALLET',
    deadline: closed.deadline ?? closed.requestedAt,
    txHash: closed.txHash,
    transaction: null,
    approvals: [],
    signatureRequest: null,
  };
}

export async function poolReceipt(
  api: ApiServices,
  state: PoolState,
  correlationId: string,
): Promise<CommandReceipt> {
  invariant(state.status !== 'NONE', 'A receipt needs a request');
  const { request } = state;
  return receipt(api, correlationId, {
    commandId: request.requestId,
    kind: 'CREATE_POOL',
    target: { kind: 'POOL_CREATION', id: request.requestId },
    caller: request.creator,
    status: progressOf[state.status],
    execution: request.execution,
    deadline: request.deadline,
    txHash: poolTransaction(state),
    plan: () => poolCreation(api.config.chain, request),
  });
}

export async function orderReceipt(
  api: ApiServices,
  state: OrderState,
  correlationId: string,
): Promise<CommandReceipt> {
  invariant(state.status !== 'NONE', 'A receipt needs a request');
  const { request } = state;
  return receipt(api, correlationId, {
    commandId: request.orderId,
    kind: request.terms.kind,
    target: { kind: 'ORDER', id: request.orderId },
    caller: request.user,
    status: progressOf[state.status],
    execution: request.execution,
    deadline: request.deadline,
    txHash: orderTransaction(state),
    plan: async () => {
      const pool = await poolById(api.readModel, request.poolId);
      if (pool === null) throw behind('The pool is not in the read models for now');
      return orderExecution(api.config.chain, request, pool);
    },
  });
}

/** What is signed is told only while nothing is on its way: signing it twice would do it twice. */
async function receipt(api: ApiServices, correlationId: string, accepted: Accepted): Promise<CommandReceipt> {
  const { commandId, kind, target, status, execution, deadline, txHash, caller } = accepted;
  const told = { commandId, kind, entityId: target.id, status, execution, deadline, txHash };
  const nothing = { transaction: null, approvals: [], signatureRequest: null };
  if (status !== 'ACCEPTED') return { ...told, ...nothing };
  const plan = await accepted.plan();
  const transaction = (call: ContractCall) => ({ ...call, chainId: api.config.chain.chainId });
  const approvals = plan.approvals.map(transaction);
  if (execution === 'WALLET') {
    return { ...told, transaction: transaction(plan.call), approvals, signatureRequest: null };
  }
  const { forwarder, chainId } = api.config.chain;
  if (forwarder === null) {
    throw new ApiError('RELAY_UNAVAILABLE', 'This server sends no relayed commands', 'execution');
  }
  const relay = await requestRelay(api, {
    commandId,
    caller,
    correlationId,
    target,
    call: plan.call,
    gasMax: plan.gasMax,
    deadline: secondsOf(deadline),
  });
  const signatureRequest =
    relay.status === 'REQUESTED' ? forwardRequestTypedData({ chainId, forwarder }, relay.request) : null;
  return { ...told, transaction: null, approvals, signatureRequest };
}

async function creationFee(api: ApiServices): Promise<bigint> {
  const fees = await feesInForceNow(api.readModel);
  if (fees === null) throw behind('The fees of the chain are not known yet');
  return fees.tokenCreationFee;
}

const behind = (message: string): ApiError => new ApiError('SERVICE_UNAVAILABLE', message);

const progressOf = {
  REQUESTED: 'ACCEPTED',
  SUBMITTED: 'SUBMITTED',
  DEPLOYED: 'CONFIRMED',
  CONFIRMED: 'CONFIRMED',
  FINALIZED: 'FINALIZED',
  FAILED: 'FAILED',
  EXPIRED: 'EXPIRED',
  REVERTED: 'REVERTED',
} as const satisfies Record<string, CommandProgress>;
