import { refusal } from '../vocabulary/errors.js';
import { sameAddress } from '../input/address.js';
import { secondsOf } from '../input/deadline.js';
import type { AuthorizeRelay, RecordRelayFailure, RelayCommand, RequestRelay } from './commands.js';
import type { ForwardRequest, RelayProgress } from './events.js';
import { type AcceptedRequest, isOpen, type Relay } from './state.js';
import { requestEvent } from './request-event.js';

/** The part of a RELAYED request's way that lies between its user and our sender. */
export function decideRelay(command: RelayCommand, state: AcceptedRequest): readonly RelayProgress[] {
  switch (command.type) {
    case 'RequestRelay':
      return requestRelay(command, state);
    case 'AuthorizeRelay':
      return authorize(command, state, assertRelay(state));
    case 'RecordRelayFailure':
      return recordFailure(command, state, assertRelay(state));
    default:
      return command satisfies never;
  }
}

/**
 * The same one however often it is asked for; another one only until it is signed.
 * @throws DomainError WRONG_EXECUTION, RELAY_VALUE_REFUSED
 */
function requestRelay({ forward }: RequestRelay, state: AcceptedRequest): readonly RelayProgress[] {
  if (state.request.execution !== 'RELAYED') {
    throw refusal('WRONG_EXECUTION', 'The caller’s own wallet sends this request', 'commandId');
  }
  if (state.relay !== null && !isToBeReplaced(state, state.relay, forward)) return [];
  assertNoValue(forward, 'execution');
  return [requestEvent(state, 'RelayRequested', { forward })];
}

/** Whoever may ask for a signed request would spend what our sender has. */
function assertNoValue({ value }: ForwardRequest, field: string): void {
  if (value === '0') return;
  throw refusal('RELAY_VALUE_REFUSED', 'Our sender pays gas, and no value', field, { value });
}

const isToBeReplaced = (state: AcceptedRequest, { status, forward: known }: Relay, other: ForwardRequest) =>
  state.status === 'ACCEPTED' &&
  status === 'REQUESTED' &&
  (Object.keys(known) as (keyof ForwardRequest)[]).some((field) => known[field] !== other[field]);

/** @throws DomainError RELAY_NOT_REQUESTED */
function assertRelay({ relay }: AcceptedRequest): Relay {
  if (relay === null) {
    throw refusal('RELAY_NOT_REQUESTED', 'No signature is asked for by this command', 'commandId');
  }
  return relay;
}

/**
 * The same signature again is nothing new; another one would not be used.
 * @throws DomainError SIGNATURE_OF_ANOTHER, RELAY_ALREADY_SIGNED, RELAY_REFUSED, COMMAND_CLOSED, RELAY_EXPIRED,
 * RELAY_VALUE_REFUSED
 */
function authorize(command: AuthorizeRelay, state: AcceptedRequest, relay: Relay): readonly RelayProgress[] {
  if (command.signer === null || !sameAddress(command.signer, relay.forward.from)) {
    throw refusal('SIGNATURE_OF_ANOTHER', 'The signature is not of the address in the request', 'signature');
  }
  if (relay.status === 'AUTHORIZED') {
    if (relay.signature === command.signature) return [];
    throw refusal('RELAY_ALREADY_SIGNED', 'The command has another signature', 'signature');
  }
  if (state.status === 'FAILED') {
    throw refusal('RELAY_REFUSED', 'The command was given up', 'commandId', { code: state.code });
  }
  if (state.status !== 'ACCEPTED') {
    throw refusal('COMMAND_CLOSED', 'The request is closed', 'commandId', { status: state.status });
  }
  if (secondsOf(command.at) > relay.forward.deadline) {
    const { deadline } = relay.forward;
    throw refusal('RELAY_EXPIRED', 'The request has expired', 'commandId', { deadline });
  }
  assertNoValue(relay.forward, 'commandId');
  return [requestEvent(state, 'RelayAuthorized', { signature: command.signature })];
}

/** Attempts are counted from 1; one that is recorded is not recorded again. */
function recordFailure(
  command: RecordRelayFailure,
  state: AcceptedRequest,
  relay: Relay,
): readonly RelayProgress[] {
  if (!isOpen(state) || relay.status !== 'AUTHORIZED' || command.attempt <= relay.failures) return [];
  const { attempt, reason, retryAt } = command;
  return [requestEvent(state, 'RelayAttemptFailed', { attempt, reason, retryAt })];
}
