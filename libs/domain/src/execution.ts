import { refusal } from './errors.js';
import { sameAddress } from './input/address.js';
import { millisecondsOf } from './input/deadline.js';
import type { Address, BlockNumber, Execution, Hash, HexData, Instant } from './values.js';

/** Where on the chain a command was carried out or refused. */
export interface MinedIn {
  readonly txHash: Hash;
  readonly blockNumber: BlockNumber;
  readonly blockHash: Hash;
}

/** A transaction that was mined and reverted. Its tag claims the command; who sent it must bear that out. */
export interface RevertedTransaction extends MinedIn {
  readonly sender: Address;
  readonly reason: string | null;
}

/** A command on its way to the chain. */
export interface Pending {
  readonly owner: Address;
  readonly execution: Execution;
  readonly deadline: Instant;
  /** The transaction told last; null before the first. */
  readonly txHash: Hash | null;
}

/** The same command again is nothing new; another one under its key is refused. */
export function assertSameInput(known: HexData, inputHash: HexData): void {
  if (known !== inputHash) {
    throw refusal('IDEMPOTENCY_KEY_REUSED', 'This key was used with another input', 'idempotencyKey');
  }
}

/**
 * Only the caller tells the transaction of a WALLET command, only our sender (`by` null) that of a RELAYED one.
 * @throws DomainError NOT_THE_CALLER, WRONG_EXECUTION
 */
export function assertMaySubmit(pending: Pending, by: Address | null): void {
  if (by === null) return;
  if (!sameAddress(by, pending.owner)) {
    throw refusal('NOT_THE_CALLER', 'The command was given by another address', 'commandId');
  }
  if (pending.execution !== 'WALLET') {
    throw refusal('WRONG_EXECUTION', 'The transaction of a relayed command is ours to send', 'commandId');
  }
}

/**
 * Anyone can send a transaction that carries another's command id and fails. It counts only where the caller's wallet sent
 * it, or, for a relayed command, where it is the one that our sender told.
 * @throws DomainError CONFIRMATION_MISMATCH
 */
export function assertOwnTransaction(pending: Pending, reverted: RevertedTransaction): void {
  if (pending.execution === 'WALLET' && !sameAddress(reverted.sender, pending.owner)) {
    throw mismatch('sender', pending.owner, reverted.sender);
  }
  if (pending.execution === 'RELAYED' && reverted.txHash !== pending.txHash) {
    throw mismatch('txHash', pending.txHash, reverted.txHash);
  }
}

/**
 * @throws DomainError COMMAND_NOT_EXPIRED: a block of the deadline's second is still in time.
 */
export function assertExpired(deadline: Instant, at: Instant): void {
  if (millisecondsOf(at) <= millisecondsOf(deadline)) {
    throw refusal('COMMAND_NOT_EXPIRED', 'The deadline has not passed', 'at', { deadline, at });
  }
}

/** A fact that claims to answer a command and differs from it in `field`. */
export function mismatch(
  field: string,
  expected: string | null,
  actual: string | null,
): ReturnType<typeof refusal> {
  return refusal('CONFIRMATION_MISMATCH', `The fact does not fit the command: another ${field}`, field, {
    expected,
    actual,
  });
}

/**
 * @throws DomainError CONFIRMATION_MISMATCH
 */
export function assertAddressFits(field: string, expected: Address, actual: Address): void {
  if (!sameAddress(expected, actual)) throw mismatch(field, expected, actual);
}

/**
 * @throws DomainError CONFIRMATION_MISMATCH
 */
export function assertTextFits(field: string, expected: string, actual: string): void {
  if (expected !== actual) throw mismatch(field, expected, actual);
}

/**
 * Whether a fact is the one already recorded. The same transaction in another block is news: it was mined again.
 * @throws DomainError CONFIRMATION_MISMATCH for another transaction: the command was carried out before.
 */
export function isRecorded(known: Pick<MinedIn, 'txHash' | 'blockHash'>, fact: MinedIn): boolean {
  assertTextFits('txHash', known.txHash, fact.txHash);
  return known.blockHash === fact.blockHash;
}

/** What every command of a person to the chain carries. */
export interface RequestEnvelope {
  readonly execution: Execution;
  readonly inputHash: HexData;
  readonly requestedAt: Instant;
  readonly deadline: Instant;
}

export const envelopeOf = ({
  execution,
  inputHash,
  requestedAt,
  deadline,
}: RequestEnvelope): RequestEnvelope => ({ execution, inputHash, requestedAt, deadline });

export const COMMAND_EXPIRED = 'EXPIRED';
export const COMMAND_REVERTED = 'REVERTED';
/** What a failure says where the chain gives no reason. */
export const REASON_UNKNOWN = 'The contract gave no reason';
export const REASON_EXPIRED = 'The deadline passed before the chain carried it out';
