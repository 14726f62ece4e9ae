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
  'ABLiquidityAdministration._checkMoved: uint256 moved = more < less ? 0 : more - less; -> uint256 moved = more <= less ? 0 : more - less;':
    'Where both are equal the difference is 0 as well.',
  'ABPool.amountsToAdd: if (reserveA > reserveB) { -> if (reserveA >= reserveB) {':
    'Of equal reserves the lesser desired amount is taken of both, whichever counts as the scarcer.',
  'ABLiquidityManager.addLiquidity: Deposit(poolId, amountADesired, amountBDesired, amountAMin, amountBMin, 0, deadline) -> Deposit(poolId, amountADesired, amountBDesired, amountAMin, amountBMin, 1, deadline)':
    'A deposit that gives no liquidity is refused before.',
  'ABLiquidityManager.PAYOUT_GAS_MAX: uint256 private constant PAYOUT_GAS_MAX = 300_000; -> uint256 private constant PAYOUT_GAS_MAX = 300001;':
    'A bound far above what a transfer takes: no unit of gas decides.',
  'ABLiquidityManager.PAYOUT_GAS_MAX: uint256 private constant PAYOUT_GAS_MAX = 300_000; -> uint256 private constant PAYOUT_GAS_MAX = 299999;':
    'A bound far above what a transfer takes: no unit of gas decides.',
  'ABLiquidityAdministration.renounceOwnership: function renounceOwnership() public override(Ownable) whenNotPaused onlyOwner { -> function renounceOwnership() public override(Ownable) whenNotPaused {':
    'What it calls asks for the owner as well.',
  'ABPoolLedger._afterTakingIn: part = ABPool.protocolPart(amountIn, protocolFee()); -> part = ABPool.protocolPart(protocolFee(), amountIn);':
    'A product, divided by a constant.',
};
