// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IABPoolErrors} from './IABPoolErrors.sol';

/// @title Holds all pools
/// @notice A pool holds two tokens, tokenA below tokenB by address; its id is keccak256(abi.encodePacked(tokenA, tokenB)).
/// Amounts are base units, fees basis points of 10,000, deadlines seconds since the epoch. Every rounding favours the pool.
/// Every function that looks at the caller takes the signer of a relayed request (ERC-2771) for it, and tolerates bytes
/// after its ABI-encoded arguments. Tokens that take a fee on transfer are refused. While one of the functions that move
/// tokens runs, all of them and all views of pools revert with ReentrancyGuardReentrantCall.
interface IABLiquidityManager is IABPoolErrors {
    /// @param poolId which pool
    /// @param amountADesired base units, the most to take of tokenA
    /// @param amountBDesired base units, the most to take of tokenB
    /// @param amountAMin base units, the least that tokenA is quoted at
    /// @param amountBMin base units, the least that tokenB is quoted at
    /// @param liquidityMin the least liquidity to accept for them
    /// @param deadline seconds since the epoch; refused in a later block
    struct Deposit {
        bytes32 poolId;
        uint256 amountADesired;
        uint256 amountBDesired;
        uint256 amountAMin;
        uint256 amountBMin;
        uint256 liquidityMin;
        uint256 deadline;
    }

    /// @param poolId which pool
    /// @param liquidity how much to burn, at most what the caller has
    /// @param amountAMin base units, the least to accept of tokenA
    /// @param amountBMin base units, the least to accept of tokenB
    /// @param recipient who is paid; never address zero
    /// @param deadline seconds since the epoch; refused in a later block
    struct Withdrawal {
        bytes32 poolId;
        uint256 liquidity;
        uint256 amountAMin;
        uint256 amountBMin;
        address recipient;
        uint256 deadline;
    }

    event PoolCreated(address indexed tokenA, address indexed tokenB, bytes32 indexed poolId);
    /// @notice Of address zero with amounts 0 for the minimum liquidity that the first deposit locks for ever.
    event LiquidityAdded(
        address indexed user,
        bytes32 indexed poolId,
        uint256 amountA,
        uint256 amountB,
        uint256 liquidity
    );
    event LiquidityRemoved(
        address indexed user,
        bytes32 indexed poolId,
        uint256 amountA,
        uint256 amountB,
        uint256 liquidity
    );
    event Swap(
        address indexed user,
        bytes32 indexed poolId,
        address tokenIn,
        address tokenOut,
        uint256 amountIn,
        uint256 amountOut
    );
    /// @notice One side of a withdrawal could not be paid: the token refused, or took more than it was told. It is claimable.
    event PayoutKept(address indexed user, address indexed token, uint256 amount);
    event PayoutClaimed(
        address indexed user,
        address indexed token,
        address indexed recipient,
        uint256 amount
    );
    /// @notice The reserves after every change of them.
    event Sync(bytes32 indexed poolId, uint256 reserveA, uint256 reserveB);

    error DeadlineExpired(uint256 deadline, uint256 blockTimestamp);
    error PoolExists(bytes32 poolId);
    error UnknownPool(bytes32 poolId);
    error TokenNotInPool(bytes32 poolId, address token);
    error AmountBelowMinimum(address token, uint256 amount, uint256 minimum);
    error InsufficientLiquidity(address user, uint256 liquidity, uint256 requested);
    error LiquidityBelowMinimum(uint256 liquidity, uint256 minimum);
    error NothingKept(address user, address token);
    error NotThisContract(address caller);
    error InvalidRoute(uint256 tokens, uint256 amounts);
    error PoolUsedTwice(bytes32 poolId);
    /// @dev A step of a route asks for more than the pool gives for what goes in.
    error AmountOutTooLarge(bytes32 poolId, uint256 amountOut, uint256 maximum);

    /// @notice Opens the pool of two tokens with its first deposit, which sets the price. The caller's liquidity is
    /// floor(sqrt(amountX * amountY)) less the minimum liquidity, which is locked.
    /// @param tokenX either token
    /// @param tokenY the other one
    /// @param amountX base units of tokenX, taken in full
    /// @param amountY base units of tokenY, taken in full
    /// @param deadline seconds since the epoch; refused in a later block
    /// @return poolId the same for (X, Y) and (Y, X)
    /// @dev Reverts with DeadlineExpired, ZeroAmount, ZeroAddress, IdenticalTokens, PoolExists, ReserveOverflow,
    /// InsufficientInitialLiquidity, UnexpectedTransfer, EnforcedPause or the error of the token that refuses to move.
    function createPool(
        address tokenX,
        address tokenY,
        uint256 amountX,
        uint256 amountY,
        uint256 deadline
    ) external returns (bytes32 poolId);

