import {
  type OperationApproval,
  operationDecider,
  type OperationFigure,
  type OperationKind,
  operationStream,
  type RequestOperation,
} from '@abland/domain';
import { AblandError, codeOf, DomainError, loadAggregate } from '@abland/kernel';
import type { OperationOutcome } from '@abland/postgres';
import type { Pool } from 'pg';
import { type Hand, OperationOutOfHandError, OwnHand } from './hand.js';
import { giveToOperation, tellOutcome, tellWhole, type TellingPorts } from './tell-operation.js';

/** What an operator is about to do. */
export interface OperatorsAct {
  readonly operationId: string;
  readonly kind: OperationKind;
  /** What it is done to: a projection's name, a person's address, the id of what is parked, a chain's id. */
  readonly subject: string;
  /** An operator's checksummed address, or `operator:<name>` at the machine itself. */
  readonly requestedBy: string;
  readonly reason: string;
  /** By whom it was approved, where that was needed, and why. */
  readonly approval?: { readonly by: string; readonly reason: string };
}

/** What came of an act: for who asked, and for the log. */
export interface Done<Result> {
  readonly result: Result;
  /** Null where it was left to others: whoever carries it out tells what came of it. */
  readonly figures: readonly OperationFigure[] | null;
}

export interface RecordingPorts extends TellingPorts {
  /** Of the system on the log, which learns by it where whoever does an act ends. */
  readonly pool: Pool;
}

/**
 * Does what an operator asks, with a record in the log of who, why, and what came of it. The record of the request comes
 * before anything is done, and before that the note by which others tell what came of it, should this program end in between.
 * @throws DomainError INVALID_REASON, and whatever the act itself throws, which is recorded too
 * @throws OperationOutOfHandError where it was asked for anew meanwhile, or nothing was heard of this program for too long
 */
export async function recordOperation<Result>(
  ports: RecordingPorts,
  act: OperatorsAct,
  run: (hand: Hand) => Promise<Done<Result>>,
): Promise<Result> {
  // Of two who approve one act, the one who is refused has not taken it out of the other's hand.
  const takesOver = act.approval === undefined;
  const hand = await OwnHand.take(ports.pool, act.operationId, takesOver);
  try {
    await request(ports, act, hand);
    const { figures, result } = await attempt(ports, act, hand, run);
    if (figures === null) return result;
    const outcome = await tell(ports, act, hand, { kind: 'DONE', figures });
    if (outcome.kind === 'DONE') return result;
    throw new OperationOutOfHandError(
      'It was done, after it was told as failed: nothing had been heard of it',
    );
  } finally {
    await hand.release();
  }
}

/**
 * Does what an operator asks where no database tells others of it, and records it once it is over, whole: nobody could tell what
 * came of one that was asked for and whose program is gone. Only for what changes nothing of the system.
 * @throws DomainError INVALID_REASON, and whatever the act itself throws, which is recorded too
 */
export async function recordWhenOver<Result>(
  ports: TellingPorts,
  act: OperatorsAct,
  run: () => Promise<{ readonly result: Result; readonly figures: readonly OperationFigure[] }>,
): Promise<Result> {
  const request = requestOf(ports, act);
  operationDecider.decide(request, operationDecider.initialState);
  const failed = (error: unknown): Promise<never> =>
    tellWhole(ports, request, { kind: 'FAILED', ...failureOf(error) })
      .catch(() => undefined)
      .then(() => Promise.reject(error));
  const { figures, result } = await run().catch(failed);
  await tellWhole(ports, request, { kind: 'DONE', figures });
  return result;
}

/**
 * Whether it was done before; else it may be done, or done once more.
 * @throws DomainError what the operation as it stands is refused with: INVALID_REASON, IDEMPOTENCY_KEY_REUSED, APPROVAL_NEEDED,
 * UNKNOWN_OPERATION, OPERATION_NOT_WAITING, SECOND_OPERATOR_NEEDED
 */
export async function isDone(ports: TellingPorts, act: OperatorsAct): Promise<boolean> {
  const { state } = await loadAggregate(ports.log, operationDecider, operationStream(act.operationId));
  operationDecider.decide(openingOf(ports, act), state);
  return state.status === 'COMPLETED';
}

/** What an act begins with in the log. */
function openingOf(ports: TellingPorts, act: OperatorsAct): RequestOperation | OperationApproval {
  const at = new Date(ports.clock()).toISOString();
  return act.approval === undefined
    ? requestOf(ports, act)
    : { type: 'ApproveOperation', ...act.approval, at };
}

function requestOf({ clock }: TellingPorts, act: OperatorsAct): RequestOperation {
  const { kind, operationId, reason, requestedBy, subject } = act;
  const at = new Date(clock()).toISOString();
  return { type: 'RequestOperation', operationId, kind, subject, requestedBy, reason, at };
}

/** Who says that it is to be done now. */
const actorOf = ({ approval, requestedBy }: OperatorsAct): string => approval?.by ?? requestedBy;

async function request(ports: RecordingPorts, act: OperatorsAct, hand: OwnHand): Promise<void> {
  try {
    await giveToOperation(ports, act.operationId, openingOf(ports, act), actorOf(act));
  } catch (error) {
    if (error instanceof DomainError) await hand.forget();
    throw error;
  }
}

async function attempt<Result>(
  ports: RecordingPorts,
  act: OperatorsAct,
  hand: OwnHand,
  run: (hand: Hand) => Promise<Done<Result>>,
): Promise<Done<Result>> {
  try {
    return await run(hand);
  } catch (error) {
    // Out of hand, another tells of it; what cannot be told now is told by who finds the note.
    if (!(error instanceof OperationOutOfHandError)) {
      await tell(ports, act, hand, { kind: 'FAILED', ...failureOf(error) }).catch(() => undefined);
    }
    throw error;
  }
}

/** What is told is what was noted first: an act may have been done whose answer was lost. */
async function tell(
  ports: RecordingPorts,
  act: OperatorsAct,
  hand: OwnHand,
  outcome: OperationOutcome,
): Promise<OperationOutcome> {
  const settled = await hand.settle(outcome);
  await tellOutcome(ports, act.operationId, settled, actorOf(act));
  await hand.forget();
  return settled;
}

/** Only errors of ours are told by their text: others may hold what is nobody's business. */
function failureOf(error: unknown): { readonly code: string; readonly reason: string } {
  if (error instanceof DomainError || error instanceof AblandError) {
    return { code: error.code, reason: error.message };
  }
  return { code: codeOf(error), reason: error instanceof Error ? error.name : typeof error };
}
