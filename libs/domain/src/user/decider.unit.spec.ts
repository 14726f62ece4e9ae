import { describe, expect, it } from '@jest/globals';
import { ALICE, ID, INPUT_HASH, LATER, NOW, OTHER_ID, OTHER_INPUT_HASH } from '../testing/samples.fixture.js';
import { specify } from '../testing/specification.js';
import { userDecider } from './decider.js';
import { SESSIONS_MAX, sessionOf, sessionsOf } from './sessions.js';
import type { UserEvent } from './events.js';

const { given } = specify(userDecider);

const registered: UserEvent = { type: 'UserRegistered', version: 1, data: { address: ALICE, at: NOW } };
const signedIn = (at = NOW): UserEvent => ({
  type: 'UserSignedIn',
  version: 1,
  data: { address: ALICE, at },
});
const signIn = { type: 'SignInUser', address: ALICE, at: NOW } as const;
const rejection = {
  commandId: ID,
  chainId: 31337,
  address: ALICE,
  command: 'swap',
  code: 'INSUFFICIENT_BALANCE',
  field: 'amountIn',
  reason: 'The balance is 1, 2 is needed',
  inputHash: INPUT_HASH,
  at: LATER,
} as const;
const rejected: UserEvent = { type: 'CommandRejected', version: 1, data: rejection };

describe('a sign-in', () => {
  it('registers whoever comes for the first time', () => {
    given().when(signIn).then(registered, signedIn());
  });
  it('is recorded every time', () => {
    given(registered, signedIn())
      .when({ ...signIn, at: LATER })
      .then(signedIn(LATER));
  });
  it('is recorded once', () => {
    given(registered, signedIn()).when(signIn).thenNothing();
    given(registered, signedIn(), rejected).when(signIn).thenNothing();
  });
  it('registers whoever was only known by a rejected command', () => {
    given(rejected).when(signIn).then(registered, signedIn());
  });
});

const MONTH_LATER = '2026-09-01T00:00:00.000Z';
const [FIRST, SECOND, THIRD] = ['0xa1', '0xb2', '0xc3'].map((start) => start.padEnd(66, '0')) as [
  string,
  string,
  string,
];
const sessionId = '7d444840-9dc0-41d1-b245-5ffdce74fad2';
const session = { sessionId, tokenHash: FIRST, expiresAt: MONTH_LATER };
const started = (over: object = {}): UserEvent => ({
  type: 'SessionStarted',
  version: 1,
  data: { address: ALICE, ...session, at: NOW, ...over },
});
const refreshed = (tokenHash = SECOND, at = LATER): UserEvent => ({
  type: 'SessionRefreshed',
  version: 1,
  data: { address: ALICE, sessionId, tokenHash, at },
});
const ended = (
  reason: (UserEvent & { type: 'SessionEnded' })['data']['reason'],
  at = LATER,
  id = sessionId,
): UserEvent => ({
  type: 'SessionEnded',
  version: 1,
  data: { address: ALICE, sessionId: id, reason, at },
});
const refresh = (presentedHash = FIRST, at = LATER) =>
  ({ type: 'RefreshSession', sessionId, presentedHash, nextHash: SECOND, at }) as const;
const after = (at: string, ms: number): string => new Date(Date.parse(at) + ms).toISOString();

