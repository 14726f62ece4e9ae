import { setTimeout as sleep } from 'node:timers/promises';
import { v5 } from 'uuid';
import {
  chainStream,
  type LoggedFact,
  PARKING_FACT_VERSIONS,
  type ParkedLogResolved,
  refusal,
} from '@abland/domain';
import { type EventStore, type NewEvent, type Revision, WrongExpectedRevisionError } from '@abland/kernel';
import { readFact } from '../decode/read-fact.js';
import { sourceOfRole } from '../decode/source-of-role.js';
import { settingOf, type SinceParked, sinceParked } from './since-parked.js';

/** An operator's decision of a parked log. */
export interface ParkedLogDecision {
  readonly chainId: number;
  /** Of the LogParked, and its revision on the chain's stream. */
  readonly eventId: string;
  readonly revision: Revision;
  readonly operationId: string;
  /** An operator's address, or `operator:<name>`. */
  readonly decidedBy: string;
}

/**
 * Facts that may be taken late: each sets a value, whole, in the place of the one before, so that only a later one of the same
 * kind makes it wrong. What others mean hangs on what stood before them: balances, reserves, votes.
 */
const TAKEN_LATE: ReadonlySet<LoggedFact['type']> = new Set<LoggedFact['type']>([
  ...(['TokenMetadataUpdated', 'TokenDeactivated', 'CreationFeeUpdated', 'SwapFeeUpdated'] as const),
  ...(['ProtocolFeeUpdated', 'FeeRecipientUpdated', 'GuardianUpdated', 'VotingDelaySet'] as const),
  ...(['VotingPeriodSet', 'ProposalThresholdSet', 'QuorumNumeratorUpdated', 'TimelockDelayChanged'] as const),
]);
const TRIES = 20;
const PAUSE_MS = 100;

/**
 * Reads a parked log anew. Where it tells a fact now, that fact is appended at the end of the chain's stream, with its own place on
 * the chain: whoever folds the log, live or from its beginning, meets it there.
 * @returns the fact's type
 * @throws DomainError UNKNOWN_PARKED_EVENT, PARKED_EVENT_RESOLVED
 * @throws DomainError PARKED_EVENT_NOT_RETRIED with `why`: UNREADABLE, NOT_FINAL, BOUND_TO_ITS_ORDER, SUPERSEDED
 * @throws WrongExpectedRevisionError where ingestion leaves no moment for it
 */
export async function retryParkedLog(store: EventStore, decision: ParkedLogDecision): Promise<string> {
  let type: string | null = null;
  const before = await decide(store, decision, 'RETRIED', (since) => {
    const fact = factOf(since);
    type = fact.type;
    return [fact];
  });
  return type ?? before ?? '';
}

/** Leaves a parked log out for good. @throws DomainError UNKNOWN_PARKED_EVENT, PARKED_EVENT_RESOLVED */
export async function skipParkedLog(store: EventStore, decision: ParkedLogDecision): Promise<void> {
  await decide(store, decision, 'SKIPPED', () => []);
}

/**
 * With the stream's exact revision, between two blocks: an ingester that appends meanwhile comes first, or reads on after us. What the
 * same operation decided before stays as it was: whoever asked may have ended before they heard of it.
 * @returns the fact that was taken in before; null where this decided
 */
async function decide(
  store: EventStore,
  decision: ParkedLogDecision,
  resolution: ParkedLogResolved['data']['resolution'],
  factsOf: (since: SinceParked) => readonly LoggedFact[],
): Promise<string | null> {
  const stream = chainStream(decision.chainId);
  for (let tries = 1; ; tries += 1) {
    const since = await sinceParked(store, decision.chainId, decision);
    if (since.resolved?.operationId === decision.operationId) return since.resolved.fact;
    if (since.over)
      throw refusal('PARKED_EVENT_RESOLVED', 'It was decided on before, or a reorg took it back', 'id');
    const events = eventsOf(since, decision, resolution, factsOf(since));
    try {
      if (!since.whole) throw new WrongExpectedRevisionError(stream, since.revision, since.revision);
      await store.append(stream, events, since.revision);
      return null;
    } catch (error) {
      if (!(error instanceof WrongExpectedRevisionError) || tries === TRIES) throw error;
      await sleep(PAUSE_MS);
    }
  }
}

function factOf({ final, parked, set }: SinceParked): LoggedFact {
  const { data } = parked;
  const refused = (why: string, message: string) =>
    refusal('PARKED_EVENT_NOT_RETRIED', message, 'id', { why });
  const read = readFact({ ...data.log, address: data.log.address.toLowerCase() }, sourceOfRole(data));
  if (read.kind !== 'fact') {
    const reason = read.kind === 'parked' ? read.fact.data.reason : 'nobody asks for it';
    throw refused('UNREADABLE', `It is no fact for this version either: ${reason}`);
  }
  const { fact } = read;
  if (!TAKEN_LATE.has(fact.type))
    throw refused('BOUND_TO_ITS_ORDER', `What ${fact.type} means hangs on its place: it can only be skipped`);
  if (!final) throw refused('NOT_FINAL', 'Its block is not final: a reorg may still take it back');
  if (set.has(settingOf(fact.type, fact.data)))
    throw refused('SUPERSEDED', `A later ${fact.type} took its place: it can only be skipped`);
  return fact;
}

function eventsOf(
  { parked }: SinceParked,
  { decidedBy: actor, eventId, operationId }: ParkedLogDecision,
  resolution: ParkedLogResolved['data']['resolution'],
  facts: readonly LoggedFact[],
): readonly NewEvent[] {
  const metadata = { ...parked.metadata, causationId: parked.id };
  const resolved: ParkedLogResolved['data'] = { eventId, resolution, operationId };
  return [
    ...facts.map(({ data, type, version }): NewEvent => ({
      ...{ id: v5('retried', parked.id), type, version, metadata },
      data: data as unknown as NewEvent['data'],
    })),
    {
      ...{ id: v5('resolved', parked.id), type: 'ParkedLogResolved' },
      version: PARKING_FACT_VERSIONS.ParkedLogResolved,
      data: resolved,
      metadata: { ...metadata, actor, correlationId: operationId },
    },
  ];
}
