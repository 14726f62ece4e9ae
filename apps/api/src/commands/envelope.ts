import { parseIdempotencyKey, parseDeadline, type Execution, type RequestEnvelope } from '@abland/domain';
import type { Clock, Json } from '@abland/kernel';
import { commandIdOf, inputHashOf } from './identity.js';

/** What every command's input holds beside its own fields. */
export interface CommonInput {
  readonly idempotencyKey: string;
  readonly execution?: Execution | null | undefined;
  readonly deadline?: string | null | undefined;
}

/** A command on its way in: who gives it, under which id, and how it is to be carried out. */
export interface Envelope {
  /** The mutation's name. */
  readonly name: string;
  readonly caller: string;
  readonly commandId: string;
  readonly inputHash: string;
  readonly execution: Execution;
  readonly correlationId: string;
  /** As the caller wrote it; null: the usual one. It is judged only for a command that is not known yet. */
  readonly deadline: string | null;
}

/** Long enough for a person to find and press the wallet's button. */
const DEADLINE_AHEAD_MS = 20 * 60 * 1000;

export interface Given {
  readonly name: string;
  readonly caller: string;
  readonly correlationId: string;
  readonly input: CommonInput;
  /** The command's own fields as they were understood; they make its identity together with the common ones. */
  readonly meant: Readonly<Record<string, Json>>;
}

/** @throws DomainError INVALID_IDEMPOTENCY_KEY */
export function sealEnvelope({ name, caller, correlationId, input, meant }: Given): Envelope {
  const key = parseIdempotencyKey(input.idempotencyKey);
  const execution = input.execution ?? 'WALLET';
  const deadline = input.deadline ?? null;
  return {
    name,
    caller,
    commandId: commandIdOf(caller, key),
    inputHash: inputHashOf(name, { ...meant, execution, deadline }),
    execution,
    correlationId,
    deadline,
  };
}

/** @throws DomainError INVALID_DEADLINE, DEADLINE_EXPIRED, DEADLINE_TOO_FAR */
export function timedRequest(envelope: Envelope, clock: Clock): RequestEnvelope {
  const now = clock();
  const requestedAt = new Date(now).toISOString();
  const usual = new Date(now + DEADLINE_AHEAD_MS).toISOString();
  return {
    execution: envelope.execution,
    inputHash: envelope.inputHash,
    requestedAt,
    deadline: parseDeadline(envelope.deadline ?? usual, requestedAt),
  };
}
