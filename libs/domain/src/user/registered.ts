import { refusal } from '../vocabulary/errors.js';
import type { RegisteredUser, UserState } from './state.js';

/** @throws DomainError UNKNOWN_USER, USER_ERASED */
export function requireRegistered(state: UserState): RegisteredUser {
  if (state.status === 'REGISTERED') return state;
  if (state.status === 'ERASED') throw userErased();
  throw unknownUser();
}

export const unknownUser = () => refusal('UNKNOWN_USER', 'Nobody signed in with this address', 'address');

/** The registration ended: only a new sign-in begins another. */
export const userErased = () =>
  refusal('USER_ERASED', 'The data of this person was erased; sign in again to begin anew');
