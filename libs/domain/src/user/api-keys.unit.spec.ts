import { describe, expect, it } from '@jest/globals';
import { ALICE, BOB, ID, INPUT_HASH, LATER, NOW, OTHER_ID } from '../testing/samples.fixture.js';
import { specify } from '../testing/specification.js';
import { API_KEYS_MAX, apiKeysOf } from './api-keys.js';
import type { EndSession } from './commands.js';
import { userDecider } from './decider.js';
import type { ApiKeyScope, Role, UserEvent } from './events.js';

const { given } = specify(userDecider);

const idOf = (index: number): string => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
const YEAR_LATER = '2027-11-01T00:00:00.000Z';
const registered: UserEvent = { type: 'UserRegistered', version: 1, data: { address: ALICE, at: NOW } };
const erased: UserEvent = {
  type: 'UserErased',
  version: 1,
  data: {
    ...{ commandId: OTHER_ID, address: ALICE, registration: 1, by: 'PERSON', requestedBy: ALICE },
    ...{ reason: null, inputHash: '0x12', at: LATER },
  },
};
const key = {
  keyId: ID,
  secretHash: INPUT_HASH,
  scopes: ['COMMANDS'] as ApiKeyScope[],
  expiresAt: YEAR_LATER,
};
const created = (over: object = {}): UserEvent => ({
  type: 'ApiKeyCreated',
  version: 1,
  data: { address: ALICE, ...key, at: NOW, ...over },
});
const revoked = (keyId = ID): UserEvent => ({
  type: 'ApiKeyRevoked',
  version: 1,
  data: { address: ALICE, keyId, at: LATER },
});
const raised: UserEvent = {
  type: 'ApiKeyRateSet',
  version: 1,
  data: {
    address: ALICE,
    keyId: ID,
    rateClass: 'RAISED',
    setBy: BOB,
    reason: 'A market-data site',
    at: LATER,
  },
};
const create = { type: 'CreateApiKey', ...key, at: NOW } as const;
const revoke = { type: 'RevokeApiKeys', keyId: ID, by: null, at: LATER } as const;
const revokeAs = (roles: readonly Role[], keyId: string | null = ID) =>
  ({ ...revoke, keyId, by: { name: BOB, roles, reason: 'It was left lying about' } }) as const;
const endedKey = (keyId: string, over: object): UserEvent => ({
  type: 'ApiKeyEnded',
  version: 1,
  data: {
    ...{ address: ALICE, keyId, at: LATER },
    ...{ why: 'SIGNED_OUT_EVERYWHERE', endedBy: ALICE, reason: null, ...over },
  },
});
const session = { address: ALICE, sessionId: OTHER_ID, tokenHash: INPUT_HASH, expiresAt: YEAR_LATER };
const started: UserEvent = { type: 'SessionStarted', version: 1, data: { ...session, at: NOW } };
const sessionEnded = (reason: 'SIGNED_OUT_EVERYWHERE' | 'TOKEN_REPLAYED'): UserEvent => ({
  type: 'SessionEnded',
  version: 1,
  data: { address: ALICE, sessionId: OTHER_ID, reason, at: LATER },
});
const [BEFORE, FIRST, SECOND] = ['2026-01-01T00:00:00.000Z', idOf(101), idOf(102)];
const setRate = (roles: readonly Role[], rateClass: 'RAISED' | 'SHARED' = 'RAISED') =>
  ({
    type: 'SetApiKeyRate',
    keyId: ID,
    rateClass,
    by: { name: BOB, roles },
    reason: 'A market-data site',
    at: LATER,
  }) as const;
const many = (expiresAt: string): UserEvent[] =>
  Array.from({ length: API_KEYS_MAX }, (_, index) => created({ keyId: idOf(index), expiresAt }));