describe('a session', () => {
  it('begins with a sign-in, of whomever', () => {
    given()
      .when({ ...signIn, session })
      .then(registered, signedIn(), started());
    given(registered, signedIn(), started())
      .when({ ...signIn, session: { ...session, sessionId: OTHER_ID } })
      .then(signedIn(), started({ sessionId: OTHER_ID }));
  });
  it('goes on with each refresh token once', () => {
    given(registered, started()).when(refresh()).then(refreshed());
    given(registered, started(), refreshed())
      .when({ ...refresh(SECOND), nextHash: THIRD })
      .then(refreshed(THIRD));
  });
  it('gives who lost the answer the same again, for a while', () => {
    const soon = after(LATER, 60_000);
    given(registered, started(), refreshed()).when(refresh(FIRST, soon)).thenNothing();
  });
  it('ends where a token is presented that was used before: later, or before its successor was', () => {
    const late = after(LATER, 60_001);
    given(registered, started(), refreshed()).when(refresh(FIRST, late)).then(ended('TOKEN_REPLAYED', late));
    given(registered, started(), refreshed(), refreshed(THIRD))
      .when(refresh(FIRST))
      .then(ended('TOKEN_REPLAYED'));
  });
  it('is not brought back by any token once it is over', () => {
    const over = [
      given(registered, started(), ended('SIGNED_OUT')),
      given(registered, started(), erased()),
      given(registered, started(), erased(), registered),
      given(registered, started({ expiresAt: LATER })),
      given(registered),
      given(),
    ];
    for (const one of over) one.when(refresh()).thenRefused('SESSION_ENDED', 'refreshToken');
  });
  it('is ended by its person, once', () => {
    const end = { type: 'EndSession', sessionId, reason: 'REVOKED', keepsApiKeys: false, at: LATER } as const;
    given(registered, started()).when(end).then(ended('REVOKED'));
    given(registered, started())
      .when({ ...end, sessionId: ID })
      .thenNothing();
    given(registered, started(), ended('REVOKED')).when(end).thenNothing();
    given(registered, started(), erased()).when(end).thenNothing();
  });
  it('is ended with all others, and with no other’s', () => {
    const end = { type: 'EndAllSessions', keepsApiKeys: false, at: LATER } as const;
    const other = started({ sessionId: OTHER_ID });
    given(registered, started(), other, started({ sessionId: ID, expiresAt: LATER }))
      .when(end)
      .then(ended('SIGNED_OUT_EVERYWHERE'), ended('SIGNED_OUT_EVERYWHERE', LATER, OTHER_ID));
    given(registered, started(), ended('SIGNED_OUT')).when(end).thenNothing();
    given(registered, started(), erased()).when(end).thenNothing();
  });
  it('gives way where a person begins more than are kept: the one that was refreshed the longest ago', () => {
    const idOf = (index: number): string => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
    const many = Array.from({ length: SESSIONS_MAX }, (_, index) => started({ sessionId: idOf(index) }));
    const used: UserEvent = {
      ...refreshed(),
      data: { address: ALICE, sessionId: idOf(0), tokenHash: SECOND, at: LATER },
    } as UserEvent;
    given(registered, ...many, used)
      .when({ ...signIn, at: LATER, session })
      .then(signedIn(LATER), ended('DISPLACED', LATER, idOf(1)), started({ at: LATER }));
  });
  it('is known while it goes on', () => {
    const { state } = given(registered, started(), refreshed());
    expect(sessionOf(state, sessionId, LATER)).toMatchObject({ tokenHash: SECOND, refreshedAt: LATER });
    expect(sessionOf(state, OTHER_ID, LATER)).toBeNull();
    expect(sessionOf(state, sessionId, MONTH_LATER)).toBeNull();
    expect(sessionsOf(given(registered, started(), erased()).state, LATER)).toEqual([]);
  });
  it('that has expired leaves the state with the next', () => {
    const { state } = given(
      registered,
      started({ expiresAt: LATER }),
      started({ sessionId: OTHER_ID, at: LATER }),
    );
    expect(state).toMatchObject({ sessions: { [OTHER_ID]: {} } });
    expect(JSON.stringify(state)).not.toContain(sessionId);
  });
});

it('a rejected command is kept for the auditor', () => {
  given(registered, signedIn())
    .when({ type: 'RejectCommand', ...rejection })
    .then(rejected);
  given()
    .when({ type: 'RejectCommand', ...rejection })
    .then(rejected);
});

const profile = { displayName: 'Ada', email: 'ada@example.org', bio: null, avatarUri: null };
const update = {
  type: 'UpdateProfile',
  commandId: ID,
  ...profile,
  inputHash: INPUT_HASH,
  at: LATER,
} as const;
const updated = (registration = 1): UserEvent => ({
  type: 'ProfileUpdated',
  version: 1,
  data: { commandId: ID, address: ALICE, registration, ...profile, inputHash: INPUT_HASH, at: LATER },
});
const erase = {
  type: 'EraseUser',
  commandId: OTHER_ID,
  by: 'PERSON',
  requestedBy: ALICE,
  reason: null,
  inputHash: OTHER_INPUT_HASH,
  at: LATER,
} as const;
const erased = (registration = 1): UserEvent => {
  const { type: _type, ...given } = erase;
  return { type: 'UserErased', version: 1, data: { address: ALICE, registration, ...given } };
};
const keyDestroyed = (registration = 1): UserEvent => ({
  type: 'UserKeyDestroyed',
  version: 1,
  data: { address: ALICE, registration, at: LATER },
});

