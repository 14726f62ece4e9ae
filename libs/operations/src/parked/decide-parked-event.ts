import { retryParkedLog, skipParkedLog } from '@abland/chain';
import { type OperationFigure, refusal } from '@abland/domain';
import {
  isParkedByProcess,
  isRetried,
  type ParkedByProcess,
  parkedByProcess,
  retryParkedByProcess,
  skipParkedByProcess,
} from '@abland/processes';
import {
  beginRebuild,
  isParked,
  parkedByProjection,
  parkedLogRevision,
  skipParkedIn,
} from '@abland/projections';
import { figuresOf, notingIn } from '../builds/act-on-builds.js';
import { isOnlyProposed, type NeedingApproval } from '../proposals/needed.js';
import { type Asked, propose } from '../proposals/propose.js';
import type { Hand } from '../recording/hand.js';
import type { DecisionPorts } from '../recording/decision-ports.js';
import { isDone, type OperatorsAct, recordOperation } from '../recording/record-operation.js';

export type ParkedEventAct = OperatorsAct & { readonly kind: 'RETRY_PARKED_EVENT' | 'SKIP_PARKED_EVENT' };

const OF_INGESTION = /^INGESTION\/(\d{1,15})\/([0-9a-f-]{36})$/;

export interface ParkedEventPorts extends DecisionPorts {
  /** Absent: nothing needs a second operator. */
  readonly approvals?: NeedingApproval;
}

/**
 * Retries or skips what was parked, once for one operation; what needs a second operator is only proposed. A log that ingestion parked
 * is decided on in its chain's stream. What a projection parked is retried by a build from the first event on, which takes the live one's
 * place as any other does, and skipped by every build from now on. What a process parked is retried by letting it go over the log again,
 * and left out whenever it does so from now on where it was skipped.
 * @param act its subject is the id in `parkedEvents`
 * @throws DomainError UNKNOWN_PARKED_EVENT, PARKED_EVENT_RESOLVED, PARKED_EVENT_NOT_RETRIED, INVALID_REASON, IDEMPOTENCY_KEY_REUSED;
 * of a retry what builds refuse (`isBuildRefusal`)
 */
export async function decideParkedEvent(ports: ParkedEventPorts, act: ParkedEventAct): Promise<Asked> {
  const { approvals = new Set(), clock, log, pool } = ports;
  const decide = decisionOn(act.subject);
  if (isOnlyProposed(approvals, act)) {
    return propose(ports, act, async () => {
      await decide.require(ports);
      return { build: null, promotesItself: false };
    });
  }
  if (await isDone(ports, act)) return 'DONE';
  await recordOperation({ log, clock, pool }, act, async (hand) => {
    const figures = await decide[act.kind](ports, act, hand);
    return { result: undefined, figures };
  });
  return 'DONE';
}

type Decide = (
  ports: ParkedEventPorts,
  act: ParkedEventAct,
  hand: Hand,
) => Promise<readonly OperationFigure[]>;

/** What can be decided on what is parked at one place. */
interface ParkedDecisions extends Readonly<Record<ParkedEventAct['kind'], Decide>> {
  /** @throws DomainError UNKNOWN_PARKED_EVENT, PARKED_EVENT_NOT_RETRIED */
  readonly require: (ports: ParkedEventPorts) => Promise<unknown>;
}

function decisionOn(id: string): ParkedDecisions {
  const parked = parkedByProjection(id);
  if (parked !== null) return byProjection(parked);
  const ofProcess = parkedByProcess(id);
  if (ofProcess !== null) return byProcess(ofProcess);
  if (id.startsWith('STREAM/')) return NOT_DECIDED;
  return byIngestion(id);
}

const byProjection = (parked: { readonly projection: string; readonly eventId: string }): ParkedDecisions => {
  const require = async ({ pool }: ParkedEventPorts): Promise<void> => {
    if (!(await isParked(pool, parked))) throw unknownParkedEvent();
  };
  return {
    require,
    SKIP_PARKED_EVENT: async (ports, { operationId }, hand) => {
      await require(ports);
      await skipParkedIn(ports.pool, { ...parked, operationId }, (client) => hand.noteDone(client, []));
      return [];
    },
    RETRY_PARKED_EVENT: async (ports, { reason, requestedBy: askedBy }, hand) => {
      await require(ports);
      const { approvals, pool } = ports;
      const promotesItself = approvals?.has('PROMOTE_PROJECTION') !== true;
      const { projection } = parked;
      const note = notingIn(hand);
      return figuresOf([await beginRebuild({ pool, projection, askedBy, reason, promotesItself, note })]);
    },
  };
};

const byProcess = (parked: ParkedByProcess): ParkedDecisions => {
  const require = async ({ pool }: ParkedEventPorts): Promise<void> => {
    if (!(await isParkedByProcess(pool, parked))) throw unknownParkedEvent();
  };
  return {
    require,
    SKIP_PARKED_EVENT: async (ports, { operationId }, hand) => {
      await require(ports);
      await skipParkedByProcess(ports.pool, { ...parked, operationId }, (client) =>
        hand.noteDone(client, []),
      );
      return [];
    },
    RETRY_PARKED_EVENT: async (ports, _act, hand) => {
      await require(ports);
      if (!isRetried(parked))
        throw notRetried('Who sends transactions asks for what follows from them anew by itself');
      const figures = [{ name: 'process', value: parked.process }];
      await retryParkedByProcess(ports.pool, parked, (client) => hand.noteDone(client, figures));
      return figures;
    },
  };
};

const byIngestion = (id: string): ParkedDecisions => {
  const [, chainId, eventId] = OF_INGESTION.exec(id) ?? [];
  const parkedLog = async ({ pool }: ParkedEventPorts) => {
    if (chainId === undefined || eventId === undefined) throw unknownParkedEvent();
    const log = { chainId: Number(chainId), eventId };
    const revision = await parkedLogRevision(pool, log);
    if (revision === null) throw unknownParkedEvent();
    return { ...log, revision };
  };
  return {
    require: parkedLog,
    SKIP_PARKED_EVENT: async (ports, { operationId, requestedBy: decidedBy }) => {
      await skipParkedLog(ports.log, { ...(await parkedLog(ports)), operationId, decidedBy });
      return [];
    },
    RETRY_PARKED_EVENT: async (ports, { operationId, requestedBy: decidedBy }) => {
      const parked = { ...(await parkedLog(ports)), operationId, decidedBy };
      return [{ name: 'fact', value: await retryParkedLog(ports.log, parked) }];
    },
  };
};

const notRetried = (message: string) =>
  refusal('PARKED_EVENT_NOT_RETRIED', message, 'id', { why: 'NOT_DECIDED_HERE' });
const notDecided = (): Promise<never> =>
  Promise.reject(notRetried('Of a message of the log stream nothing was lost'));
const NOT_DECIDED: ParkedDecisions = {
  require: notDecided,
  SKIP_PARKED_EVENT: notDecided,
  RETRY_PARKED_EVENT: notDecided,
};

const unknownParkedEvent = () => refusal('UNKNOWN_PARKED_EVENT', 'Nothing of this id is parked', 'id');
