import { refusal } from '../vocabulary/errors.js';
import type { Instant, Uuid } from '../vocabulary/values.js';
import type { CreateApiKey, RevokeApiKey, SetApiKeyRate } from './commands.js';
import { USER_VERSIONS, type UserEvent } from './events.js';
import { requireRegistered } from './registered.js';
import { requirePermission } from './roles.js';
import type { RegisteredUser, UserApiKey, UserState } from './state.js';

/** Of one person at a time: more would be for nobody to look after. */
export const API_KEYS_MAX = 20;

/** Those that are good at a moment, by their ids. */
export const apiKeysOf = (
  { apiKeys }: Pick<RegisteredUser, 'apiKeys'>,
  at: Instant,
): readonly (readonly [Uuid, UserApiKey])[] =>
  Object.entries(apiKeys).filter(([, { expiresAt }]) => expiresAt > at);

/** @throws DomainError UNKNOWN_USER, USER_ERASED, TOO_MANY_API_KEYS */
export function createApiKey(command: CreateApiKey, state: UserState): readonly UserEvent[] {
  const user = requireRegistered(state);
  const { type: _type, ...given } = command;
  if (apiKeysOf(user, command.at).length >= API_KEYS_MAX) {
    const message = `One person has ${API_KEYS_MAX} keys at most: revoke one first`;
    throw refusal('TOO_MANY_API_KEYS', message, null, { max: API_KEYS_MAX });
  }
  const data = { address: user.address, ...given };
  return [{ type: 'ApiKeyCreated', version: USER_VERSIONS.ApiKeyCreated, data }];
}

/** @throws DomainError UNKNOWN_USER, USER_ERASED, UNKNOWN_API_KEY */
export function revokeApiKey({ at, keyId }: RevokeApiKey, state: UserState): readonly UserEvent[] {
  const user = requireRegistered(state);
  requireKey(user, keyId, at);
  const data = { address: user.address, keyId, at };
  return [{ type: 'ApiKeyRevoked', version: USER_VERSIONS.ApiKeyRevoked, data }];
}

/** @throws DomainError NOT_AN_ADMIN, UNKNOWN_USER, USER_ERASED, UNKNOWN_API_KEY */
export function setApiKeyRate(
  { at, by, keyId, rateClass, reason }: SetApiKeyRate,
  state: UserState,
): readonly UserEvent[] {
  requirePermission(by.roles, 'GRANT_ROLES');
  const user = requireRegistered(state);
  if (requireKey(user, keyId, at).rateClass === rateClass) return [];
  const data = { address: user.address, keyId, rateClass, setBy: by.name, reason, at };
  return [{ type: 'ApiKeyRateSet', version: USER_VERSIONS.ApiKeyRateSet, data }];
}

function requireKey({ apiKeys }: RegisteredUser, keyId: Uuid, at: Instant): UserApiKey {
  const key = apiKeys[keyId];
  if (key !== undefined && key.expiresAt > at) return key;
  throw refusal('UNKNOWN_API_KEY', 'There is no such key, or it is good no more', 'keyId');
}
