import { parseIdempotencyKey, parseDeadline, type Execution, type RequestHeader } from '@abland/domain';
import type { Clock } from '@abland/kernel';
import type { ServedChain } from '../chains/served-chain.js';
import { commandIdOf, inputHashOf, type Understood } from '../recording/identity.js';
import type { Rejectable } from '../recording/rejections.js';
import type { CommonCommandInput } from './types/command.inputs.js';

/** A command on its way in: who gives it, under which id, and how it is to be carried out. */
export interface GivenCommand extends Rejectable {
  readonly chainId: number;
  readonly execution: Execution;
  /** As the caller wrote it; null: the usual one. It is judged only for a command that is not known yet. */
  readonly deadline: string | null;
}

/** Long enough for a person to find and press the wallet's button. */
const DEADLINE_AHEAD_MS = 20 * 60 * 1000;

export interface Given {
  /** The mutation's name. */
  readonly name: string;
  readonly caller: string;
  readonly correlationId: string;
  readonly chain: ServedChain;
  readonly input: CommonCommandInput;
  /** The command's own fields as they were understood; they make its identity together with the common ones. */
  readonly wanted: Readonly<Record<string, Understood>>;
}

/** @throws DomainError INVALID_IDEMPOTENCY_KEY */
export function identify({ name, caller, correlationId, chain, input, wanted }: Given): GivenCommand {
  const { chainId } = chain;
  const execution = input.execution ?? 'WALLET';
  const deadline = input.deadline ?? null;
  return {
    ...{ name, caller, correlationId, chainId, execution, deadline },
    commandId: commandIdOf(chainId, caller, parseIdempotencyKey(input.idempotencyKey)),
    inputHash: inputHashOf(name, { ...wanted, execution, deadline }),
  };
}

/** @throws DomainError INVALID_DEADLINE, DEADLINE_EXPIRED, DEADLINE_TOO_FAR */
export function headerOf(given: GivenCommand, clock: Clock): RequestHeader {
  const { commandId, chainId, caller: requester, execution, inputHash } = given;
  const now = clock();
  const requestedAt = new Date(now).toISOString();
  const usual = new Date(now + DEADLINE_AHEAD_MS).toISOString();
  const deadline = parseDeadline(given.deadline ?? usual, requestedAt);
  return { commandId, chainId, requester, execution, inputHash, requestedAt, deadline };
}
