import type { ConfirmAct, SetConfirmation } from './commands.js';
import { USER_VERSIONS, type UserEvent } from './events.js';
import { requireRegistered } from './registered.js';
import type { UserState } from './state.js';

/** @throws DomainError UNKNOWN_USER, USER_ERASED */
export function setConfirmation({ at, isOn }: SetConfirmation, state: UserState): readonly UserEvent[] {
  const { address, confirmsActs } = requireRegistered(state);
  if (isOn === confirmsActs) return [];
  const type = isOn ? 'ConfirmationTurnedOn' : 'ConfirmationTurnedOff';
  return [{ type, version: USER_VERSIONS[type], data: { address, at } }];
}

/** @throws DomainError UNKNOWN_USER, USER_ERASED */
export function confirmAct(command: ConfirmAct, state: UserState): readonly UserEvent[] {
  const { address } = requireRegistered(state);
  const { type: _type, ...given } = command;
  return [{ type: 'ActConfirmed', version: USER_VERSIONS.ActConfirmed, data: { address, ...given } }];
}
