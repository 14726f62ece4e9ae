import { retryParkedLog, skipParkedLog } from '@abland/chain';
import { operationDecider, operationStream, refusal } from '@abland/domain';
import { loadAggregate } from '@abland/kernel';
import { parkedLogRevision } from '@abland/projections';
import type { Pool } from 'pg';
import type { DecisionPorts } from '../recording/decision-ports.js';
import { type OperatorsAct, recordOperation } from '../recording/record-operation.js';

export type ParkedEventAct = OperatorsAct & { readonly kind: 'RETRY_PARKED_EVENT' | 'SKIP_PARKED_EVENT' };

const OF_INGESTION = /^INGESTION\/(\d{1,15})\/([0-9a-f-]{36})$/;

/**
 * Retries or skips what ingestion parked, once for one operation.
 * @param act its subject is the id in `parkedEvents`
 * @throws DomainError UNKNOWN_PARKED_EVENT, PARKED_EVENT_RESOLVED, PARKED_EVENT_NOT_RETRIED, INVALID_REASON, IDEMPOTENCY_KEY_REUSED
 */
export async function decideParkedEvent(
  { log, clock, pool }: DecisionPorts,
  act: ParkedEventAct,
): Promise<void> {
  const { operationId, requestedBy: decidedBy, subject } = act;
  const { state } = await loadAggregate(log, operationDecider, operationStream(operationId));
  operationDecider.decide({ type: 'RequestOperation', ...act, at: new Date(clock()).toISOString() }, state);
  if (state.status === 'COMPLETED') return;
  const parked = { ...(await parkedLog(pool, subject)), operationId, decidedBy };
  await recordOperation({ log, clock, pool }, act, async () => {
    if (act.kind === 'SKIP_PARKED_EVENT') {
      await skipParkedLog(log, parked);
      return { result: undefined, figures: [] };
    }
    const fact = await retryParkedLog(log, parked);
    return { result: undefined, figures: [{ name: 'fact', value: fact }] };
  });
}

async function parkedLog(
  pool: Pool,
  id: string,
): Promise<{ chainId: number; eventId: string; revision: bigint }> {
  if (/^(STREAM|PROJECTION|PROCESS)\//.test(id)) {
    const message =
      'A read model is rebuilt, and what a process parked is asked for anew: only what ingestion parked is decided on';
    throw refusal('PARKED_EVENT_NOT_RETRIED', message, 'id', { why: 'NOT_OF_INGESTION' });
  }
  const [, chainId, eventId] = OF_INGESTION.exec(id) ?? [];
  if (chainId === undefined || eventId === undefined) throw unknownParkedEvent();
  const log = { chainId: Number(chainId), eventId };
  const revision = await parkedLogRevision(pool, log);
  if (revision === null) throw unknownParkedEvent();
  return { ...log, revision };
}

const unknownParkedEvent = () => refusal('UNKNOWN_PARKED_EVENT', 'Nothing of this id is parked', 'id');
