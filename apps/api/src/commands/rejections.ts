import { userDecider, userStream, type DomainErrorCode } from '@abland/domain';
import { DomainError, handleCommand } from '@abland/kernel';
import type { ApiDependencies } from '../server/dependencies.js';
import type { Envelope } from './envelope.js';
import { eventIds } from './identity.js';

/** What of a command a refusal is told with. */
export type Rejectable = Pick<Envelope, 'name' | 'caller' | 'commandId' | 'inputHash' | 'correlationId'>;

/** Refusals of a well-formed command by the state or for want of a right: an auditor asks for them. All others leave nothing. */
const recorded: ReadonlySet<string> = new Set<DomainErrorCode>([
  'NOT_THE_CREATOR',
  'NOT_THE_CALLER',
  'NOT_AN_OPERATOR',
  'USER_ERASED',
  'WRONG_EXECUTION',
  'TOKEN_NOT_DEPLOYED',
  'TOKEN_DEACTIVATED',
  'DEACTIVATION_PENDING',
  'POOL_EXISTS',
  'COMMAND_CLOSED',
  'INSUFFICIENT_BALANCE',
  'INSUFFICIENT_LIQUIDITY',
  'SLIPPAGE_EXCEEDED',
  'RESERVE_OVERFLOW',
  'RELAY_REFUSED',
  'RELAY_EXPIRED',
  'SIGNATURE_OF_ANOTHER',
]);

/** Runs a decision; where a rule refuses it, the refusal is in the log before the caller hears of it. */
export async function recordingRejection<Result>(
  { store, clock }: Pick<ApiDependencies, 'store' | 'clock'>,
  envelope: Rejectable,
  decide: () => Promise<Result>,
): Promise<Result> {
  try {
    return await decide();
  } catch (error) {
    if (error instanceof DomainError && recorded.has(error.code)) {
      await recordRejection({ store, clock }, envelope, error);
    }
    throw error;
  }
}

async function recordRejection(
  { store, clock }: Pick<ApiDependencies, 'store' | 'clock'>,
  envelope: Rejectable,
  refused: DomainError,
): Promise<void> {
  const { caller, commandId, correlationId } = envelope;
  await handleCommand(
    store,
    userDecider,
    userStream(caller),
    {
      type: 'RejectCommand',
      commandId,
      address: caller,
      command: envelope.name,
      code: refused.code,
      field: refused.field,
      reason: refused.message,
      inputHash: envelope.inputHash,
      at: new Date(clock()).toISOString(),
    },
    {
      metadata: { correlationId, causationId: commandId, actor: caller },
      eventId: eventIds(commandId, `rejected:${correlationId}`),
    },
  );
}