    /// @notice Deposits both tokens at the pool's ratio: as many units of the scarcer token (of the smaller reserve) as both desired
    /// amounts allow, and what the ratio asks for of the other, rounded up by less than a unit. Minimums are held against the
    /// amounts without that rounding. The liquidity is rounded down; deposit() takes a minimum of it.
    /// @param poolId which pool
    /// @param amountADesired base units, the most to take of tokenA
    /// @param amountBDesired base units, the most to take of tokenB
    /// @param amountAMin base units, the least that tokenA is quoted at (a bound on how far the price has moved)
    /// @param amountBMin base units, the least that tokenB is quoted at
    /// @param deadline seconds since the epoch; refused in a later block
    /// @return amountA base units taken of tokenA
    /// @return amountB base units taken of tokenB
    /// @return liquidity that the caller has more of, rounded down
    /// @dev Reverts with DeadlineExpired, UnknownPool, ZeroAmount, ReserveOverflow, AmountBelowMinimum,
    /// InsufficientLiquidityAdded, UnexpectedTransfer, EnforcedPause or the error of the token that refuses to move.
    function addLiquidity(
        bytes32 poolId,
        uint256 amountADesired,
        uint256 amountBDesired,
        uint256 amountAMin,
        uint256 amountBMin,
        uint256 deadline
    ) external returns (uint256 amountA, uint256 amountB, uint256 liquidity);

    /// @notice addLiquidity() with a minimum of liquidity as well.
    /// @param order what to take, and its bounds
    /// @return amountA base units taken of tokenA
    /// @return amountB base units taken of tokenB
    /// @return liquidity that the caller has more of, rounded down
    /// @dev Reverts with the errors of addLiquidity(), among them DeadlineExpired, and with LiquidityBelowMinimum.
    function deposit(
        Deposit calldata order
    ) external returns (uint256 amountA, uint256 amountB, uint256 liquidity);

    /// @notice Burns the caller's liquidity for its share of both reserves, each rounded down, and pays it to the caller. Never
    /// paused. A side whose token refuses to move, moves another amount or burns the gas is kept for the caller to claim(), and
    /// the other side is paid: no token keeps its holders from leaving.
    /// @param poolId which pool
    /// @param liquidity how much to burn, at most what the caller has
    /// @param amountAMin base units, the least to accept of tokenA
    /// @param amountBMin base units, the least to accept of tokenB
    /// @param deadline seconds since the epoch; refused in a later block
    /// @return amountA base units of tokenA, rounded down, whether paid or kept
    /// @return amountB base units of tokenB, rounded down, whether paid or kept
    /// @dev Reverts with DeadlineExpired, UnknownPool, ZeroAmount, InsufficientLiquidity, InsufficientLiquidityRemoved or
    /// AmountBelowMinimum.
    function removeLiquidity(
        bytes32 poolId,
        uint256 liquidity,
        uint256 amountAMin,
        uint256 amountBMin,
        uint256 deadline
    ) external returns (uint256 amountA, uint256 amountB);

    /// @notice removeLiquidity() that pays somebody else. What cannot be paid is kept for the caller, not for the recipient.
    /// @param order what to burn, its bounds and who is paid
    /// @return amountA base units of tokenA, rounded down, whether paid or kept
    /// @return amountB base units of tokenB, rounded down, whether paid or kept
    /// @dev Reverts with the errors of removeLiquidity(), among them DeadlineExpired, and with InvalidRecipient for address zero.
    function withdraw(Withdrawal calldata order) external returns (uint256 amountA, uint256 amountB);

    /// @notice Pays all that was kept of a token for the caller. Never paused.
    /// @param token that could not be paid before
    /// @param recipient any account that the token pays
    /// @return amount base units, all that was kept
    /// @dev Reverts with NothingKept, UnexpectedTransfer or the error of the token that still refuses to move.
    function claim(address token, address recipient) external returns (uint256 amount);

    /// @notice One side of a withdrawal, in a call of its own that can fail by itself. Nobody but this contract can call it.
    /// @param token of the pool
    /// @param recipient who is paid
    /// @param amount base units
    /// @dev Reverts with NotThisContract, UnexpectedTransfer or the error of the token that refuses to move.
    function payOut(address token, address recipient, uint256 amount) external;

