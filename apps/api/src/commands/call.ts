import {
  encodeAddLiquidity,
  encodeApproval,
  encodeCreatePool,
  encodeCreateToken,
  encodeDeactivateToken,
  encodeRemoveLiquidity,
  encodeSwap,
  type ContractCall,
} from '@abland/chain';
import {
  secondsOf,
  type DeactivationRequest,
  type OrderRequestData,
  type PoolRequest,
  type TokenRequest,
} from '@abland/domain';
import type { ApiSettings } from '../server/dependencies.js';

/** What a command comes down to on the chain: approvals that must stand before, then one call. */
export interface Execution {
  readonly approvals: readonly ContractCall[];
  readonly call: ContractCall;
  /** More than the call ever takes; what a relayed one may use at most. */
  readonly gasMax: bigint;
}

type Contracts = ApiSettings['chain'];

const GAS_MAX = {
  createToken: 5_000_000n,
  deactivateToken: 200_000n,
  createPool: 800_000n,
  addLiquidity: 500_000n,
  removeLiquidity: 500_000n,
  swap: 400_000n,
} as const;

export function tokenCreation(
  contracts: Contracts,
  request: TokenRequest,
  creationFeeWei: bigint,
): Execution {
  const { name, symbol, decimals, metadataURI } = request;
  const totalSupply = BigInt(request.totalSupply);
  const args = { name, symbol, totalSupply, decimals, metadataURI, creationFeeWei };
  const call = encodeCreateToken(contracts.tokenFactory, args, request.tokenId);
  return { approvals: [], call, gasMax: GAS_MAX.createToken };
}

export function tokenDeactivation(
  contracts: Contracts,
  request: DeactivationRequest,
  token: string,
): Execution {
  const call = encodeDeactivateToken(contracts.tokenFactory, token, request.commandId);
  return { approvals: [], call, gasMax: GAS_MAX.deactivateToken };
}

export function poolCreation(contracts: Contracts, request: PoolRequest): Execution {
  const { liquidityManager } = contracts;
  const amountX = BigInt(request.amountA);
  const amountY = BigInt(request.amountB);
  const args = { tokenX: request.tokenA, tokenY: request.tokenB, amountX, amountY };
  const deadline = secondsOf(request.deadline);
  return {
    approvals: [
      encodeApproval(request.tokenA, liquidityManager, amountX),
      encodeApproval(request.tokenB, liquidityManager, amountY),
    ],
    call: encodeCreatePool(liquidityManager, { ...args, deadline }, request.requestId),
    gasMax: GAS_MAX.createPool,
  };
}

/** @param tokens of the order's pool */
export function orderExecution(
  contracts: Contracts,
  request: OrderRequestData,
  tokens: { readonly tokenA: string; readonly tokenB: string },
): Execution {
  const { liquidityManager } = contracts;
  const { terms, poolId, orderId } = request;
  const deadline = secondsOf(request.deadline);
  switch (terms.kind) {
    case 'SWAP': {
      const amountIn = BigInt(terms.amountIn);
      const amountOutMin = BigInt(terms.amountOutMin);
      const args = { poolId, tokenIn: terms.tokenIn, amountIn, amountOutMin, deadline };
      return {
        approvals: [encodeApproval(terms.tokenIn, liquidityManager, amountIn)],
        call: encodeSwap(liquidityManager, args, orderId),
        gasMax: GAS_MAX.swap,
      };
    }
    case 'ADD_LIQUIDITY': {
      const amountADesired = BigInt(terms.amountADesired);
      const amountBDesired = BigInt(terms.amountBDesired);
      const minimums = { amountAMin: BigInt(terms.amountAMin), amountBMin: BigInt(terms.amountBMin) };
      const args = { poolId, amountADesired, amountBDesired, ...minimums, deadline };
      return {
        approvals: [
          encodeApproval(tokens.tokenA, liquidityManager, amountADesired),
          encodeApproval(tokens.tokenB, liquidityManager, amountBDesired),
        ],
        call: encodeAddLiquidity(liquidityManager, args, orderId),
        gasMax: GAS_MAX.addLiquidity,
      };
    }
    case 'REMOVE_LIQUIDITY': {
      const liquidity = BigInt(terms.liquidity);
      const minimums = { amountAMin: BigInt(terms.amountAMin), amountBMin: BigInt(terms.amountBMin) };
      const args = { poolId, liquidity, ...minimums, deadline };
      const call = encodeRemoveLiquidity(liquidityManager, args, orderId);
      return { approvals: [], call, gasMax: GAS_MAX.removeLiquidity };
    }
  }
}
