import type { Address, ChainId, HexData, Instant, Uuid } from '../vocabulary/values.js';
import type { ApiKeyRateClass, ApiKeyScope, ErasedBy, Role, SessionEnding } from './events.js';

/** The caller has proved to hold the address; the first time, and the first after an erasure, registers them. */
export interface SignInUser {
  readonly type: 'SignInUser';
  readonly address: Address;
  /** What begins with it; absent: no session does. */
  readonly session?: NewSession;
  readonly at: Instant;
}
export interface NewSession {
  readonly sessionId: Uuid;
  /** Of the secret in its first refresh token. */
  readonly tokenHash: HexData;
  readonly expiresAt: Instant;
}
/** Somebody presents a refresh token that we made, for the next one of its session. */
export interface RefreshSession {
  readonly type: 'RefreshSession';
  readonly sessionId: Uuid;
  readonly presentedHash: HexData;
  readonly nextHash: HexData;
  readonly at: Instant;
}
/** The person ends one of their sessions. */
export interface EndSession {
  readonly type: 'EndSession';
  readonly sessionId: Uuid;
  readonly reason: Extract<SessionEnding, 'SIGNED_OUT' | 'REVOKED'>;
  /** Whether keys go on that were made since it began; of use where it is revoked, for who signs out takes nothing from anybody. */
  readonly keepsApiKeys: boolean;
  readonly at: Instant;
}
/** The person ends all of their sessions, and with them their keys unless they keep those. */
export interface EndAllSessions {
  readonly type: 'EndAllSessions';
  readonly keepsApiKeys: boolean;
  readonly at: Instant;
}
/** The person says whether acts of theirs take their wallet's word, each. */
export interface SetConfirmation {
  readonly type: 'SetConfirmation';
  readonly isOn: boolean;
  readonly at: Instant;
}
/** The person's wallet signed an act that is about to be done, and the signature was found to be theirs. */
export interface ConfirmAct {
  readonly type: 'ConfirmAct';
  /** The mutation's name. */
  readonly act: string;
  /** What was signed. */
  readonly digest: HexData;
  readonly signature: HexData;
  readonly at: Instant;
}
/** The person makes a key for a program of theirs. */
export interface CreateApiKey {
  readonly type: 'CreateApiKey';
  readonly keyId: Uuid;
  readonly secretHash: HexData;
  readonly scopes: readonly ApiKeyScope[];
  readonly expiresAt: Instant;
  readonly at: Instant;
}
/** The person, or an operator for them, ends one of their keys, or all. */
export interface RevokeApiKeys {
  readonly type: 'RevokeApiKeys';
  /** Null: all. */
  readonly keyId: Uuid | null;
  /** Null: the person. */
  readonly by: (RoleKeeper & { readonly reason: string }) | null;
  readonly at: Instant;
}
/** An admin says how often a key of the person may ask. */
export interface SetApiKeyRate {
  readonly type: 'SetApiKeyRate';
  readonly keyId: Uuid;
  readonly rateClass: ApiKeyRateClass;
  readonly by: RoleKeeper;
  readonly reason: string;
  readonly at: Instant;
}
/** Somebody who may, by their own roles, changes what the person may. */
export interface ChangeRole {
  readonly type: 'GrantRole' | 'RevokeRole';
  /** Whose role it is. */
  readonly address: Address;
  readonly role: Role;
  readonly by: RoleKeeper;
  readonly reason: string;
  readonly at: Instant;
}
export interface RoleKeeper {
  /** An address, or `operator:<name>` at the machine itself. */
  readonly name: string;
  readonly roles: readonly Role[];
}
/** A rule or a missing right refused a well-formed command of this signed-in caller. */
export interface RejectCommand {
  readonly type: 'RejectCommand';
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

/** What a person says of themselves; null is left out. */
export interface Profile {
  readonly displayName: string | null;
  readonly email: string | null;
  readonly bio: string | null;
  readonly avatarUri: string | null;
}

/** The person puts a whole profile in the place of the one before. */
export interface UpdateProfile extends Profile {
  readonly type: 'UpdateProfile';
  readonly commandId: Uuid;
  readonly inputHash: HexData;
  readonly at: Instant;
}
/** The person, or an operator for them, ends the registration and with it the readability of its personal data. */
export interface EraseUser {
  readonly type: 'EraseUser';
  readonly commandId: Uuid;
  readonly by: ErasedBy;
  /** The person's address, an operator's address, or `operator:<name>`. */
  readonly requestedBy: string;
  /** An operator's; null where the person asked. */
  readonly reason: string | null;
  readonly inputHash: HexData;
  readonly at: Instant;
}
/** The key store has destroyed the key of an erased registration. */
export interface ConfirmKeyDestroyed {
  readonly type: 'ConfirmKeyDestroyed';
  readonly registration: number;
  readonly at: Instant;
}
export type UserCommand =
  | SignInUser
  | RefreshSession
  | EndSession
  | EndAllSessions
  | SetConfirmation
  | ConfirmAct
  | ChangeRole
  | CreateApiKey
  | RevokeApiKeys
  | SetApiKeyRate
  | RejectCommand
  | UpdateProfile
  | EraseUser
  | ConfirmKeyDestroyed;
