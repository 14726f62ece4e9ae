import type { Decider } from '@abland/kernel';
import { EVENT_VERSIONS } from '../catalogue.js';
import { refusal } from '../errors.js';
import { sameAddress } from '../input/address.js';
import { secondsOf } from '../input/deadline.js';
import type { Address, Count, HexData, Instant, Uuid } from '../values.js';
import type { ForwardRequest, RelayEvent, RelayTarget } from './events.js';

/** The request that the user is asked to sign. */
export interface RequestRelay {
  readonly type: 'RequestRelay';
  readonly commandId: Uuid;
  readonly target: RelayTarget;
  readonly request: ForwardRequest;
}
export interface AuthorizeRelay {
  readonly type: 'AuthorizeRelay';
  readonly signature: HexData;
  /** Whose signature of the request it is: the caller recovers it. Null where it is nobody's. */
  readonly signer: Address | null;
  readonly at: Instant;
}
/** An attempt to send failed for a reason that may pass. */
export interface RecordRelayFailure {
  readonly type: 'RecordRelayFailure';
  readonly attempt: Count;
  readonly reason: string;
  readonly retryAt: Instant;
}
/** Nothing was sent, and nothing will be. */
export interface RefuseRelay {
  readonly type: 'RefuseRelay';
  readonly code: string;
  readonly reason: string;
}
export type RelayCommand = RequestRelay | AuthorizeRelay | RecordRelayFailure | RefuseRelay;

interface Requested {
  readonly commandId: Uuid;
  readonly target: RelayTarget;
  readonly request: ForwardRequest;
}
export type RelayState =
  | { readonly status: 'NONE' }
  | (Requested & { readonly status: 'REQUESTED' })
  | (Requested & {
      readonly status: 'AUTHORIZED';
      readonly signature: HexData;
      /** How often sending failed. */
      readonly failures: Count;
      readonly retryAt: Instant | null;
    })
  | (Requested & { readonly status: 'REFUSED'; readonly code: string });

/** A command's way to the chain through our sender. */
export const relayDecider: Decider<RelayCommand, RelayState, RelayEvent> = {
  initialState: { status: 'NONE' },
  decide,
  evolve,
};

type RequestedRelay = Exclude<RelayState, { status: 'NONE' }>;

function decide(command: RelayCommand, state: RelayState): readonly RelayEvent[] {
  switch (command.type) {
    case 'RequestRelay': {
      if (state.status !== 'NONE') return [];
      const { commandId, target, request } = command;
      return [
        {
          type: 'RelayRequested',
          version: EVENT_VERSIONS.RelayRequested,
          data: { commandId, target, request },
        },
      ];
    }
    case 'AuthorizeRelay':
      return authorize(command, assertRequested(state));
    case 'RecordRelayFailure':
      return recordFailure(command, assertRequested(state));
    case 'RefuseRelay':
      return refuse(command, assertRequested(state));
    default:
      return command satisfies never;
  }
}

function assertRequested(state: RelayState): RequestedRelay {
  if (state.status === 'NONE') {
    throw refusal('RELAY_NOT_REQUESTED', 'No signature is asked for by this command', 'commandId');
  }
  return state;
}

/** One valid signature is as good as another: the first is kept. */
function authorize(command: AuthorizeRelay, relay: RequestedRelay): readonly RelayEvent[] {
  if (command.signer === null || !sameAddress(command.signer, relay.request.from)) {
    throw refusal('SIGNATURE_OF_ANOTHER', 'The signature is not of the address in the request', 'signature');
  }
  switch (relay.status) {
    case 'AUTHORIZED':
      return [];
    case 'REFUSED':
      throw refusal('RELAY_REFUSED', 'The command was given up', 'commandId', { code: relay.code });
    case 'REQUESTED':
      break;
  }
  if (secondsOf(command.at) > relay.request.deadline) {
    throw refusal('RELAY_EXPIRED', 'The request has expired', 'commandId', {
      deadline: relay.request.deadline,
    });
  }
  return [
    {
      type: 'RelayAuthorized',
      version: EVENT_VERSIONS.RelayAuthorized,
      data: { commandId: relay.commandId, signature: command.signature },
    },
  ];
}

/** Attempts are counted from 1; one that is recorded is not recorded again. */
function recordFailure(command: RecordRelayFailure, relay: RequestedRelay): readonly RelayEvent[] {
  if (relay.status !== 'AUTHORIZED' || command.attempt <= relay.failures) return [];
  const { attempt, reason, retryAt } = command;
  return [
    {
      type: 'RelayAttemptFailed',
      version: EVENT_VERSIONS.RelayAttemptFailed,
      data: { commandId: relay.commandId, attempt, reason, retryAt },
    },
  ];
}

function refuse({ code, reason }: RefuseRelay, relay: RequestedRelay): readonly RelayEvent[] {
  if (relay.status === 'REFUSED') return [];
  return [
    {
      type: 'RelayRefused',
      version: EVENT_VERSIONS.RelayRefused,
      data: { commandId: relay.commandId, code, reason },
    },
  ];
}

function evolve(state: RelayState, event: RelayEvent): RelayState {
  if (event.type === 'RelayRequested') return { status: 'REQUESTED', ...event.data };
  if (state.status === 'NONE') return state;
  const { commandId, target, request } = state;
  switch (event.type) {
    case 'RelayAuthorized':
      return {
        status: 'AUTHORIZED',
        commandId,
        target,
        request,
        signature: event.data.signature,
        failures: 0,
        retryAt: null,
      };
    case 'RelayAttemptFailed':
      return state.status === 'AUTHORIZED'
        ? { ...state, failures: event.data.attempt, retryAt: event.data.retryAt }
        : state;
    case 'RelayRefused':
      return { status: 'REFUSED', commandId, target, request, code: event.data.code };
  }
}
