import type { DomainEvent } from '@abland/kernel';
import type { Address, AmountText, Count, Hash, UnixSeconds } from '../vocabulary/values.js';
import type { Logged } from './log.js';

/** What the deployment's own contracts tell of themselves: who may do what, what is paused, where money went. */
export type Paused = DomainEvent<'Paused', Logged & { readonly account: Address }>;
export type Unpaused = DomainEvent<'Unpaused', Logged & { readonly account: Address }>;
/** When the pause ends by itself, without another fact; told as it begins and whenever it is prolonged. */
export type PausedUntil = DomainEvent<'PausedUntil', Logged & { readonly until: UnixSeconds }>;

type OwnerChange = Logged & { readonly previousOwner: Address; readonly newOwner: Address };
/** The new owner has yet to accept. */
export type OwnershipTransferStarted = DomainEvent<'OwnershipTransferStarted', OwnerChange>;
export type OwnershipTransferred = DomainEvent<'OwnershipTransferred', OwnerChange>;

export type FeeRecipientUpdated = DomainEvent<
  'FeeRecipientUpdated',
  Logged & { readonly oldRecipient: Address; readonly newRecipient: Address }
>;
/** Wei that the factory paid out. */
export type CreationFeesCollected = DomainEvent<
  'CreationFeesCollected',
  Logged & { readonly recipient: Address; readonly amount: AmountText }
>;
/** Base units of a token that the liquidity manager paid out. */
export type ProtocolFeesCollected = DomainEvent<
  'ProtocolFeesCollected',
  Logged & { readonly token: Address; readonly recipient: Address; readonly amount: AmountText }
>;
/** Base units of a token that could not be paid to who left a pool: the manager keeps them until they are claimed. */
export type PayoutKept = DomainEvent<
  'PayoutKept',
  Logged & { readonly user: Address; readonly token: Address; readonly amount: AmountText }
>;
/** All that was kept of a token for a user was paid. */
export type PayoutClaimed = DomainEvent<
  'PayoutClaimed',
  Logged & {
    readonly user: Address;
    readonly token: Address;
    readonly recipient: Address;
    readonly amount: AmountText;
  }
>;
export type GuardianUpdated = DomainEvent<
  'GuardianUpdated',
  Logged & { readonly oldGuardian: Address; readonly newGuardian: Address }
>;

/** A tree head of an event log was anchored on this chain. */
export type TreeHeadAnchored = DomainEvent<
  'TreeHeadAnchored',
  Logged & {
    readonly logId: Hash;
    /** The how-manieth of its log, from 0. */
    readonly index: Count;
    /** How many events the tree holds. */
    readonly treeSize: AmountText;
    readonly rootHash: Hash;
    readonly signer: Address;
  }
>;
/** Anchored tree heads of an event log stand no longer, from one on to the newest that there was; their numbers are given to no other. */
export type TreeHeadRetracted = DomainEvent<
  'TreeHeadRetracted',
  Logged & { readonly logId: Hash; readonly index: Count; readonly newestIndex: Count }
>;
/** Another key signs the tree heads of a log; address zero stands for none. */
export type CheckpointSignerUpdated = DomainEvent<
  'CheckpointSignerUpdated',
  Logged & { readonly logId: Hash; readonly oldSigner: Address; readonly newSigner: Address }
>;

type RoleChange = Logged & { readonly role: Hash; readonly account: Address; readonly sender: Address };
export type RoleGranted = DomainEvent<'RoleGranted', RoleChange>;
export type RoleRevoked = DomainEvent<'RoleRevoked', RoleChange>;
export type RoleAdminChanged = DomainEvent<
  'RoleAdminChanged',
  Logged & { readonly role: Hash; readonly previousAdminRole: Hash; readonly newAdminRole: Hash }
>;

/** The EIP-712 domain that a contract's signatures are bound to changed. */
export type SigningDomainChanged = DomainEvent<'SigningDomainChanged', Logged>;

export type SingletonFact =
  | Paused
  | Unpaused
  | PausedUntil
  | PayoutKept
  | PayoutClaimed
  | OwnershipTransferStarted
  | OwnershipTransferred
  | FeeRecipientUpdated
  | CreationFeesCollected
  | ProtocolFeesCollected
  | GuardianUpdated
  | TreeHeadAnchored
  | TreeHeadRetracted
  | CheckpointSignerUpdated
  | RoleGranted
  | RoleRevoked
  | RoleAdminChanged
  | SigningDomainChanged;

/** The newest schema version of each. */
export const SINGLETON_FACT_VERSIONS = {
  Paused: 1,
  Unpaused: 1,
  PausedUntil: 1,
  PayoutKept: 1,
  PayoutClaimed: 1,
  OwnershipTransferStarted: 1,
  OwnershipTransferred: 1,
  FeeRecipientUpdated: 1,
  CreationFeesCollected: 1,
  ProtocolFeesCollected: 1,
  GuardianUpdated: 1,
  TreeHeadAnchored: 1,
  TreeHeadRetracted: 1,
  CheckpointSignerUpdated: 1,
  RoleGranted: 1,
  RoleRevoked: 1,
  RoleAdminChanged: 1,
  SigningDomainChanged: 1,
} as const satisfies Record<SingletonFact['type'], number>;
