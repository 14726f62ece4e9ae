import { describe, it } from '@jest/globals';
import { specify } from '../testing/specification.js';
import { told } from '../testing/told-events.js';
import { usersProjection } from './projection.js';
import { users } from './tables.js';

const address = `0x${'a'.repeat(40)}`;
const commandId = '00000000-0000-4000-8000-000000000001';
const [AT, LATER] = ['2026-01-01T12:00:00.000Z', '2026-01-01T13:00:00.000Z'];
const sealed = (value: string, registration = 1) => ({ encryptedFor: `${address}/${registration}`, value });

const registered = (at = AT) => told('UserRegistered', { address, at });
const signedIn = (at = AT) => told('UserSignedIn', { address, at });
const rejected = told('CommandRejected', {
  ...{ commandId, chainId: null, address, command: 'updateProfile', code: 'USER_ERASED', field: null },
  ...{ reason: 'gone', inputHash: '0x12', at: AT },
});
const told1 = { displayName: sealed('x'), email: null, bio: sealed('y'), avatarUri: null };
const profile = (texts: object = told1) =>
  told('ProfileUpdated', {
    ...{ commandId, address, registration: 1, ...told1, ...texts, inputHash: sealed('h'), at: LATER },
  });
const erased = told('UserErased', {
  ...{ commandId, address, registration: 1, by: 'PERSON', requestedBy: address, reason: null },
  ...{ inputHash: '0x12', at: LATER },
});
const keyDestroyed = (registration: number) => told('UserKeyDestroyed', { address, registration, at: LATER });
const { given } = specify(usersProjection);

describe('users', () => {
  it('are known from their registration on', () => {
    given()
      .when(registered())
      .then(users, {
        ...{ address, registration: 1, registered_at: AT, last_signed_in_at: null, profile: null },
        ...{ profile_updated_at: null, erased_at: null, key_destroyed_at: null },
        ...{ sign_ins: 0, rejected_commands: 0 },
      });
  });

  it('have their sign-ins and rejected commands counted', () => {
    given(registered(), signedIn(), rejected)
      .when(signedIn(LATER), rejected)
      .then(users, { sign_ins: 2, rejected_commands: 2, last_signed_in_at: LATER, registered_at: AT });
  });

  it('may only be known by a command that was rejected', () => {
    given().when(rejected).then(users, { registration: 0, registered_at: null, rejected_commands: 1 });
  });

  it('have what they told last of themselves, sealed, and for which event', () => {
    given(registered(), profile())
      .when(profile({ bio: null }))
      .then(users, {
        profile: {
          ...{ eventId: '00000000-0000-4000-8000-000000000000', displayName: sealed('x') },
          ...{ email: null, bio: null, avatarUri: null },
        },
        profile_updated_at: LATER,
      });
  });

  it('refuse a text that is not sealed', () => {
    given(registered())
      .when(profile({ displayName: 'Ada' }))
      .thenRefused('A personal text that is not sealed');
  });

  it('have nothing told after they are erased, and lose their key', () => {
    given(registered(), signedIn(), profile())
      .when(erased)
      .then(users, { profile: null, profile_updated_at: null, erased_at: LATER, sign_ins: 1 });
    given(registered(), erased).when(keyDestroyed(1)).then(users, { key_destroyed_at: LATER });
  });

  it('begin anew when they come back, and keep the key of the new registration', () => {
    given(registered(), signedIn(), profile(), erased)
      .when(registered(LATER))
      .then(users, {
        ...{ registration: 2, registered_at: LATER, erased_at: null, profile: null, sign_ins: 1 },
        ...{ last_signed_in_at: null, key_destroyed_at: null },
      });
    given(registered(), erased, registered(LATER)).when(keyDestroyed(1)).thenNothing();
  });
});
