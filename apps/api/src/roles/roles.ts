import { type Permission, permissionsOf, requirePermission, type Role } from '@abland/domain';
import { requireScope, sessionNeeded } from '../api-keys/by-key.js';
import type { KeyRights, SignedInSession } from '../sessions/session.js';
import type { KnownUsers } from '../sessions/known-users.js';

/** Who asks, and by what: a key opens of its person's roles what it has the scope for, and nothing but reading. */
export type Asking = Pick<SignedInSession, 'address' | 'key'>;

/** What the environment says of roles. */
export interface GivenRoles {
  /** Checksummed addresses of super admins. */
  readonly first: ReadonlySet<string>;
  /** Whether CREATE takes a role; else everybody may who signed in. */
  readonly creatorsAppointed: boolean;
}

/** Who may what: by the log, and by the environment, whose super admins are there before anybody is in the log. */
export class Roles {
  constructor(
    private readonly known: KnownUsers,
    private readonly given: GivenRoles,
  ) {}

  /** As the log had them up to five seconds ago. */
  async of(address: string): Promise<readonly Role[]> {
    return this.withFirst(address, (await this.known.of(address)).roles);
  }

  async permissionsOf({ address, key }: Asking): Promise<ReadonlySet<Permission>> {
    const permissions = permissionsOf(await this.of(address));
    return key === null ? permissions : new Set([...permissions].filter((one) => opens(key, one)));
  }

  /** Super admins of the environment look after a system in trouble: of them the log is not asked. */
  async may({ address, key }: Asking, permission: Permission): Promise<boolean> {
    if (key !== null && !opens(key, permission)) return false;
    return this.given.first.has(address) || permissionsOf(await this.of(address)).has(permission);
  }

  /**
   * @throws DomainError NOT_A_CREATOR, NOT_AN_OPERATOR, NOT_AN_ADMIN
   * @throws ApiError FORBIDDEN where the key is not for it
   */
  async require(asking: Asking, permission: Permission): Promise<void> {
    const { address, key } = asking;
    if (key !== null) requireOpened(key, permission);
    if (await this.may(asking, permission)) return;
    // It may have been granted a moment ago.
    requirePermission((await this.known.newestOf(address)).roles, permission);
  }

  /** Before somebody makes what stays on a chain for good. @throws DomainError NOT_A_CREATOR */
  async requireCreator(address: string): Promise<void> {
    if (this.given.creatorsAppointed) await this.require({ address, key: null }, 'CREATE');
  }

  /** As the log has them. */
  async newestOf(address: string): Promise<readonly Role[]> {
    return this.withFirst(address, (await this.known.newestOf(address)).roles);
  }

  /** For whoever recorded a change of somebody's roles: from now on this process believes nothing of before. */
  forget(address: string): void {
    this.known.forget(address);
  }

  private withFirst(address: string, roles: readonly Role[]): readonly Role[] {
    return this.given.first.has(address) && !roles.includes('SUPER_ADMIN')
      ? ['SUPER_ADMIN', ...roles]
      : roles;
  }
}

const opens = ({ scopes }: KeyRights, permission: Permission): boolean =>
  permission === 'READ_INTERNAL' && scopes.includes('READ_INTERNAL');

function requireOpened(key: KeyRights, permission: Permission): void {
  if (permission !== 'READ_INTERNAL') throw sessionNeeded();
  requireScope(key, permission);
}
