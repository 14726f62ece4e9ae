import { describe, expect, it } from '@jest/globals';
import { ALICE, BOB, LATER, NOW } from '../testing/samples.fixture.js';
import { specify } from '../testing/specification.js';
import { userDecider } from './decider.js';
import type { Role, UserEvent } from './events.js';
import { permissionsOf, requirePermission, ROLES } from './roles.js';

const { given } = specify(userDecider);

const reason = 'Answers for the market';
const registered: UserEvent = { type: 'UserRegistered', version: 1, data: { address: ALICE, at: NOW } };
const erased: UserEvent = {
  type: 'UserErased',
  version: 1,
  data: {
    ...{ commandId: '7d444840-9dc0-41d1-b245-5ffdce74fad2', address: ALICE, registration: 1, by: 'PERSON' },
    ...{ requestedBy: ALICE, reason: null, inputHash: '0x12', at: LATER },
  },
};
const granted = (role: Role, by: string = BOB): UserEvent => ({
  type: 'UserRoleGranted',
  version: 1,
  data: { address: ALICE, role, grantedBy: by, reason, at: LATER },
});
const revoked = (role: Role, by: string = BOB): UserEvent => ({
  type: 'UserRoleRevoked',
  version: 1,
  data: { address: ALICE, role, revokedBy: by, reason, at: LATER },
});
const change =
  (type: 'GrantRole' | 'RevokeRole') =>
  (role: Role, roles: readonly Role[], name: string = BOB) =>
    ({ type, address: ALICE, role, by: { name, roles }, reason, at: LATER }) as const;
const [grant, revoke] = [change('GrantRole'), change('RevokeRole')];

describe('a role', () => {
  it.each(ROLES)('%s is granted by a super admin, and revoked', (role) => {
    given(registered)
      .when(grant(role, ['SUPER_ADMIN']))
      .then(granted(role));
    given(registered, granted(role))
      .when(revoke(role, ['SUPER_ADMIN']))
      .then(revoked(role));
  });

  it.each(['CREATOR', 'AUDITOR', 'OPERATOR'] as const)('%s is in the hands of an admin too', (role) => {
    given(registered)
      .when(grant(role, ['ADMIN']))
      .then(granted(role));
    given(registered, granted(role))
      .when(revoke(role, ['ADMIN']))
      .then(revoked(role));
  });

  it.each(['ADMIN', 'SUPER_ADMIN'] as const)('%s is not in the hands of an admin', (role) => {
    given(registered)
      .when(grant(role, ['ADMIN', 'OPERATOR']))
      .thenRefused('NOT_AN_ADMIN', 'role');
    given(registered, granted(role))
      .when(revoke(role, ['ADMIN']))
      .thenRefused('NOT_AN_ADMIN', 'role');
  });

  it.each([[[]], [['CREATOR']], [['AUDITOR']], [['OPERATOR']]] as const)(
    'is in nobody else’s hands: %j',
    (roles) => {
      for (const role of ROLES) {
        given(registered).when(grant(role, roles)).thenRefused('NOT_AN_ADMIN');
        given(registered, granted(role)).when(revoke(role, roles)).thenRefused('NOT_AN_ADMIN');
      }
    },
  );

  it('is granted by nobody to themselves, however their address is written', () => {
    for (const name of [ALICE, ALICE.toLowerCase()])
      given(registered)
        .when(grant('OPERATOR', ['SUPER_ADMIN'], name))
        .thenRefused('OWN_ROLE', 'address');
  });

  it('is laid down by whoever has it', () => {
    given(registered, granted('OPERATOR'))
      .when(revoke('OPERATOR', ['OPERATOR'], ALICE))
      .then(revoked('OPERATOR', ALICE));
  });

  it('is granted once', () => {
    given(registered, granted('AUDITOR'))
      .when(grant('AUDITOR', ['ADMIN']))
      .thenNothing();
    given(registered, granted('AUDITOR'), revoked('AUDITOR'))
      .when(grant('AUDITOR', ['ADMIN']))
      .then(granted('AUDITOR'));
  });

  it('is revoked only of who has it by the log', () => {
    given(registered, granted('AUDITOR'))
      .when(revoke('OPERATOR', ['ADMIN']))
      .thenRefused('ROLE_NOT_HELD', 'role');
  });

  it('is of somebody who signed in, and ends with their erasure', () => {
    given()
      .when(grant('AUDITOR', ['ADMIN']))
      .thenRefused('UNKNOWN_USER', 'address');
    given(registered, erased)
      .when(grant('AUDITOR', ['ADMIN']))
      .thenRefused('USER_ERASED');
    const { state } = given(registered, granted('OPERATOR'), erased, registered);
    expect(state).toMatchObject({ status: 'REGISTERED', registration: 2, roles: [] });
  });

  it('is told to who may not grant it of nobody: whether they are known stays untold', () => {
    given()
      .when(grant('AUDITOR', ['OPERATOR']))
      .thenRefused('NOT_AN_ADMIN');
  });

  it('stands in the state once, in the order of the grants', () => {
    const { state } = given(
      registered,
      granted('OPERATOR'),
      granted('AUDITOR'),
      granted('OPERATOR'),
      granted('CREATOR'),
      revoked('AUDITOR'),
    );
    expect(state).toMatchObject({ roles: ['OPERATOR', 'CREATOR'] });
  });
});

describe('what a role permits', () => {
  it('is of this table', () => {
    const table = Object.fromEntries(ROLES.map((role) => [role, [...permissionsOf([role])].join(' ')]));
    expect(table).toEqual({
      CREATOR: 'CREATE',
      AUDITOR: 'READ_INTERNAL',
      OPERATOR: 'READ_INTERNAL OPERATE',
      ADMIN: 'CREATE READ_INTERNAL GRANT_ROLES',
      SUPER_ADMIN: 'CREATE READ_INTERNAL OPERATE GRANT_ROLES',
    });
    expect(permissionsOf([]).size).toBe(0);
  });

  it('adds up', () => {
    expect(() => requirePermission(['AUDITOR', 'CREATOR'], 'CREATE')).not.toThrow();
    expect(() => requirePermission(['AUDITOR', 'CREATOR'], 'OPERATE')).toThrow(
      expect.objectContaining({ code: 'NOT_AN_OPERATOR' }),
    );
  });
});
