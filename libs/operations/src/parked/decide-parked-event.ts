import { retryParkedLog, skipParkedLog } from '@abland/chain';
import { refusal } from '@abland/domain';
import { parkedLogRevision } from '@abland/projections';
import type { Pool } from 'pg';
import { isOnlyProposed, type NeedingApproval } from '../proposals/needed.js';
import { type Asked, propose } from '../proposals/propose.js';
import type { DecisionPorts } from '../recording/decision-ports.js';
import { isDone, type OperatorsAct, recordOperation } from '../recording/record-operation.js';

export type ParkedEventAct = OperatorsAct & { readonly kind: 'RETRY_PARKED_EVENT' | 'SKIP_PARKED_EVENT' };

const OF_INGESTION = /^INGESTION\/(\d{1,15})\/([0-9a-f-]{36})$/;

export interface ParkedEventPorts extends DecisionPorts {
  /** Absent: nothing needs a second operator. */
  readonly approvals?: NeedingApproval;
}

/**
 * Retries or skips what ingestion parked, once for one operation; what needs a second operator is only proposed.
 * @param act its subject is the id in `parkedEvents`
 * @throws DomainError UNKNOWN_PARKED_EVENT, PARKED_EVENT_RESOLVED, PARKED_EVENT_NOT_RETRIED, INVALID_REASON, IDEMPOTENCY_KEY_REUSED
 */
export async function decideParkedEvent(ports: ParkedEventPorts, act: ParkedEventAct): Promise<Asked> {
  const { approvals = new Set(), clock, log, pool } = ports;
  const { operationId, requestedBy: decidedBy, subject } = act;
  if (isOnlyProposed(approvals, act)) {
    return propose(ports, act, async () => {
      await parkedLog(pool, subject);
      return { build: null, promotesItself: false };
    });
  }
  if (await isDone(ports, act)) return 'DONE';
  await recordOperation({ log, clock, pool }, act, async () => {
    const parked = { ...(await parkedLog(pool, subject)), operationId, decidedBy };
    if (act.kind === 'SKIP_PARKED_EVENT') {
      await skipParkedLog(log, parked);
      return { result: undefined, figures: [] };
    }
    const fact = await retryParkedLog(log, parked);
    return { result: undefined, figures: [{ name: 'fact', value: fact }] };
  });
  return 'DONE';
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
