import { refusal } from '../vocabulary/errors.js';
import type { DomainErrorCode } from '../vocabulary/errors.js';
import type { ChangeRole } from './commands.js';
import { type Role, type UserRoleGranted, USER_VERSIONS, type UserEvent } from './events.js';
import { requireRegistered } from './registered.js';
import type { UserState } from './state.js';

/**
 * `CREATE`: makes tokens and opens pools; `READ_INTERNAL`: reads what is not public, people's own words excepted; `OPERATE`: acts on the
 * system, approves such acts, reads and erases people's data; `GRANT_ROLES`: says who is what.
 */
export type Permission = 'CREATE' | 'READ_INTERNAL' | 'OPERATE' | 'GRANT_ROLES';

const PERMISSIONS: Readonly<Record<Role, readonly Permission[]>> = {
  CREATOR: ['CREATE'],
  AUDITOR: ['READ_INTERNAL'],
  OPERATOR: ['READ_INTERNAL', 'OPERATE'],
  ADMIN: ['CREATE', 'READ_INTERNAL', 'GRANT_ROLES'],
  SUPER_ADMIN: ['CREATE', 'READ_INTERNAL', 'OPERATE', 'GRANT_ROLES'],
};

export const ROLES = Object.keys(PERMISSIONS) as readonly Role[];

/** Whose roles they may grant and take. An admin makes no other: what makes admins is less often in use. */
const KEEPERS: Readonly<Partial<Record<Role, readonly Role[]>>> = {
  ADMIN: ['CREATOR', 'AUDITOR', 'OPERATOR'],
  SUPER_ADMIN: ROLES,
};

const MISSING: Readonly<Record<Permission, readonly [DomainErrorCode, string]>> = {
  CREATE: ['NOT_A_CREATOR', 'Only an appointed creator may do this'],
  READ_INTERNAL: ['NOT_AN_OPERATOR', 'Only an operator or an auditor may read this'],
  OPERATE: ['NOT_AN_OPERATOR', 'Only an operator may do this'],
  GRANT_ROLES: ['NOT_AN_ADMIN', 'Only an admin may do this'],
};

export const permissionsOf = (roles: readonly Role[]): ReadonlySet<Permission> =>
  new Set(roles.flatMap((role) => PERMISSIONS[role]));

/** @throws DomainError NOT_A_CREATOR, NOT_AN_OPERATOR, NOT_AN_ADMIN */
export function requirePermission(roles: readonly Role[], permission: Permission): void {
  if (permissionsOf(roles).has(permission)) return;
  const [code, message] = MISSING[permission];
  throw refusal(code, message, null, { permission });
}

/** @throws DomainError NOT_AN_ADMIN, OWN_ROLE, UNKNOWN_USER, USER_ERASED */
export function grantRole(command: ChangeRole, state: UserState): readonly UserEvent[] {
  const { by, role } = command;
  requireKeeper(command);
  if (isOwn(command))
    throw refusal('OWN_ROLE', 'Nobody grants a role to themselves: let another do it', 'address');
  if (requireRegistered(state).roles.includes(role)) return [];
  const data = { ...changeOf(command), grantedBy: by.name };
  return [{ type: 'UserRoleGranted', version: USER_VERSIONS.UserRoleGranted, data }];
}

/** Anybody may lay down their own. @throws DomainError NOT_AN_ADMIN, ROLE_NOT_HELD, UNKNOWN_USER, USER_ERASED */
export function revokeRole(command: ChangeRole, state: UserState): readonly UserEvent[] {
  const { by, role } = command;
  if (!isOwn(command)) requireKeeper(command);
  if (!requireRegistered(state).roles.includes(role)) {
    throw refusal('ROLE_NOT_HELD', 'The log knows of no such role of theirs', 'role', { role });
  }
  const data = { ...changeOf(command), revokedBy: by.name };
  return [{ type: 'UserRoleRevoked', version: USER_VERSIONS.UserRoleRevoked, data }];
}

function requireKeeper({ by, role }: ChangeRole): void {
  requirePermission(by.roles, 'GRANT_ROLES');
  if (by.roles.some((own) => KEEPERS[own]?.includes(role))) return;
  throw refusal('NOT_AN_ADMIN', 'Only a super admin says who is an admin', 'role', { role });
}

const isOwn = ({ address, by }: ChangeRole): boolean => address.toLowerCase() === by.name.toLowerCase();

const changeOf = ({ address, at, reason, role }: ChangeRole): Omit<UserRoleGranted['data'], 'grantedBy'> => ({
  address,
  role,
  reason,
  at,
});
