import type { DomainEvent } from '@abland/kernel';
import type { Address, AmountText, BlockNumber, Execution, Hash, HexData, Instant, Uuid } from '../values.js';

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
    readonly blockNumber: BlockNumber;
    readonly blockHash: Hash;
  }
>;
export type PoolCreationFailed = DomainEvent<
  'PoolCreationFailed',
  {
    readonly requestId: Uuid;
    readonly code: string;
    readonly reason: string;
    /** The transaction that was mined and reverted; null where the chain saw none. */
    readonly txHash: Hash | null;
    readonly blockHash: Hash | null;
  }
>;
/** A reorg took back the block in which the pool was created or its creation reverted; the transaction may be mined again. */
export type PoolDeploymentRetracted = DomainEvent<
  'PoolDeploymentRetracted',
  { readonly requestId: Uuid; readonly txHash: Hash; readonly blockHash: Hash }
>;

export type PoolEvent =
  PoolCreationRequested | PoolCreationSubmitted | PoolDeployed | PoolCreationFailed | PoolDeploymentRetracted;

/** Stream of a pool's creation, by request: two people may ask for the same pool, the chain lets one have it. */
export const poolStream = (requestId: Uuid): string => `pool-${requestId}`;
