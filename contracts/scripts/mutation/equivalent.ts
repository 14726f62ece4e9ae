/** Changes that no test can notice, by the mutant's name, each with the reason. They do not count. */
export const EQUIVALENT: Readonly<Record<string, string>> = {
  'ABPool.sort: (tokenA, tokenB) = tokenX < tokenY ? (tokenX, tokenY) : (tokenY, tokenX); -> (tokenA, tokenB) = tokenX <= tokenY ? (tokenX, tokenY) : (tokenY, tokenX);':
    'Equal addresses are refused before they are compared.',
  'ABPoolLedger._openPool: uint256 liquidity = ABPool.initialLiquidity(amountA, amountB); -> uint256 liquidity = ABPool.initialLiquidity(amountB, amountA);':
    'A product: the order changes nothing but which of two amounts that are both too large an error names, and Solidity leaves that order to the compiler already.',
  'ABPoolLedger._openPool: if (_pools[poolId].tokenA != address(0)) revert PoolExists(poolId); -> if (_pools[poolId].tokenB != address(0)) revert PoolExists(poolId);':
    'A pool has both tokens or none.',
  'ABPoolLedger._existing: if (pool.tokenA == address(0)) revert UnknownPool(poolId); -> if (pool.tokenB == address(0)) revert UnknownPool(poolId);':
    'A pool has both tokens or none.',
  'ABPoolLedger._exchangeStep: (address tokenA, address tokenB) = ABPool.sort(tokenIn, tokenOut); -> (address tokenA, address tokenB) = ABPool.sort(tokenOut, tokenIn);':
    'Sorting gives the same for either order.',
  'ABLiquidityManager.createPool: (address tokenA, address tokenB) = ABPool.sort(tokenX, tokenY); -> (address tokenA, address tokenB) = ABPool.sort(tokenY, tokenX);':
    'Sorting gives the same for either order.',
  'ABLiquidityManager.poolIdOf: (address tokenA, address tokenB) = ABPool.sort(tokenX, tokenY); -> (address tokenA, address tokenB) = ABPool.sort(tokenY, tokenX);':
    'Sorting gives the same for either order.',
  'ABPoolLedger._exchange: if (part != 0) _protocolFees[trade.tokenIn] += part; -> if (true) _protocolFees[trade.tokenIn] += part;':
    'Adding nothing; the condition saves gas.',
  'ABLiquidityManager._checkMoved: uint256 moved = heldAfter < heldBefore ? 0 : heldAfter - heldBefore; -> uint256 moved = heldAfter <= heldBefore ? 0 : heldAfter - heldBefore;':
    'Where both are equal the difference is 0 as well.',
  'ABPoolLedger._exchange: uint256 part = ABPool.protocolPart(amountIn, protocolFee()); -> uint256 part = ABPool.protocolPart(protocolFee(), amountIn);':
    'A product, divided by a constant.',
};
