import { type Permission, permissionsOf, requirePermission, type Role } from '@abland/domain';
import type { KnownUsers } from '../sessions/known-users.js';

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

  async permissionsOf(address: string): Promise<ReadonlySet<Permission>> {
    return permissionsOf(await this.of(address));
  }

  /** Super admins of the environment look after a system in trouble: of them the log is not asked. */
  async may(address: string, permission: Permission): Promise<boolean> {
    return this.given.first.has(address) || (await this.permissionsOf(address)).has(permission);
  }

  /** @throws DomainError NOT_A_CREATOR, NOT_AN_OPERATOR, NOT_AN_ADMIN */
  async require(address: string, permission: Permission): Promise<void> {
    if (await this.may(address, permission)) return;
    // It may have been granted a moment ago.
    requirePermission((await this.known.newestOf(address)).roles, permission);
  }

  /** Before somebody makes what stays on a chain for good. @throws DomainError NOT_A_CREATOR */
  async requireCreator(address: string): Promise<void> {
    if (this.given.creatorsAppointed) await this.require(address, 'CREATE');
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
