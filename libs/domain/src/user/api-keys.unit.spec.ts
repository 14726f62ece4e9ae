import { describe, expect, it } from '@jest/globals';
import { ALICE, BOB, ID, INPUT_HASH, LATER, NOW, OTHER_ID } from '../testing/samples.fixture.js';
import { specify } from '../testing/specification.js';
import { API_KEYS_MAX, apiKeysOf } from './api-keys.js';
import { userDecider } from './decider.js';
import type { ApiKeyScope, Role, UserEvent } from './events.js';

const { given } = specify(userDecider);

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
const revoke = { type: 'RevokeApiKey', keyId: ID, at: LATER } as const;
const setRate = (roles: readonly Role[], rateClass: 'RAISED' | 'SHARED' = 'RAISED') =>
  ({
    type: 'SetApiKeyRate',
    keyId: ID,
    rateClass,
    by: { name: BOB, roles },
    reason: 'A market-data site',
    at: LATER,
  }) as const;
const idOf = (index: number): string => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
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
