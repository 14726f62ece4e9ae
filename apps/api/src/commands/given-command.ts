import {
  assertDeadlineOnChain,
  DEADLINE_AHEAD_MS_MAX,
  type Execution,
  parseDeadline,
  parseIdempotencyKey,
  type RequestHeader,
} from '@abland/domain';
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

/**
 * @param times the clock's, in milliseconds since the epoch, and that of the chain's newest block, in seconds; null before the first
 * @throws DomainError INVALID_DEADLINE, DEADLINE_EXPIRED, DEADLINE_TOO_FAR
 */
export function headerOf(
  given: GivenCommand,
  { now, newestBlockTime }: { readonly now: number; readonly newestBlockTime: number | null },
): RequestHeader {
  const { commandId, chainId, caller: requester, execution, inputHash } = given;
  const requestedAt = new Date(now).toISOString();
  const usual = Math.max(now, (newestBlockTime ?? 0) * 1000) + DEADLINE_AHEAD_MS;
  const latest = new Date(Math.min(usual, now + DEADLINE_AHEAD_MS_MAX)).toISOString();
  const deadline = parseDeadline(given.deadline ?? latest, requestedAt);
  assertDeadlineOnChain(deadline, newestBlockTime);
  return { commandId, chainId, requester, execution, inputHash, requestedAt, deadline };
}
