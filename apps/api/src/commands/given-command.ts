import {
  assertDeadlineOnChain,
  type Execution,
  parseDeadline,
  parseIdempotencyKey,
  type RequestHeader,
} from '@abland/domain';
import type { ServedChain } from '../served-chains/served-chain.js';
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
 * @returns the header, and the later of both times, which the deadline is counted from
 * @throws DomainError INVALID_DEADLINE, DEADLINE_EXPIRED, DEADLINE_TOO_FAR
 */
export function headerOf(
  given: GivenCommand,
  { now, newestBlockTime }: { readonly now: number; readonly newestBlockTime: number | null },
): { readonly header: RequestHeader; readonly countedFrom: string } {
  const { commandId, chainId, caller: requester, execution, inputHash } = given;
  const requestedAt = new Date(now).toISOString();
  // A chain whose time is ahead of the clock would be in time for no deadline that is counted from the clock alone.
  const later = Math.max(now, (newestBlockTime ?? 0) * 1000);
  const countedFrom = new Date(later).toISOString();
  const usual = new Date(later + DEADLINE_AHEAD_MS).toISOString();
  const deadline = parseDeadline(given.deadline ?? usual, countedFrom);
  assertDeadlineOnChain(deadline, newestBlockTime);
  const header = { commandId, chainId, requester, execution, inputHash, requestedAt, deadline };
  return { header, countedFrom };
}
