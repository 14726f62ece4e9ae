import { randomUUID } from 'node:crypto';
import { apiKeysOf, parseReason, parseUuid, userDecider, userStream } from '@abland/domain';
import { type EventStore, handleCommand, loadAggregate } from '@abland/kernel';

export interface KeysRevocation {
  /** Checksummed. */
  readonly address: string;
  /** Null: all that are good. */
  readonly keyId: string | null;
  readonly reason: string;
  /** `operator:<name>` of who sits at the terminal. */
  readonly by: string;
  readonly at: string;
}

/** The keys of a person that are good, the newest first, a line each. */
export async function apiKeyLines(
  store: EventStore,
  address: string,
  at: string,
): Promise<readonly string[]> {
  const { state } = await loadAggregate(store, userDecider, userStream(address));
  const keys = state.status === 'REGISTERED' ? apiKeysOf(state, at).toReversed() : [];
  if (keys.length === 0) return [`${address} has no API key that is good`];
  return keys.map(([keyId, { createdAt, expiresAt, rateClass, scopes }]) =>
    [keyId, `made ${createdAt}`, `good until ${expiresAt}`, rateClass, scopes.join(', ') || 'reads'].join(
      '  ',
    ),
  );
}

/**
 * Whoever sits at the terminal has the log itself in hand: they are a super admin.
 * @returns how many ended
 * @throws DomainError INVALID_REASON, INVALID_ID, UNKNOWN_USER, USER_ERASED, UNKNOWN_API_KEY
 */
export async function revokeApiKeys(store: EventStore, revocation: KeysRevocation): Promise<number> {
  const { address, at, by } = revocation;
  const reason = parseReason(revocation.reason);
  const keyId = revocation.keyId === null ? null : parseUuid(revocation.keyId, 'keyId');
  const { appended } = await handleCommand(
    store,
    userDecider,
    userStream(address),
    { type: 'RevokeApiKeys', keyId, by: { name: by, roles: ['SUPER_ADMIN'], reason }, at },
    {
      metadata: { correlationId: randomUUID(), causationId: null, actor: by },
      eventId: () => randomUUID(),
    },
  );
  return appended;
}
