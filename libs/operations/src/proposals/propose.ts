import { operationDecider, operationStream } from '@abland/domain';
import { loadAggregate } from '@abland/kernel';
import { type OperatorsAct, recordOperation, type RecordingPorts } from '../recording/record-operation.js';
import { giveToOperation } from '../recording/tell-operation.js';

/** What became of an act that was asked for: done, or begun; or another operator is asked whether it may be. */
export type Asked = 'DONE' | 'AWAITS_APPROVAL';

/** What of an act is kept until it is approved, besides what every act has. */
export interface Proposed {
  readonly build: number | null;
  readonly promotesItself: boolean;
}

/**
 * Asks in the log for what a second operator has to approve before it is done.
 * @param find what the act is done to, as it is now: what it throws refuses the act, and is recorded
 * @throws DomainError INVALID_REASON, IDEMPOTENCY_KEY_REUSED
 */
export async function propose(
  ports: RecordingPorts,
  act: OperatorsAct,
  find: () => Promise<Proposed>,
): Promise<Asked> {
  const { kind, operationId, reason, requestedBy, subject } = act;
  const { state } = await loadAggregate(ports.log, operationDecider, operationStream(operationId));
  const at = new Date(ports.clock()).toISOString();
  const asked = { type: 'ProposeOperation', operationId, kind, subject, requestedBy, reason, at } as const;
  if (state.status !== 'NONE') {
    operationDecider.decide({ ...asked, build: null, promotesItself: false }, state);
    return state.status === 'AWAITING_APPROVAL' ? 'AWAITS_APPROVAL' : 'DONE';
  }
  const proposed = await find().catch((error: unknown) =>
    recordOperation<Proposed>(ports, act, () => Promise.reject(error as Error)),
  );
  await giveToOperation(ports, operationId, { ...asked, ...proposed }, requestedBy);
  return 'AWAITS_APPROVAL';
}
