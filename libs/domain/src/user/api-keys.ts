import { refusal } from '../vocabulary/errors.js';
import type { Instant, Uuid } from '../vocabulary/values.js';
import type { CreateApiKey, RevokeApiKeys, SetApiKeyRate } from './commands.js';
import { type ApiKeyEnded, USER_VERSIONS, type UserEvent } from './events.js';
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

/** Where all end, none need be there. @throws DomainError NOT_AN_OPERATOR, UNKNOWN_USER, USER_ERASED, UNKNOWN_API_KEY */
export function revokeApiKeys({ at, by, keyId }: RevokeApiKeys, state: UserState): readonly UserEvent[] {
  if (by !== null) requirePermission(by.roles, 'OPERATE');
  const user = requireRegistered(state);
  if (keyId !== null) requireKey(user, keyId, at);
  const isMeant = (id: Uuid): boolean => keyId === null || id === keyId;
  if (by !== null)
    return endedKeys(user, { why: 'BY_OPERATOR', endedBy: by.name, reason: by.reason, at }, isMeant);
  return apiKeysOf(user, at)
    .filter(([id]) => isMeant(id))
    .map(([id]) => ({
      type: 'ApiKeyRevoked',
      version: USER_VERSIONS.ApiKeyRevoked,
      data: { address: user.address, keyId: id, at },
    }));
}

type Ending = Omit<ApiKeyEnded['data'], 'address' | 'keyId'>;

/** Of those keys of the person that are good and meant. */
export const endedKeys = (
  user: RegisteredUser,
  ending: Ending,
  isMeant: (keyId: Uuid, key: UserApiKey) => boolean,
): readonly UserEvent[] =>
  apiKeysOf(user, ending.at)
    .filter(([keyId, key]) => isMeant(keyId, key))
    .map(([keyId]) => ({
      type: 'ApiKeyEnded',
      version: USER_VERSIONS.ApiKeyEnded,
      data: { address: user.address, keyId, ...ending },
    }));

/**
 * Nobody raises a key of their own: it takes another.
 * @throws DomainError NOT_AN_ADMIN, OWN_API_KEY, UNKNOWN_USER, USER_ERASED, UNKNOWN_API_KEY
 */
export function setApiKeyRate(
  { at, by, keyId, rateClass, reason }: SetApiKeyRate,
  state: UserState,
): readonly UserEvent[] {
  requirePermission(by.roles, 'GRANT_ROLES');
  const user = requireRegistered(state);
  if (rateClass === 'RAISED' && by.name.toLowerCase() === user.address.toLowerCase())
    throw refusal(
      'OWN_API_KEY',
      'Nobody lets a key of their own ask more often: let another do it',
      'address',
    );
  if (requireKey(user, keyId, at).rateClass === rateClass) return [];
  const data = { address: user.address, keyId, rateClass, setBy: by.name, reason, at };
  return [{ type: 'ApiKeyRateSet', version: USER_VERSIONS.ApiKeyRateSet, data }];
}

function requireKey({ apiKeys }: RegisteredUser, keyId: Uuid, at: Instant): UserApiKey {
  const key = apiKeys[keyId];
  if (key !== undefined && key.expiresAt > at) return key;
  throw refusal('UNKNOWN_API_KEY', 'There is no such key, or it is good no more', 'keyId');
}
