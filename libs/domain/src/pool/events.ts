import type { DomainEvent } from '@abland/kernel';
import type { Address, AmountText, Execution, Hash, HexData, Instant, Uuid } from '../values.js';

/** A pool's request has its own id; the pool on the chain is named by `poolId` = keccak256(tokenA, tokenB). */
export type PoolCreationRequested = DomainEvent<
  'PoolCreationRequested',
  {
    readonly requestId: Uuid;
    readonly poolId: Hash;
    readonly creator: Address;
    /** tokenA < tokenB by address. */
    readonly tokenA: Address;
    readonly tokenB: Address;
    /** First deposit, base units. */
    readonly amountA: AmountText;
    readonly amountB: AmountText;
    readonly execution: Execution;
    readonly inputHash: HexData;
    readonly requestedAt: Instant;
    readonly deadline: Instant;
  }
>;
export type PoolCreationSubmitted = DomainEvent<
  'PoolCreationSubmitted',
  { readonly requestId: Uuid; readonly txHash: Hash }
>;
export type PoolDeployed = DomainEvent<
  'PoolDeployed',
  {
    readonly requestId: Uuid;
    readonly poolId: Hash;
    readonly txHash: Hash;
    readonly blockNumber: number;
  }
>;
export type PoolCreationFailed = DomainEvent<
  'PoolCreationFailed',
  {
    readonly requestId: Uuid;
    readonly code: string;
    readonly reason: string;
    readonly txHash: Hash | null;
  }
>;
export type PoolDeploymentRetracted = DomainEvent<
  'PoolDeploymentRetracted',
  { readonly requestId: Uuid; readonly txHash: Hash }
>;

export type PoolEvent =
  | PoolCreationRequested
  | PoolCreationSubmitted
  | PoolDeployed
  | PoolCreationFailed
  | PoolDeploymentRetracted;

/** Stream of a pool's creation, by request: two people may ask for the same pool, the chain lets one have it. */
export const poolStream = (requestId: Uuid): string => `pool-${requestId}`;