describe('a profile', () => {
  it('is put in the place of the one before', () => {
    given(registered, signedIn()).when(update).then(updated());
    given(registered, signedIn(), updated()).when(update).then(updated());
  });
  it('is of a person who is registered', () => {
    given().when(update).thenRefused('UNKNOWN_USER', 'address');
    given(rejected).when(update).thenRefused('UNKNOWN_USER', 'address');
  });
  it('is not taken from a session that outlived an erasure', () => {
    given(registered, signedIn(), updated(), erased()).when(update).thenRefused('USER_ERASED');
  });
  it('belongs to the registration of its time', () => {
    given(registered, signedIn(), erased(), registered, signedIn(LATER)).when(update).then(updated(2));
  });
  it('leaves nothing personal in the state', () => {
    const { state } = given(registered, updated());
    expect(JSON.stringify(state)).not.toMatch(/Ada|example/);
    expect(state).toMatchObject({ registration: 1, commands: { [ID]: null } });
  });
  it('leaves of a person who changes it without an end the newest commands in the state', () => {
    const event = updated() as Extract<UserEvent, { type: 'ProfileUpdated' }>;
    const changes = Array.from({ length: 150 }, (_, index) => ({
      ...event,
      data: { ...event.data, commandId: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}` },
    }));
    const { state } = given(registered, ...changes);
    if (state.status === 'UNKNOWN') throw new Error('they are registered');
    expect(Object.keys(state.commands)).toEqual(changes.slice(-100).map(({ data }) => data.commandId));
  });
  it('leads to the same state whether its reader has keys or not', () => {
    const sealed = { encryptedFor: `${ALICE.toLowerCase()}/1`, value: 'AAAA' };
    const event = updated() as Extract<UserEvent, { type: 'ProfileUpdated' }>;
    const texts = { displayName: sealed, email: sealed, bio: sealed, avatarUri: sealed, inputHash: sealed };
    const { state } = given(registered, { ...event, data: { ...event.data, ...texts } });
    expect(state).toEqual(given(registered, event).state);
  });
});

describe('an erasure', () => {
  it('ends the registration', () => {
    given(registered, signedIn(), updated()).when(erase).then(erased());
    given(registered, signedIn()).when(erase).then(erased());
  });
  it('says which operator asked for it, and why', () => {
    const asked = { by: 'OPERATOR', requestedBy: 'operator:ada', reason: 'Asked by letter' } as const;
    const event = erased() as Extract<UserEvent, { type: 'UserErased' }>;
    given(registered)
      .when({ ...erase, ...asked })
      .then({ ...event, data: { ...event.data, ...asked } });
  });
  it('happens once', () => {
    given(registered, erased()).when(erase).thenNothing();
    given(registered, erased())
      .when({ ...erase, commandId: ID })
      .thenNothing();
  });
  it('is of somebody known', () => {
    given().when(erase).thenRefused('UNKNOWN_USER', 'address');
  });
  it('leaves the way back open: the next sign-in registers anew', () => {
    given(registered, signedIn(), erased())
      .when({ ...signIn, at: LATER })
      .then(registered2, signedIn(LATER));
    given(registered, erased(), registered2, signedIn(LATER)).when(erase).then(erased(2));
  });
});
const registered2: UserEvent = { type: 'UserRegistered', version: 1, data: { address: ALICE, at: LATER } };

describe('the destruction of a key', () => {
  const confirm = (registration = 1) => ({ type: 'ConfirmKeyDestroyed', registration, at: LATER }) as const;
  it('is recorded once, also after the person has come back', () => {
    given(registered, erased()).when(confirm()).then(keyDestroyed());
    given(registered, erased(), keyDestroyed()).when(confirm()).thenNothing();
    given(registered, erased(), registered2).when(confirm()).then(keyDestroyed());
    given(registered, erased(), keyDestroyed(), registered2).when(confirm()).thenNothing();
  });
  it('never is of a registration that goes on', () => {
    const ofLiving =
      (...history: UserEvent[]) =>
      () =>
        given(...history)
          .when(confirm(2))
          .thenNothing();
    expect(ofLiving(registered, erased(), registered2)).toThrow(/has not ended/);
    expect(ofLiving()).toThrow(/has not ended/);
  });
});
