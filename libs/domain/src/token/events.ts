import type { DomainEvent } from '@abland/kernel';
import type {
  Address,
  AmountText,
  BlockNumber,
  Decimals,
  Execution,
  Hash,
  HexData,
  Instant,
  Uuid,
} from '../values.js';

export type TokenCreationRequested = DomainEvent<
  'TokenCreationRequested',
  {
    readonly tokenId: Uuid;
    readonly creator: Address;
    readonly name: string;
    readonly symbol: string;
    readonly decimals: Decimals;
    /** Whole tokens, 1 to 10^27. */
    readonly supply: AmountText;
    /** Base units: supply times 10^decimals. */
    readonly totalSupply: AmountText;
    readonly description: string;
    readonly metadataURI: string;
    readonly execution: Execution;
    /** SHA-256 of the canonical input, so that a key used again with another input is noticed. */
    readonly inputHash: HexData;
    readonly requestedAt: Instant;
    readonly deadline: Instant;
  }
>;
export type TokenCreationSubmitted = DomainEvent<
  'TokenCreationSubmitted',
  { readonly tokenId: Uuid; readonly txHash: Hash }
>;
export type TokenDeployed = DomainEvent<
  'TokenDeployed',
  {
    readonly tokenId: Uuid;
    readonly tokenAddress: Address;
    readonly txHash: Hash;
    readonly blockNumber: BlockNumber;
    readonly blockHash: Hash;
  }
>;
export type TokenCreationFailed = DomainEvent<
  'TokenCreationFailed',
  {
    readonly tokenId: Uuid;
    /** Stable code: EXPIRED, REVERTED, REFUSED_BY_SIMULATION. */
    readonly code: string;
    readonly reason: string;
    /** The transaction that was mined and reverted; null where the chain saw none. */
    readonly txHash: Hash | null;
    readonly blockHash: Hash | null;
  }
>;
/** A reorg took back the block in which the token was deployed or its creation reverted; the transaction may be mined again. */
export type TokenDeploymentRetracted = DomainEvent<
  'TokenDeploymentRetracted',
  { readonly tokenId: Uuid; readonly txHash: Hash; readonly blockHash: Hash }
>;
export type TokenDeactivationRequested = DomainEvent<
  'TokenDeactivationRequested',
  {
    readonly tokenId: Uuid;
    readonly commandId: Uuid;
    readonly requestedBy: Address;
    readonly execution: Execution;
    readonly inputHash: HexData;
    readonly requestedAt: Instant;
    readonly deadline: Instant;
  }
>;
export type TokenDeactivationSubmitted = DomainEvent<
  'TokenDeactivationSubmitted',
  { readonly tokenId: Uuid; readonly commandId: Uuid; readonly txHash: Hash }
>;
export type TokenDeactivationConfirmed = DomainEvent<
  'TokenDeactivationConfirmed',
  {
    readonly tokenId: Uuid;
    readonly txHash: Hash;
    readonly blockNumber: BlockNumber;
    readonly blockHash: Hash;
  }
>;
export type TokenDeactivationFailed = DomainEvent<
  'TokenDeactivationFailed',
  {
    readonly tokenId: Uuid;
    readonly commandId: Uuid;
    readonly code: string;
    readonly reason: string;
    /** The transaction that was mined and reverted; null where the chain saw none. */
    readonly txHash: Hash | null;
    readonly blockHash: Hash | null;
  }
>;
export type TokenDeactivationRetracted = DomainEvent<
  'TokenDeactivationRetracted',
  { readonly tokenId: Uuid; readonly txHash: Hash; readonly blockHash: Hash }
>;

export type TokenEvent =
  | TokenCreationRequested
  | TokenCreationSubmitted
  | TokenDeployed
  | TokenCreationFailed
  | TokenDeploymentRetracted
  | TokenDeactivationRequested
  | TokenDeactivationSubmitted
  | TokenDeactivationConfirmed
  | TokenDeactivationFailed
  | TokenDeactivationRetracted;

export const tokenStream = (tokenId: Uuid): string => `token-${tokenId}`;
