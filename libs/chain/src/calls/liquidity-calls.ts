import type { Address, Hash, Uuid } from '@abland/domain';
import { encodeTaggedCall, type ContractCall } from './contract-call.js';
import { INTERFACES } from '../contracts/interfaces.js';

interface WithDeadline {
  /** Seconds since the epoch; the contract refuses a later block. */
  readonly deadline: number;
}

/** Amounts in base units, everywhere in this file. */
export interface CreatePoolArguments extends WithDeadline {
  readonly tokenX: Address;
  readonly tokenY: Address;
  readonly amountX: bigint;
  readonly amountY: bigint;
}

export interface AddLiquidityArguments extends WithDeadline {
  readonly poolId: Hash;
  readonly amountADesired: bigint;
  readonly amountBDesired: bigint;
  readonly amountAMin: bigint;
  readonly amountBMin: bigint;
}

export interface RemoveLiquidityArguments extends WithDeadline {
  readonly poolId: Hash;
  readonly liquidity: bigint;
  readonly amountAMin: bigint;
  readonly amountBMin: bigint;
}

export interface SwapArguments extends WithDeadline {
  readonly poolId: Hash;
  readonly tokenIn: Address;
  readonly amountIn: bigint;
  readonly amountOutMin: bigint;
}

export function encodeCreatePool(manager: Address, args: CreatePoolArguments, commandId: Uuid): ContractCall {
  const values = [args.tokenX, args.tokenY, args.amountX, args.amountY, args.deadline];
  return encodeTaggedCall(INTERFACES.ABLiquidityManager, manager, 'createPool', values, commandId);
}

export function encodeAddLiquidity(
  manager: Address,
  args: AddLiquidityArguments,
  commandId: Uuid,
): ContractCall {
  const { poolId, amountADesired, amountBDesired, amountAMin, amountBMin, deadline } = args;
  const values = [poolId, amountADesired, amountBDesired, amountAMin, amountBMin, deadline];
  return encodeTaggedCall(INTERFACES.ABLiquidityManager, manager, 'addLiquidity', values, commandId);
}

export function encodeRemoveLiquidity(
  manager: Address,
  args: RemoveLiquidityArguments,
  commandId: Uuid,
): ContractCall {
  const values = [args.poolId, args.liquidity, args.amountAMin, args.amountBMin, args.deadline];
  return encodeTaggedCall(INTERFACES.ABLiquidityManager, manager, 'removeLiquidity', values, commandId);
}

export function encodeSwap(manager: Address, args: SwapArguments, commandId: Uuid): ContractCall {
  const values = [args.poolId, args.tokenIn, args.amountIn, args.amountOutMin, args.deadline];
  return encodeTaggedCall(INTERFACES.ABLiquidityManager, manager, 'swap', values, commandId);
}
