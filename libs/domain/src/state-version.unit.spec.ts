import { createHash } from 'node:crypto';
import type { DomainEvent } from '@abland/kernel';
import { describe, expect, it } from '@jest/globals';
import { recordedEvents } from '@abland/event-codec/recorded-events';
import { upcast } from '@abland/event-codec';
import { forwardNoncesDecider } from './forward-nonces/decider.js';
import type { ForwardNonceEvent } from './forward-nonces/events.js';
import { userDecider } from './user/decider.js';
import type { UserEvent } from './user/events.js';

/**
 * What each version of a decider's state is made of: a digest of the states that every sequence of up to four recorded
 * events leads to. A line is added with each version and never changed: a snapshot of that version may be stored.
 */
const DIGESTS: Readonly<Record<string, string>> = {
  'user 1': '649a62bbe7d47430',
  'user 2': '190bbbca6cdae0a6',
  'user 3': 'e53ada67ce57fc65',
  'user 4': '822b9cd5a50905cd',
  'user 5': '12bbdf603bffec46',
  'user 6': '4acfffe08f8d1972',
  'user 7': '000d2097a3555e37',
  'forward nonces 1': 'f4caf03b3843a6fb',
};

const USER_EVENTS: Readonly<Record<UserEvent['type'], true>> = {
  UserRegistered: true,
  UserSignedIn: true,
  SessionStarted: true,
  SessionRefreshed: true,
  SessionEnded: true,
  UserRoleGranted: true,
  ApiKeyCreated: true,
  ApiKeyRevoked: true,
  ApiKeyEnded: true,
  ApiKeyRateSet: true,
  UserRoleRevoked: true,
  ConfirmationTurnedOn: true,
  ConfirmationTurnedOff: true,
  ActConfirmed: true,
  CommandRejected: true,
  ProfileUpdated: true,
  UserErased: true,
  UserKeyDestroyed: true,
};

const FORWARD_NONCE_EVENTS: Readonly<Record<ForwardNonceEvent['type'], true>> = {
  ForwardNonceOffered: true,
  ForwardNonceTaken: true,
};

const LENGTH_MAX = 4;

interface Folding {
  readonly initialState: unknown;
  readonly evolve: (state: never, event: never) => unknown;
}

function digestOf({ initialState, evolve }: Folding, types: object): string {
  const events = recordedEvents.filter(({ type }) => Object.hasOwn(types, type)).map(upcast);
  const fold = evolve as (state: unknown, event: DomainEvent) => unknown;
  const hash = createHash('sha256');
  let states: readonly unknown[] = [initialState];
  for (let length = 1; length <= LENGTH_MAX; length += 1) {
    states = states.flatMap((state) => events.map((event) => fold(state, event)));
    for (const state of states) hash.update(`${JSON.stringify(state)}\n`);
  }
  return hash.digest('hex').slice(0, 16);
}

describe('a state of which snapshots are kept', () => {
  it.each([
    ['user', userDecider, USER_EVENTS],
    ['forward nonces', forwardNoncesDecider, FORWARD_NONCE_EVENTS],
  ] as const)('changes with its version alone: %s', (name, decider, types) => {
    const version = `${name} ${String(decider.stateVersion)}`;
    // Where these differ, events fold to other states than before: raise the decider's stateVersion and add its line.
    expect({ [version]: digestOf(decider, types) }).toEqual({ [version]: DIGESTS[version] });
  });

  it('is JSON', () => {
    const state = recordedEvents
      .filter(({ type }) => Object.hasOwn(USER_EVENTS, type))
      .reduce((folded, event) => userDecider.evolve(folded, event as UserEvent), userDecider.initialState);
    expect(JSON.parse(JSON.stringify(state))).toStrictEqual(state);
  });

  it('would be noticed with a change', () => {
    const { evolve } = userDecider;
    const changed: Folding = {
      ...userDecider,
      evolve: (state: never, event: UserEvent) =>
        event.type === 'UserErased' ? state : evolve(state, event),
    };
    expect(digestOf(changed, USER_EVENTS)).not.toBe(digestOf(userDecider, USER_EVENTS));
  });
});
