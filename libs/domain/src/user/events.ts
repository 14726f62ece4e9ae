import type { DomainEvent } from '@abland/kernel';
import type { PersonalText } from './personal-text.js';
import type { Address, ChainId, Count, HexData, Instant, Uuid } from '../vocabulary/values.js';

export type UserRegistered = DomainEvent<
  'UserRegistered',
  { readonly address: Address; readonly at: Instant }
>;
export type UserSignedIn = DomainEvent<'UserSignedIn', { readonly address: Address; readonly at: Instant }>;
/**
 * A session begins: what the person is let in by until it ends. Its refresh tokens are a family, one after the other; of each
 * the log has the hash of its secret alone.
 */
export type SessionStarted = DomainEvent<
  'SessionStarted',
  {
    readonly address: Address;
    readonly sessionId: Uuid;
    /** SHA-256 of the secret in the refresh token that is good from now on. */
    readonly tokenHash: HexData;
    /** However often it is refreshed. */
    readonly expiresAt: Instant;
    readonly at: Instant;
  }
>;
export type SessionRefreshed = DomainEvent<
  'SessionRefreshed',
  {
    readonly address: Address;
    readonly sessionId: Uuid;
    /** SHA-256 of the secret in the refresh token that is good from now on. */
    readonly tokenHash: HexData;
    readonly at: Instant;
  }
>;
export type SessionEnded = DomainEvent<
  'SessionEnded',
  {
    readonly address: Address;
    readonly sessionId: Uuid;
    readonly reason: SessionEnding;
    readonly at: Instant;
  }
>;
/**
 * By the person: in it (`SIGNED_OUT`), from another session (`REVOKED`) or with all others (`SIGNED_OUT_EVERYWHERE`). Else: two had
 * its refresh tokens (`TOKEN_REPLAYED`), or the person began more than are kept (`DISPLACED`). One that expires, or ends with an
 * erasure, has no event of its own.
 */
export type SessionEnding =
  'SIGNED_OUT' | 'SIGNED_OUT_EVERYWHERE' | 'REVOKED' | 'TOKEN_REPLAYED' | 'DISPLACED';
/** From now on acts of the person take their wallet's word, each, until they turn it off or are erased. */
export type ConfirmationTurnedOn = DomainEvent<
  'ConfirmationTurnedOn',
  { readonly address: Address; readonly at: Instant }
>;
export type ConfirmationTurnedOff = DomainEvent<
  'ConfirmationTurnedOff',
  { readonly address: Address; readonly at: Instant }
>;
/**
 * The person's wallet signed an act that is done next. The log has what was signed as its digest alone, which nobody can guess the words
 * of the act by: it covers a random nonce.
 */
export type ActConfirmed = DomainEvent<
  'ActConfirmed',
  {
    readonly address: Address;
    /** The mutation's name. */
    readonly act: string;
    /** Of the typed data (EIP-712) that was signed. */
    readonly digest: HexData;
    readonly signature: HexData;
    readonly at: Instant;
  }
>;
/**
 * The person lets a program of theirs in by a key. Of its secret the log has the hash alone, and no name: what people call things may
 * say who they are.
 */
export type ApiKeyCreated = DomainEvent<
  'ApiKeyCreated',
  {
    readonly address: Address;
    readonly keyId: Uuid;
    /** SHA-256 of its secret, which is random. */
    readonly secretHash: HexData;
    /** Beside reading what anybody reads, and what the person reads of themselves. */
    readonly scopes: readonly ApiKeyScope[];
    readonly expiresAt: Instant;
    readonly at: Instant;
  }
>;
/** `COMMANDS`: gives commands to a chain; `READ_INTERNAL`: reads what the person's roles let them read. */
export type ApiKeyScope = 'COMMANDS' | 'READ_INTERNAL';
/** By the person. One that expires, or ends with an erasure, has no event of its own. */
export type ApiKeyRevoked = DomainEvent<
  'ApiKeyRevoked',
  { readonly address: Address; readonly keyId: Uuid; readonly at: Instant }
>;
/** A key is good no more, by something else than its person's revoking it. */
export type ApiKeyEnded = DomainEvent<
  'ApiKeyEnded',
  {
    readonly address: Address;
    readonly keyId: Uuid;
    readonly why: ApiKeyEnding;
    /** The person's address, an operator's, or `operator:<name>` at the machine itself. */
    readonly endedBy: string;
    /** An operator's; null where none ended it. */
    readonly reason: string | null;
    readonly at: Instant;
  }
>;
/**
 * The person ended all their sessions and keys (`SIGNED_OUT_EVERYWHERE`); an operator ended it (`BY_OPERATOR`); or it was made since a
 * session began of which two had the refresh tokens (`TOKEN_REPLAYED`), or which the person ended from another (`SESSION_REVOKED`).
 */
