import { DomainError } from '@abland/kernel';

/**
 * Every code that a refusal of this library carries. Codes are part of the API: never renamed, and a refusal for another
 * reason gets a code of its own.
 */
export const DOMAIN_ERROR_CODES = [
  // The input is malformed: nothing is recorded.
  'INVALID_NAME',
  'INVALID_SYMBOL',
  'INVALID_SUPPLY',
  'INVALID_DECIMALS',
  'INVALID_DESCRIPTION',
  'INVALID_METADATA_URI',
  'INVALID_AMOUNT',
  'AMOUNT_TOO_LARGE',
  'INVALID_ADDRESS',
  'WRONG_CHECKSUM',
  'INVALID_HASH',
  'INVALID_ID',
  'INVALID_IDEMPOTENCY_KEY',
  'INVALID_SLIPPAGE',
  'SLIPPAGE_OUT_OF_BOUNDS',
  'INVALID_DEADLINE',
  'DEADLINE_EXPIRED',
  'DEADLINE_TOO_FAR',
  'IDENTICAL_TOKENS',
  'INVALID_DISPLAY_NAME',
  'INVALID_EMAIL',
  'INVALID_BIO',
  'INVALID_AVATAR_URI',
  'INVALID_REASON',
  'ERASURE_NOT_CONFIRMED',
  // The input names what is not there.
  'UNKNOWN_TOKEN',
  'UNKNOWN_POOL',
  'TOKEN_NOT_IN_POOL',
  'UNKNOWN_USER',
  'UNKNOWN_COMMAND',
  'UNKNOWN_OPERATION',
  'UNKNOWN_CHAIN',
  'UNKNOWN_PARKED_EVENT',
  'UNKNOWN_SESSION',
  'UNKNOWN_API_KEY',
  // The state or a missing right refuses the command.
  'IDEMPOTENCY_KEY_REUSED',
  'NOT_THE_CREATOR',
  'NOT_THE_CALLER',
  'NOT_AN_OPERATOR',
  'NOT_AN_ADMIN',
  'NOT_A_CREATOR',
  'OWN_ROLE',
  'ROLE_NOT_HELD',
  'OWN_API_KEY',
  'TOO_MANY_API_KEYS',
  'SECOND_OPERATOR_NEEDED',
  'APPROVAL_NEEDED',
  'OPERATION_NOT_WAITING',
  'PARKED_EVENT_RESOLVED',
  'PARKED_EVENT_NOT_RETRIED',
  'NO_REORG_TO_DECIDE',
  'REORG_DECIDED',
  'REORG_ALARM_OVER',
  'USER_ERASED',
  'SESSION_ENDED',
  'WRONG_EXECUTION',
  'TOKEN_DEACTIVATED',
  'DEACTIVATION_PENDING',
  'POOL_EXISTS',
  'POOL_PENDING',
  'PAUSED',
  'COMMAND_CLOSED',
  'COMMAND_NOT_EXPIRED',
  'OUTCOME_FINAL',
  'INSUFFICIENT_BALANCE',
  'INSUFFICIENT_LIQUIDITY',
  'AMOUNT_TOO_SMALL',
  'SLIPPAGE_EXCEEDED',
  'RESERVE_OVERFLOW',
  // A fact of the chain claims to answer a command that it does not fit.
  'CONFIRMATION_MISMATCH',
  // Relaying.
  'RELAY_NOT_REQUESTED',
  'RELAY_REFUSED',
  'RELAY_EXPIRED',
  'RELAY_ALREADY_SIGNED',
  'RELAY_VALUE_REFUSED',
  'RELAY_QUEUE_FULL',
  'RELAY_NONCE_USED',
  'RELAY_OUT_OF_TURN',
  'SIGNATURE_OF_ANOTHER',
  'RELAYER_NONCE_MISMATCH',
  'RELAYER_COMMAND_ALREADY_SIGNED',
  // An event of the log that this version of the program cannot read.
  'UNKNOWN_EVENT_VERSION',
] as const;

export type DomainErrorCode = (typeof DOMAIN_ERROR_CODES)[number];

/** A typed refusal; `field` names the input at fault as the API calls it. */
export function refusal(
  code: DomainErrorCode,
  message: string,
  field: string | null = null,
  details: Readonly<Record<string, string | number | null>> = {},
): DomainError<DomainErrorCode> {
  return new DomainError(code, message, field, details);
}