    /// @notice Swaps an exact amount in. With x = amountIn * (10000 - swapFee), the amount out is
    /// floor(x * reserveOut / (reserveIn * 10000 + x)); floor(amountIn * protocolFee / 10000) stays out of the reserves.
    /// @param poolId which pool
    /// @param tokenIn one of its tokens
    /// @param amountIn base units of tokenIn, taken in full
    /// @param amountOutMin base units of the other token, the least to accept
    /// @param deadline seconds since the epoch; refused in a later block
    /// @return amountOut base units of the pool's other token, rounded down
    /// @dev Reverts with DeadlineExpired, ZeroAmount, UnknownPool, TokenNotInPool, ReserveOverflow, InsufficientAmountOut,
    /// AmountBelowMinimum, UnexpectedTransfer, EnforcedPause or the error of the token that refuses to move.
    function swap(
        bytes32 poolId,
        address tokenIn,
        uint256 amountIn,
        uint256 amountOutMin,
        uint256 deadline
    ) external returns (uint256 amountOut);

    /// @notice Swaps along a route of pools with every amount named by the caller: takes amounts[0] of the first token,
    /// pays the last amount of the last token, and moves what lies between from pool to pool without any transfer. The
    /// amounts are their own bounds: a step that asks a pool for more than swap() would give is refused.
    /// @param tokens two or more, each next to one that it has a pool with, no pool twice
    /// @param amounts base units, one for each token
    /// @param deadline seconds since the epoch; refused in a later block
    /// @dev Reverts with DeadlineExpired, InvalidRoute, ZeroAmount, ZeroAddress, IdenticalTokens, UnknownPool,
    /// ReserveOverflow, InsufficientAmountOut, AmountOutTooLarge, PoolUsedTwice, UnexpectedTransfer, EnforcedPause or the error of
    /// the token that refuses to move.
    function swapRoute(address[] calldata tokens, uint256[] calldata amounts, uint256 deadline) external;

    /// @notice The pool's state; all zero where there is no such pool.
    /// @param poolId which pool
    /// @return tokenA the lower address
    /// @return tokenB the higher address
    /// @return reserveA base units of tokenA that belong to the pool's liquidity
    /// @return reserveB base units of tokenB that belong to the pool's liquidity
    /// @return totalLiquidity including the locked minimum
    /// @dev Reverts with ReentrancyGuardReentrantCall while tokens are being moved, as all views of pools do.
    function getPool(
        bytes32 poolId
    )
        external
        view
        returns (address tokenA, address tokenB, uint256 reserveA, uint256 reserveB, uint256 totalLiquidity);

    /// @notice How much of a pool's liquidity is a user's.
    /// @param poolId which pool
    /// @param user any account
    /// @return liquidity of the user in the pool; the locked minimum belongs to nobody
    /// @dev Reverts with ReentrancyGuardReentrantCall.
    function liquidityOf(bytes32 poolId, address user) external view returns (uint256 liquidity);

    /// @notice What withdrawals could not pay.
    /// @param user any account
    /// @param token any token
    /// @return amount base units of the token that the user can claim()
    /// @dev Reverts with ReentrancyGuardReentrantCall.
    function keptFor(address user, address token) external view returns (uint256 amount);

    /// @notice The id of the pool of two tokens.
    /// @param tokenX either token
    /// @param tokenY the other one
    /// @return poolId of two tokens in any order, whether the pool exists or not
    /// @dev Reverts with IdenticalTokens or ZeroAddress.
    function poolIdOf(address tokenX, address tokenY) external pure returns (bytes32 poolId);

    /// @notice What swap() would give now.
    /// @param poolId which pool
    /// @param tokenIn one of its tokens
    /// @param amountIn base units of tokenIn
    /// @return amountOut base units of the other token, rounded down
    /// @dev Reverts with ZeroAmount, UnknownPool, TokenNotInPool, ReserveOverflow, InsufficientAmountOut or
    /// ReentrancyGuardReentrantCall.
    function quoteAmountOut(
        bytes32 poolId,
        address tokenIn,
        uint256 amountIn
    ) external view returns (uint256 amountOut);

    /// @notice The least amount in for which swap() would give at least `amountOut` now.
    /// @param poolId which pool
    /// @param tokenIn one of its tokens
    /// @param amountOut base units of the other token
    /// @return amountIn base units of tokenIn, rounded up
    /// @dev Reverts with ZeroAmount, UnknownPool, TokenNotInPool, InsufficientReserve, ReserveOverflow or
    /// ReentrancyGuardReentrantCall.
    function quoteAmountIn(
        bytes32 poolId,
        address tokenIn,
        uint256 amountOut
    ) external view returns (uint256 amountIn);
}
