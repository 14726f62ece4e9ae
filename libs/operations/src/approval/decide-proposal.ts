import { operationDecider, type OperationState, operationStream, refusal } from '@abland/domain';
import { loadAggregate, type Logger } from '@abland/kernel';
import { actOnBuilds, isBuildAct } from '../builds/act-on-builds.js';
import { decideParkedEvent } from '../parked/decide-parked-event.js';
import type { DecisionPorts } from '../recording/decision-ports.js';
import type { OperatorsAct } from '../recording/record-operation.js';
import { giveToOperation } from '../recording/tell-operation.js';

export interface ProposalPorts extends DecisionPorts {
  readonly logger: Logger;
}

/** What an operator says to what another one asked for. */
export interface Decision {
  readonly operationId: string;
  /** A checksummed address, or `operator:<name>`. */
  readonly by: string;
  readonly reason: string;
}

/**
 * Does what another operator asked for. Said again by the same operator, it is done if it was not yet.
 * @throws DomainError INVALID_REASON, UNKNOWN_OPERATION, OPERATION_NOT_WAITING, SECOND_OPERATOR_NEEDED; what the act itself is refused
 * with, which is recorded as what came of it
 */
export async function approveOperation(ports: ProposalPorts, decision: Decision): Promise<void> {
  const { operationId, ...approval } = decision;
  const { state } = await loadAggregate(ports.log, operationDecider, operationStream(operationId));
  const at = new Date(ports.clock()).toISOString();
  operationDecider.decide({ type: 'ApproveOperation', ...approval, at }, state);
  if (state.status === 'NONE') return;
  await carryOut(ports, state, { ...actOf(state), approval });
}

/**
 * Says that it is not to be done.
 * @throws DomainError INVALID_REASON, UNKNOWN_OPERATION, OPERATION_NOT_WAITING
 */
export async function declineOperation(
  ports: Pick<ProposalPorts, 'log' | 'clock'>,
  { operationId, ...said }: Decision,
): Promise<void> {
  const at = new Date(ports.clock()).toISOString();
  await giveToOperation(ports, operationId, { type: 'DeclineOperation', ...said, at }, said.by);
}

type Asked = Exclude<OperationState, { status: 'NONE' }>;

const actOf = ({ kind, operationId, reason, requestedBy, subject }: Asked): OperatorsAct => ({
  ...{ operationId, kind, subject, requestedBy, reason },
});

async function carryOut(ports: ProposalPorts, asked: Asked, act: OperatorsAct): Promise<void> {
  const { build, kind, promotesItself } = asked;
  if (isBuildAct(kind)) {
    const named = build === null ? {} : { build };
    await actOnBuilds(ports, { ...act, kind, promotesItself, ...named });
    return;
  }
  if (kind !== 'SKIP_PARKED_EVENT' && kind !== 'RETRY_PARKED_EVENT')
    throw refusal('OPERATION_NOT_WAITING', 'It waits for nobody’s approval', 'operationId', { kind });
  await decideParkedEvent(ports, { ...act, kind });
}
