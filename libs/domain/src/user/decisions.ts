import type { Decider } from '@abland/kernel';
import { EVENT_VERSIONS } from '../catalogue.js';
import type { Address, HexData, Instant, Uuid } from '../values.js';
import type { UserEvent } from './events.js';

/** The caller has proved to hold the address; the first time registers them. */
export interface SignInUser {
  readonly type: 'SignInUser';
  readonly address: Address;
  readonly at: Instant;
}
/** A rule or a missing right refused a well-formed command of this signed-in caller. */
export interface RejectCommand {
  readonly type: 'RejectCommand';
  readonly commandId: Uuid;
  readonly address: Address;
  /** The mutation's name. */
  readonly command: string;
  readonly code: string;
  readonly field: string | null;
  readonly reason: string;
  readonly inputHash: HexData;
  readonly at: Instant;
}
export type UserCommand = SignInUser | RejectCommand;

export type UserState =
  | { readonly status: 'UNKNOWN' }
  | { readonly status: 'REGISTERED'; readonly address: Address; readonly signedInAt: Instant | null };

export const userDecider: Decider<UserCommand, UserState, UserEvent> = {
  initialState: { status: 'UNKNOWN' },
  decide,
  evolve,
};

function decide(command: UserCommand, state: UserState): readonly UserEvent[] {
  switch (command.type) {
    case 'SignInUser':
      return signIn(command, state);
    case 'RejectCommand': {
      const { type: _type, ...data } = command;
      return [{ type: 'CommandRejected', version: EVENT_VERSIONS.CommandRejected, data }];
    }
    default:
      return command satisfies never;
  }
}

function signIn({ address, at }: SignInUser, state: UserState): readonly UserEvent[] {
  const signedIn: UserEvent = {
    type: 'UserSignedIn',
    version: EVENT_VERSIONS.UserSignedIn,
    data: { address, at },
  };
  switch (state.status) {
    case 'UNKNOWN':
      return [
        { type: 'UserRegistered', version: EVENT_VERSIONS.UserRegistered, data: { address, at } },
        signedIn,
      ];
    case 'REGISTERED':
      return state.signedInAt === at ? [] : [signedIn];
  }
}

function evolve(state: UserState, event: UserEvent): UserState {
  switch (event.type) {
    case 'UserRegistered':
      return { status: 'REGISTERED', address: event.data.address, signedInAt: null };
    case 'UserSignedIn':
      return { status: 'REGISTERED', address: event.data.address, signedInAt: event.data.at };
    case 'CommandRejected':
      return state;
  }
}
