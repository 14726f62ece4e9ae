import { Interface } from 'ethers';

/** The functions that commands call; a test compares them with the compiled contracts. */
export const TOKEN_FACTORY_CALLS = new Interface([
  'function createToken(string name, string symbol, uint256 totalSupply, uint8 decimals, string metadataURI) payable returns (address)',
  'function deactivateToken(address token)',
]);

export const LIQUIDITY_MANAGER_CALLS = new Interface([
  'function createPool(address tokenX, address tokenY, uint256 amountX, uint256 amountY, uint256 deadline) returns (bytes32)',
  'function addLiquidity(bytes32 poolId, uint256 amountADesired, uint256 amountBDesired, uint256 amountAMin, uint256 amountBMin, uint256 deadline) returns (uint256 amountA, uint256 amountB, uint256 liquidity)',
  'function removeLiquidity(bytes32 poolId, uint256 liquidity, uint256 amountAMin, uint256 amountBMin, uint256 deadline) returns (uint256 amountA, uint256 amountB)',
  'function swap(bytes32 poolId, address tokenIn, uint256 amountIn, uint256 amountOutMin, uint256 deadline) returns (uint256 amountOut)',
]);

export const TOKEN_CALLS = new Interface(['function approve(address spender, uint256 value) returns (bool)']);

export const FORWARDER_CALLS = new Interface([
  'function execute((address from, address to, uint256 value, uint256 gas, uint48 deadline, bytes data, bytes signature) request) payable',
]);
