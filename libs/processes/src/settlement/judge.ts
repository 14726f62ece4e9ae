import { type LoggedFact, REQUEST_KINDS } from '@abland/domain';
import { DomainError, type Logger } from '@abland/kernel';
import type { Recorded } from '../engine/recorded.js';
import { type Failure, isFailure, type MinedFact } from './followed-events.js';
import type { SettlementReader } from './settlement-reader.js';
import type { TrackedRequest } from './tracked-request.js';

export interface JudgingContext {
  readonly log: SettlementReader;
  readonly logger: Logger;
}

/** A fact that answers a request, and those of its transaction before it where it takes them. */
export interface Answer {
  readonly fact: LoggedFact;
  readonly before: readonly LoggedFact[];
}

/** Whether a fact may be what became of a request. */
export async function fits(
  request: TrackedRequest,
  fact: MinedFact,
  context: JudgingContext,
): Promise<boolean> {
  return isFailure(fact) ? isSentBy(request, fact) : (await judge(request, fact, context)) !== null;
}

/** A failure says nothing of a request that another's transaction names. */
export function isSentBy({ execution, relayer, requester }: TrackedRequest, { data }: Failure): boolean {
  return data.from.toLowerCase() === (execution === 'RELAYED' ? relayer : requester);
}

/**
 * How a fact answers a request; null where it does not. Those before it are a read away, and most kinds answer without them.
 */
export async function judge(
  { commandId, kind: name }: TrackedRequest,
  fact: MinedFact,
  { log, logger }: JudgingContext,
): Promise<Answer | null> {
  const kind = REQUEST_KINDS[name];
  const logged = fact as Recorded<LoggedFact>;
  if (!kind.answeredBy.includes(logged.type)) return null;
  const { data } = await log.requested(commandId);
  try {
    if (kind.outcome(data as never, logged, []) !== null) return { fact: logged, before: [] };
    const before = await log.before(fact);
    return kind.outcome(data as never, logged, before) === null ? null : { fact: logged, before };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const fields = { commandId, factId: fact.id, fact: fact.type, reason: error.message };
    logger.debug(fields, 'fact does not fit');
    return null;
  }
}