describe('an API key', () => {
  it('is made by somebody who signed in', () => {
    given(registered).when(create).then(created());
    given().when(create).thenRefused('UNKNOWN_USER', 'address');
    given(registered, erased).when(create).thenRefused('USER_ERASED');
  });

  it('is one of twenty at most, of which those that expired do not count', () => {
    given(registered, ...many(YEAR_LATER))
      .when(create)
      .thenRefused('TOO_MANY_API_KEYS');
    given(registered, ...many(YEAR_LATER), revoked(idOf(3)))
      .when(create)
      .then(created());
    given(registered, ...many(LATER))
      .when({ ...create, at: LATER })
      .then(created({ at: LATER }));
  });

  it('is revoked once', () => {
    given(registered, created()).when(revoke).then(revoked());
    given(registered, created(), revoked()).when(revoke).thenRefused('UNKNOWN_API_KEY', 'keyId');
    given(registered).when(revoke).thenRefused('UNKNOWN_API_KEY', 'keyId');
    given(registered, created({ expiresAt: LATER }))
      .when(revoke)
      .thenRefused('UNKNOWN_API_KEY', 'keyId');
  });

  it('is revoked with all others, of which none need be there', () => {
    const all = { ...revoke, keyId: null };
    given(registered, created({ keyId: FIRST }), created({ keyId: SECOND }), revoked(SECOND), created())
      .when(all)
      .then(revoked(FIRST), revoked());
    given(registered, created({ expiresAt: LATER }))
      .when(all)
      .thenNothing();
    given().when(all).thenRefused('UNKNOWN_USER', 'address');
  });

  it('is ended by an operator, who says why, and by nobody else for its person', () => {
    const byOperator = { why: 'BY_OPERATOR', endedBy: BOB, reason: 'It was left lying about' };
    for (const roles of [['OPERATOR'], ['SUPER_ADMIN']] as const)
      given(registered, created()).when(revokeAs(roles)).then(endedKey(ID, byOperator));
    given(registered, created(), created({ keyId: FIRST }))
      .when(revokeAs(['OPERATOR'], null))
      .then(endedKey(ID, byOperator), endedKey(FIRST, byOperator));
    given(registered, created())
      .when(revokeAs(['ADMIN', 'AUDITOR', 'CREATOR']))
      .thenRefused('NOT_AN_OPERATOR');
    given(registered, created(), endedKey(ID, byOperator))
      .when(revoke)
      .thenRefused('UNKNOWN_API_KEY', 'keyId');
  });

  it('ends with all sessions, unless its person keeps it', () => {
    const end = { type: 'EndAllSessions', keepsApiKeys: false, at: LATER } as const;
    const history = [registered, started, created(), created({ keyId: FIRST, expiresAt: LATER })];
    given(...history)
      .when(end)
      .then(sessionEnded('SIGNED_OUT_EVERYWHERE'), endedKey(ID, {}));
    given(...history)
      .when({ ...end, keepsApiKeys: true })
      .then(sessionEnded('SIGNED_OUT_EVERYWHERE'));
  });

  it('that was made while a session was in two hands ends with that session, and none from before does', () => {
    given(registered, created({ keyId: FIRST, at: BEFORE }), started, created())
      .when({
        ...{ type: 'RefreshSession', sessionId: OTHER_ID, nextHash: INPUT_HASH, at: LATER },
        presentedHash: '0x0badc0de',
      })
      .then(sessionEnded('TOKEN_REPLAYED'), endedKey(ID, { why: 'TOKEN_REPLAYED' }));
  });

  it('that was made since a session began ends where that is revoked, unless its person keeps it', () => {
    const revokeSession = (over: Partial<EndSession> = {}): EndSession => ({
      ...{ type: 'EndSession', sessionId: OTHER_ID, reason: 'REVOKED', keepsApiKeys: false, at: LATER },
      ...over,
    });
    const sessionOver = (reason: 'REVOKED' | 'SIGNED_OUT'): UserEvent => ({
      type: 'SessionEnded',
      version: 1,
      data: { address: ALICE, sessionId: OTHER_ID, reason, at: LATER },
    });
    const history = [registered, created({ keyId: FIRST, at: BEFORE }), started, created()];
    given(...history)
      .when(revokeSession())
      .then(sessionOver('REVOKED'), endedKey(ID, { why: 'SESSION_REVOKED' }));
    given(...history)
      .when(revokeSession({ keepsApiKeys: true }))
      .then(sessionOver('REVOKED'));
    given(...history)
      .when(revokeSession({ reason: 'SIGNED_OUT' }))
      .then(sessionOver('SIGNED_OUT'));
  });

  it('ends with the erasure of its person', () => {
    const { state } = given(registered, created(), erased, registered);
    expect(state).toMatchObject({ status: 'REGISTERED', apiKeys: {} });
  });

  it('asks more often where an admin says so, and who is none says nothing', () => {
    for (const roles of [['ADMIN'], ['SUPER_ADMIN']] as const)
      given(registered, created()).when(setRate(roles)).then(raised);
    given(registered, created())
      .when(setRate(['OPERATOR', 'AUDITOR', 'CREATOR']))
      .thenRefused('NOT_AN_ADMIN');
    given().when(setRate([])).thenRefused('NOT_AN_ADMIN');
    given(registered, created())
      .when(setRate(['ADMIN'], 'SHARED'))
      .thenNothing();
    given(registered, created(), raised)
      .when(setRate(['ADMIN']))
      .thenNothing();
    given(registered)
      .when(setRate(['ADMIN']))
      .thenRefused('UNKNOWN_API_KEY', 'keyId');
  });

  it('of an admin is raised by another, and may be lowered by themselves', () => {
    const byOwner = { name: ALICE.toLowerCase(), roles: ['SUPER_ADMIN'] } as const;
    given(registered, created())
      .when({ ...setRate([]), by: byOwner })
      .thenRefused('OWN_API_KEY', 'address');
    const { data } = raised as Extract<UserEvent, { type: 'ApiKeyRateSet' }>;
    given(registered, created(), raised)
      .when({ ...setRate([], 'SHARED'), by: byOwner })
      .then({ ...raised, data: { ...data, rateClass: 'SHARED', setBy: byOwner.name } } as UserEvent);
  });

  it('is known while it is good', () => {
    const { state } = given(registered, created(), created({ keyId: OTHER_ID, expiresAt: LATER }), raised);
    if (state.status !== 'REGISTERED') throw new Error('they are registered');
    expect(apiKeysOf(state, LATER)).toEqual([
      [
        ID,
        {
          ...{ secretHash: INPUT_HASH, scopes: ['COMMANDS'], rateClass: 'RAISED' },
          ...{ createdAt: NOW, expiresAt: YEAR_LATER },
        },
      ],
    ]);
    expect(apiKeysOf(state, NOW)).toHaveLength(2);
  });

  it('that has expired leaves the state with the next', () => {
    const { state } = given(
      registered,
      created({ expiresAt: LATER }),
      created({ keyId: OTHER_ID, at: LATER }),
    );
    expect(JSON.stringify(state)).not.toContain(ID);
  });
});
