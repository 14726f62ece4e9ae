import type { DomainEvent } from '@abland/kernel';
import type { Address, HexData, Instant, Uuid } from '../values.js';

export type UserRegistered = DomainEvent<
  'UserRegistered',
  { readonly address: Address; readonly at: Instant }
>;
export type UserSignedIn = DomainEvent<'UserSignedIn', { readonly address: Address; readonly at: Instant }>;
/**
 * A well-formed command of a signed-in caller that a rule or a missing right refused. Malformed input leaves nothing.
 */
export type CommandRejected = DomainEvent<
  'CommandRejected',
  {
    /** The id that the command's receipt would have had. */
    readonly commandId: Uuid;
    readonly address: Address;
    /** The mutation's name. */
    readonly command: string;
    readonly code: string;
    readonly field: string | null;
    readonly reason: string;
    readonly inputHash: HexData;
    readonly at: Instant;
  }
>;

export type UserEvent = UserRegistered | UserSignedIn | CommandRejected;

/** The address in lower case, so that one person has one stream. */
export const userStream = (address: Address): string => `user-${address.toLowerCase()}`;
