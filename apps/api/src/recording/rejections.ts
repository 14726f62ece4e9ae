import { userDecider, userStream, type DomainErrorCode } from '@abland/domain';
import { type Clock, DomainError, type EventStore, handleCommand } from '@abland/kernel';
import { eventIds } from './identity.js';

/** What of a command a refusal is told with. */
export interface Rejectable {
  /** The mutation's name. */
  readonly name: string;
  readonly caller: string;
  readonly commandId: string;
  /** Null for a command that concerns no chain. */
  readonly chainId: number | null;
  readonly inputHash: string;
  readonly correlationId: string;
}

/** Where refusals are recorded, and when. */
export interface RejectionLog {
  readonly log: EventStore;
  readonly clock: Clock;
}

/** Refusals of a well-formed command by the state or for want of a right: an auditor asks for them. All others leave nothing. */
const recorded: ReadonlySet<string> = new Set<DomainErrorCode>([
  'NOT_THE_CREATOR',
  'NOT_AN_OPERATOR',
  'NOT_AN_ADMIN',
  'NOT_A_CREATOR',
  'OWN_ROLE',
  'OWN_API_KEY',
  'ROLE_NOT_HELD',
  'SECOND_OPERATOR_NEEDED',
  'APPROVAL_NEEDED',
  'OPERATION_NOT_WAITING',
  'UNKNOWN_OPERATION',
  'INVALID_REASON',
  'NO_REORG_TO_DECIDE',
  'REORG_DECIDED',
  'REORG_ALARM_OVER',
  'USER_ERASED',
  'WRONG_EXECUTION',
  'TOKEN_DEACTIVATED',
  'DEACTIVATION_PENDING',
  'POOL_EXISTS',
  'POOL_PENDING',
  'PAUSED',
  'COMMAND_CLOSED',
  'INSUFFICIENT_BALANCE',
  'INSUFFICIENT_LIQUIDITY',
  'SLIPPAGE_EXCEEDED',
  'RESERVE_OVERFLOW',
  'RELAY_REFUSED',
  'RELAY_EXPIRED',
  'RELAY_VALUE_REFUSED',
  'RELAY_QUEUE_FULL',
  'SIGNATURE_OF_ANOTHER',
]);

/** Runs a decision; where a rule refuses it, the refusal is in the log before the caller hears of it. */
export async function recordingRejection<Result>(
  to: RejectionLog,
  command: Rejectable,
  decide: () => Promise<Result>,
): Promise<Result> {
  try {
    return await decide();
  } catch (error) {
    if (error instanceof DomainError && recorded.has(error.code)) await record(to, command, error);
    throw error;
  }
}

async function record(
  { log, clock }: RejectionLog,
  command: Rejectable,
  refused: DomainError,
): Promise<void> {
  const { name, caller, commandId, chainId, inputHash, correlationId } = command;
  const { code, field, message: reason } = refused;
  const at = new Date(clock()).toISOString();
  const told = { commandId, chainId, inputHash, code, field, reason, at };
  await handleCommand(
    log,
    userDecider,
    userStream(caller),
    { type: 'RejectCommand', address: caller, command: name, ...told },
    {
      metadata: { correlationId, causationId: commandId, actor: caller },
      eventId: eventIds(commandId, `rejected:${correlationId}`),
    },
  );
}
