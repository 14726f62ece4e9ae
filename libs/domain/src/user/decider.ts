import { type Decider, invariant } from '@abland/kernel';
import type { ConfirmKeyDestroyed, EraseUser, SignInUser, UpdateProfile, UserCommand } from './commands.js';
import { USER_VERSIONS, type UserEvent } from './events.js';
import { confirmAct, setConfirmation } from './confirmations.js';
import { createApiKey, revokeApiKeys, setApiKeyRate } from './api-keys.js';
import { requireRegistered, unknownUser } from './registered.js';
import { grantRole, revokeRole } from './roles.js';
import { endAllSessions, endSession, refreshSession, startSession } from './sessions.js';
import { evolve, type UserState } from './state.js';

export const userDecider: Decider<UserCommand, UserState, UserEvent> = {
  initialState: { status: 'UNKNOWN' },
  decide,
  evolve,
  // Every sign-in and every refused command adds to the stream.
  stateVersion: 7,
};

function decide(command: UserCommand, state: UserState): readonly UserEvent[] {
  switch (command.type) {
    case 'SignInUser':
      return signIn(command, state);
    case 'RefreshSession':
      return refreshSession(command, state);
    case 'EndSession':
      return endSession(command, state);
    case 'EndAllSessions':
      return endAllSessions(command, state);
    case 'SetConfirmation':
      return setConfirmation(command, state);
    case 'ConfirmAct':
      return confirmAct(command, state);
    case 'GrantRole':
      return grantRole(command, state);
    case 'RevokeRole':
      return revokeRole(command, state);
    case 'CreateApiKey':
      return createApiKey(command, state);
    case 'RevokeApiKeys':
      return revokeApiKeys(command, state);
    case 'SetApiKeyRate':
      return setApiKeyRate(command, state);
    case 'RejectCommand': {
      const { type: _type, ...data } = command;
      return [{ type: 'CommandRejected', version: USER_VERSIONS.CommandRejected, data }];
    }
    case 'UpdateProfile':
      return updateProfile(command, state);
    case 'EraseUser':
      return eraseUser(command, state);
    case 'ConfirmKeyDestroyed':
      return confirmKeyDestroyed(command, state);
    default:
      return command satisfies never;
  }
}

function signIn({ address, at, session }: SignInUser, state: UserState): readonly UserEvent[] {
  const signedIn: UserEvent = {
    type: 'UserSignedIn',
    version: USER_VERSIONS.UserSignedIn,
    data: { address, at },
  };
  const started = session === undefined ? [] : startSession(state, address, session, at);
  switch (state.status) {
    case 'UNKNOWN':
    case 'ERASED':
      return [
        { type: 'UserRegistered', version: USER_VERSIONS.UserRegistered, data: { address, at } },
        signedIn,
        ...started,
      ];
    case 'REGISTERED':
      return state.signedInAt === at && session === undefined ? [] : [signedIn, ...started];
  }
}

/** @throws DomainError UNKNOWN_USER, USER_ERASED */
function updateProfile(command: UpdateProfile, state: UserState): readonly UserEvent[] {
  const { address, registration } = requireRegistered(state);
  const { type: _type, ...given } = command;
  return [
    {
      type: 'ProfileUpdated',
      version: USER_VERSIONS.ProfileUpdated,
      data: { address, registration, ...given },
    },
  ];
}

/** Whoever is erased stays it: asking again changes nothing. @throws DomainError UNKNOWN_USER */
function eraseUser(command: EraseUser, state: UserState): readonly UserEvent[] {
  if (state.status === 'UNKNOWN') throw unknownUser();
  if (state.status === 'ERASED') return [];
  const { address, registration } = state;
  const { type: _type, ...given } = command;
  return [
    { type: 'UserErased', version: USER_VERSIONS.UserErased, data: { address, registration, ...given } },
  ];
}

function confirmKeyDestroyed(
  { registration, at }: ConfirmKeyDestroyed,
  state: UserState,
): readonly UserEvent[] {
  const ended = state.status === 'UNKNOWN' ? 0 : state.erasures.length;
  invariant(registration <= ended, 'The key of a registration that has not ended', { registration, ended });
  if (state.status === 'UNKNOWN' || registration <= state.keysDestroyed) return [];
  const data = { address: state.address, registration, at };
  return [{ type: 'UserKeyDestroyed', version: USER_VERSIONS.UserKeyDestroyed, data }];
}
