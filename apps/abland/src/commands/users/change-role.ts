import { randomUUID } from 'node:crypto';
import { type ChangeRole, parseReason, type Role, userDecider, userStream } from '@abland/domain';
import { type EventStore, handleCommand, invariant } from '@abland/kernel';

export type RoleChange = Pick<ChangeRole, 'type' | 'address' | 'role' | 'reason' | 'at'>;

export interface RoleOutcome {
  /** What the person is now. */
  readonly roles: readonly Role[];
  /** They were it before. */
  readonly already: boolean;
}

/**
 * Whoever sits at the terminal has the log itself in hand: they are a super admin.
 * @param by `operator:<name>`
 * @throws DomainError INVALID_REASON, UNKNOWN_USER, USER_ERASED, ROLE_NOT_HELD
 */
export async function changeRole(store: EventStore, by: string, change: RoleChange): Promise<RoleOutcome> {
  const reason = parseReason(change.reason);
  const { appended, state } = await handleCommand(
    store,
    userDecider,
    userStream(change.address),
    { ...change, reason, by: { name: by, roles: ['SUPER_ADMIN'] } },
    {
      metadata: { correlationId: randomUUID(), causationId: null, actor: by },
      eventId: () => randomUUID(),
    },
  );
  invariant(state.status === 'REGISTERED', 'A role of somebody who is not registered', {
    status: state.status,
  });
  return { roles: state.roles, already: appended === 0 };
}