export type ApiKeyEnding = 'SIGNED_OUT_EVERYWHERE' | 'BY_OPERATOR' | 'TOKEN_REPLAYED' | 'SESSION_REVOKED';
/** An admin says how often a key may ask. */
export type ApiKeyRateSet = DomainEvent<
  'ApiKeyRateSet',
  {
    readonly address: Address;
    readonly keyId: Uuid;
    readonly rateClass: ApiKeyRateClass;
    /** An address. */
    readonly setBy: string;
    readonly reason: string;
    readonly at: Instant;
  }
>;
/** `SHARED`: counts with all else of its person, as each does at first; `RAISED`: by itself, and asks more often. */
export type ApiKeyRateClass = 'SHARED' | 'RAISED';
/** What somebody may from now on, until it is revoked or their registration ends with an erasure. */
export type UserRoleGranted = DomainEvent<'UserRoleGranted', RoleChange & { readonly grantedBy: string }>;
export type UserRoleRevoked = DomainEvent<'UserRoleRevoked', RoleChange & { readonly revokedBy: string }>;
/** Who did it, in the event itself: an address, or `operator:<name>` at the machine itself. */
type RoleChange = {
  readonly address: Address;
  readonly role: Role;
  readonly reason: string;
  readonly at: Instant;
};
/** What one may be beyond what everybody is who signed in; what each may: `permissionsOf`. */
export type Role = 'CREATOR' | 'AUDITOR' | 'OPERATOR' | 'ADMIN' | 'SUPER_ADMIN';
/**
 * A well-formed command of a signed-in caller that a rule or a missing right refused. Malformed input leaves nothing.
 */
export type CommandRejected = DomainEvent<
  'CommandRejected',
  {
    /** The id that the command's receipt would have had. */
    readonly commandId: Uuid;
    /** The chain that it was meant for; null for a command that concerns none. */
    readonly chainId: ChainId | null;
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
/** What the person says of themselves, the whole of it: what is null was left out. */
export type ProfileUpdated = DomainEvent<
  'ProfileUpdated',
  {
    readonly commandId: Uuid;
    readonly address: Address;
    /** Which registration of this address, from 1: names the key. */
    readonly registration: Count;
    readonly displayName: PersonalText | null;
    readonly email: PersonalText | null;
    readonly bio: PersonalText | null;
    readonly avatarUri: PersonalText | null;
    /** Of a person's few words: whoever guesses them could tell by the hash that they guessed right. */
    readonly inputHash: PersonalText;
    readonly at: Instant;
  }
>;
/** From now on nobody reads the personal data of this registration: its key is to be destroyed. */
export type UserErased = DomainEvent<
  'UserErased',
  {
    readonly commandId: Uuid;
    readonly address: Address;
    /** Which registration of this address, from 1: it ends here. */
    readonly registration: Count;
    readonly by: ErasedBy;
    /** The person's address, an operator's address, or `operator:<name>`. */
    readonly requestedBy: string;
    /** An operator's; null where the person asked. */
    readonly reason: string | null;
    readonly inputHash: HexData;
    readonly at: Instant;
  }
>;
/** The key of an erased registration is gone. */
export type UserKeyDestroyed = DomainEvent<
  'UserKeyDestroyed',
  { readonly address: Address; readonly registration: Count; readonly at: Instant }
>;

export type ErasedBy = 'PERSON' | 'OPERATOR';

export type UserEvent =
  | UserRegistered
  | UserSignedIn
  | SessionStarted
  | SessionRefreshed
  | SessionEnded
  | UserRoleGranted
  | UserRoleRevoked
  | ConfirmationTurnedOn
  | ConfirmationTurnedOff
  | ActConfirmed
  | ApiKeyCreated
  | ApiKeyRevoked
  | ApiKeyEnded
  | ApiKeyRateSet
  | CommandRejected
  | ProfileUpdated
  | UserErased
  | UserKeyDestroyed;

/** The address in lower case, so that one person has one stream. */
export const userStream = (address: Address): string => `user-${address.toLowerCase()}`;

/** The newest schema version of each. */
export const USER_VERSIONS = {
  UserRegistered: 1,
  UserSignedIn: 1,
  SessionStarted: 1,
  SessionRefreshed: 1,
  SessionEnded: 1,
  UserRoleGranted: 1,
  UserRoleRevoked: 1,
  ConfirmationTurnedOn: 1,
  ConfirmationTurnedOff: 1,
  ActConfirmed: 1,
  ApiKeyCreated: 1,
  ApiKeyRevoked: 1,
  ApiKeyEnded: 1,
  ApiKeyRateSet: 1,
  CommandRejected: 1,
  ProfileUpdated: 1,
  UserErased: 1,
  UserKeyDestroyed: 1,
} as const satisfies Record<UserEvent['type'], number>;
