import { parseAbi } from 'viem';

export const factoryAbi = parseAbi([
  'event TokenCreated(address indexed tokenAddress, address indexed creator, string name, string symbol, uint256 totalSupply)',
  'event TokenMetadataUpdated(address indexed tokenAddress, uint8 decimals, string metadataURI)',
]);

export const tokenAbi = parseAbi([
  'event Transfer(address indexed from, address indexed to, uint256 amount)',
]);

export const managerAbi = parseAbi([
  'event PoolCreated(address indexed tokenA, address indexed tokenB, bytes32 indexed poolId)',
  'event Swap(address indexed user, bytes32 indexed poolId, address tokenIn, address tokenOut, uint256 amountIn, uint256 amountOut)',
  'event Sync(bytes32 indexed poolId, uint256 reserveA, uint256 reserveB)',
]);
