// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ERC2771Context} from '@openzeppelin/contracts/metatx/ERC2771Context.sol';
import {IERC20} from '@openzeppelin/contracts/token/ERC20/IERC20.sol';
import {SafeERC20} from '@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol';
import {RelayedOwnable} from '../forwarder/RelayedOwnable.sol';
import {IABLiquidityManager} from '../interfaces/IABLiquidityManager.sol';
import {ABLiquidityAdministration} from './ABLiquidityAdministration.sol';
import {ABPool} from './ABPool.sol';

/// @title Holds all pools (documented in IABLiquidityManager)
/// @dev Reserves are counted, never read from balances: what is sent here outside of these functions changes no price
/// and belongs to nobody. State is complete and the events are out before any token is called.
contract ABLiquidityManager is IABLiquidityManager, ABLiquidityAdministration {
    using SafeERC20 for IERC20;

    /// @notice Trusted, like the forwarder, to append its own caller to what it calls.
    address public immutable router;
    /// @notice Trusted in the same way, to open a new token's first pool for its creator.
    address public immutable tokenFactory;

    mapping(bytes32 poolId => ABPool.State) private _pools;
    mapping(bytes32 poolId => mapping(address user => uint256)) private _liquidity;

    modifier before(uint256 deadline) {
        if (block.timestamp > deadline) revert DeadlineExpired(deadline, block.timestamp);
        _;
    }

    /// @param owner_ sets fees, fee recipient and guardian, and ends a pause
    /// @param guardian_ may pause; address zero for the owner alone
    constructor(
        address trustedForwarder_,
        address router_,
        address tokenFactory_,
        address owner_,
        address feeRecipient_,
        address guardian_
    ) RelayedOwnable(trustedForwarder_, owner_) ABLiquidityAdministration(feeRecipient_, guardian_) {
        router = router_;
        tokenFactory = tokenFactory_;
    }

    /// @inheritdoc IABLiquidityManager
    function createPool(
        address tokenX,
        address tokenY,
        uint256 amountX,
        uint256 amountY,
        uint256 deadline
    ) external nonReentrant whenNotPaused before(deadline) returns (bytes32 poolId) {
        (address tokenA, address tokenB) = ABPool.sort(tokenX, tokenY);
        (uint256 amountA, uint256 amountB) = tokenX == tokenA ? (amountX, amountY) : (amountY, amountX);
        if (amountA == 0 || amountB == 0) revert ZeroAmount();
        poolId = ABPool.idOf(tokenA, tokenB);
        if (_pools[poolId].tokenA != address(0)) revert PoolExists(poolId);
        address user = _msgSender();
        uint256 liquidity = ABPool.initialLiquidity(amountA, amountB);

        _pools[poolId] = ABPool.State(
            tokenA,
            tokenB,
            uint128(amountA),
            uint128(amountB),
            uint128(liquidity + ABPool.MINIMUM_LIQUIDITY)
        );
        _liquidity[poolId][user] = liquidity;
        emit PoolCreated(tokenA, tokenB, poolId);
        emit LiquidityAdded(address(0), poolId, 0, 0, ABPool.MINIMUM_LIQUIDITY);
        emit LiquidityAdded(user, poolId, amountA, amountB, liquidity);
        emit Sync(poolId, amountA, amountB);

        _take(tokenA, user, amountA);
        _take(tokenB, user, amountB);
    }

    /// @inheritdoc IABLiquidityManager
    function addLiquidity(
        bytes32 poolId,
        uint256 amountADesired,
        uint256 amountBDesired,
        uint256 amountAMin,
        uint256 amountBMin,
        uint256 deadline
    )
        external
        nonReentrant
        whenNotPaused
        before(deadline)
        returns (uint256 amountA, uint256 amountB, uint256 liquidity)
    {
        ABPool.State storage pool = _existing(poolId);
        if (amountADesired == 0 || amountBDesired == 0) revert ZeroAmount();
        (uint256 reserveA, uint256 reserveB) = (pool.reserveA, pool.reserveB);
        (amountA, amountB) = ABPool.amountsToAdd(amountADesired, amountBDesired, reserveA, reserveB);
        if (amountA < amountAMin) revert AmountBelowMinimum(pool.tokenA, amountA, amountAMin);
        if (amountB < amountBMin) revert AmountBelowMinimum(pool.tokenB, amountB, amountBMin);
        liquidity = ABPool.liquidityFor(amountA, amountB, reserveA, reserveB, pool.totalLiquidity);

        address user = _msgSender();
        pool.totalLiquidity = ABPool.bounded(pool.totalLiquidity + liquidity);
        _liquidity[poolId][user] += liquidity;
        emit LiquidityAdded(user, poolId, amountA, amountB, liquidity);
        _setReserves(pool, poolId, reserveA + amountA, reserveB + amountB);

        _take(pool.tokenA, user, amountA);
        _take(pool.tokenB, user, amountB);
    }

    /// @inheritdoc IABLiquidityManager
    function removeLiquidity(
        bytes32 poolId,
        uint256 liquidity,
        uint256 amountAMin,
        uint256 amountBMin,
        uint256 deadline
    ) external nonReentrant before(deadline) returns (uint256 amountA, uint256 amountB) {
        ABPool.State storage pool = _existing(poolId);
        if (liquidity == 0) revert ZeroAmount();
        address user = _msgSender();
        uint256 held = _liquidity[poolId][user];
        if (held < liquidity) revert InsufficientLiquidity(user, held, liquidity);
        (uint256 reserveA, uint256 reserveB) = (pool.reserveA, pool.reserveB);
        (amountA, amountB) = ABPool.amountsFor(liquidity, reserveA, reserveB, pool.totalLiquidity);
        if (amountA < amountAMin) revert AmountBelowMinimum(pool.tokenA, amountA, amountAMin);
        if (amountB < amountBMin) revert AmountBelowMinimum(pool.tokenB, amountB, amountBMin);

        _liquidity[poolId][user] = held - liquidity;
        pool.totalLiquidity = uint128(pool.totalLiquidity - liquidity);
        emit LiquidityRemoved(user, poolId, amountA, amountB, liquidity);
        _setReserves(pool, poolId, reserveA - amountA, reserveB - amountB);

        // No check of what moved: nothing a token does may keep its holders from leaving.
        IERC20(pool.tokenA).safeTransfer(user, amountA);
        IERC20(pool.tokenB).safeTransfer(user, amountB);
    }

    /// @inheritdoc IABLiquidityManager
    function swap(
        bytes32 poolId,
        address tokenIn,
        uint256 amountIn,
        uint256 amountOutMin,
        uint256 deadline
    ) external nonReentrant whenNotPaused before(deadline) returns (uint256 amountOut) {
        ABPool.State storage pool = _existing(poolId);
        (address tokenOut, uint256 reserveIn, uint256 reserveOut) = _direction(pool, poolId, tokenIn);
        amountOut = ABPool.getAmountOut(amountIn, reserveIn, reserveOut, swapFee());
        if (amountOut < amountOutMin) revert AmountBelowMinimum(tokenOut, amountOut, amountOutMin);

        address user = _msgSender();
        _exchange(pool, poolId, user, tokenIn, tokenOut, reserveIn, reserveOut, amountIn, amountOut);

        _take(tokenIn, user, amountIn);
        _pay(tokenOut, user, amountOut);
    }

    /// @inheritdoc IABLiquidityManager
    function swapRoute(
        address[] calldata tokens,
        uint256[] calldata amounts,
        uint256 deadline
    ) external nonReentrant whenNotPaused before(deadline) {
        if (tokens.length < 2 || amounts.length != tokens.length) {
            revert InvalidRoute(tokens.length, amounts.length);
        }
        uint256 last = tokens.length - 1;
        address user = _msgSender();
        for (uint256 i = 0; i < last; ++i) {
            _exchangeStep(user, tokens[i], tokens[i + 1], amounts[i], amounts[i + 1]);
        }
        _take(tokens[0], user, amounts[0]);
        _pay(tokens[last], user, amounts[last]);
    }

    /// @inheritdoc IABLiquidityManager
    function getPool(
        bytes32 poolId
    )
        external
        view
        nonReentrantView
        returns (address tokenA, address tokenB, uint256 reserveA, uint256 reserveB, uint256 totalLiquidity)
    {
        ABPool.State storage pool = _pools[poolId];
        return (pool.tokenA, pool.tokenB, pool.reserveA, pool.reserveB, pool.totalLiquidity);
    }

    /// @inheritdoc IABLiquidityManager
    function liquidityOf(
        bytes32 poolId,
        address user
    ) external view nonReentrantView returns (uint256 liquidity) {
        return _liquidity[poolId][user];
    }

    /// @inheritdoc IABLiquidityManager
    function poolIdOf(address tokenX, address tokenY) external pure returns (bytes32 poolId) {
        (address tokenA, address tokenB) = ABPool.sort(tokenX, tokenY);
        return ABPool.idOf(tokenA, tokenB);
    }

    /// @inheritdoc IABLiquidityManager
    function quoteAmountOut(
        bytes32 poolId,
        address tokenIn,
        uint256 amountIn
    ) external view nonReentrantView returns (uint256 amountOut) {
        (, uint256 reserveIn, uint256 reserveOut) = _direction(_existing(poolId), poolId, tokenIn);
        return ABPool.getAmountOut(amountIn, reserveIn, reserveOut, swapFee());
    }

    /// @inheritdoc IABLiquidityManager
    function quoteAmountIn(
        bytes32 poolId,
        address tokenIn,
        uint256 amountOut
    ) external view nonReentrantView returns (uint256 amountIn) {
        (, uint256 reserveIn, uint256 reserveOut) = _direction(_existing(poolId), poolId, tokenIn);
        return ABPool.getAmountIn(amountOut, reserveIn, reserveOut, swapFee());
    }

    /// @inheritdoc ERC2771Context
    function isTrustedForwarder(address forwarder) public view override returns (bool) {
        return super.isTrustedForwarder(forwarder) || forwarder == router || forwarder == tokenFactory;
    }

    function _existing(bytes32 poolId) private view returns (ABPool.State storage pool) {
        pool = _pools[poolId];
        if (pool.tokenA == address(0)) revert UnknownPool(poolId);
    }

    function _direction(
        ABPool.State storage pool,
        bytes32 poolId,
        address tokenIn
    ) private view returns (address tokenOut, uint256 reserveIn, uint256 reserveOut) {
        (address tokenA, address tokenB) = (pool.tokenA, pool.tokenB);
        if (tokenIn == tokenA) return (tokenB, pool.reserveA, pool.reserveB);
        if (tokenIn == tokenB) return (tokenA, pool.reserveB, pool.reserveA);
        revert TokenNotInPool(poolId, tokenIn);
    }

    function _exchangeStep(
        address user,
        address tokenIn,
        address tokenOut,
        uint256 amountIn,
        uint256 amountOut
    ) private {
        (address tokenA, address tokenB) = ABPool.sort(tokenIn, tokenOut);
        bytes32 poolId = ABPool.idOf(tokenA, tokenB);
        ABPool.State storage pool = _existing(poolId);
        (, uint256 reserveIn, uint256 reserveOut) = _direction(pool, poolId, tokenIn);
        uint256 maximum = ABPool.getAmountOut(amountIn, reserveIn, reserveOut, swapFee());
        if (amountOut > maximum) revert AmountOutTooLarge(poolId, amountOut, maximum);
        if (amountOut == 0) revert ZeroAmount();
        _exchange(pool, poolId, user, tokenIn, tokenOut, reserveIn, reserveOut, amountIn, amountOut);
    }

    /// @dev The amount out is at most what ABPool.getAmountOut gives for the amount in.
    function _exchange(
        ABPool.State storage pool,
        bytes32 poolId,
        address user,
        address tokenIn,
        address tokenOut,
        uint256 reserveIn,
        uint256 reserveOut,
        uint256 amountIn,
        uint256 amountOut
    ) private {
        uint256 part = ABPool.protocolPart(amountIn, protocolFee());
        if (part != 0) _protocolFees[tokenIn] += part;
        emit Swap(user, poolId, tokenIn, tokenOut, amountIn, amountOut);
        (reserveIn, reserveOut) = (reserveIn + amountIn - part, reserveOut - amountOut);
        if (tokenIn < tokenOut) _setReserves(pool, poolId, reserveIn, reserveOut);
        else _setReserves(pool, poolId, reserveOut, reserveIn);
    }

    function _setReserves(
        ABPool.State storage pool,
        bytes32 poolId,
        uint256 reserveA,
        uint256 reserveB
    ) private {
        (pool.reserveA, pool.reserveB) = (ABPool.bounded(reserveA), ABPool.bounded(reserveB));
        emit Sync(poolId, reserveA, reserveB);
    }

    /// @dev Refuses tokens that deliver another amount than asked for.
    function _take(address token, address from, uint256 amount) private {
        uint256 held = IERC20(token).balanceOf(address(this));
        IERC20(token).safeTransferFrom(from, address(this), amount);
        _checkMoved(token, amount, held, IERC20(token).balanceOf(address(this)));
    }

    /// @dev Refuses tokens by which the user would receive another amount than the one that the bounds were checked for.
    function _pay(address token, address to, uint256 amount) private {
        uint256 held = IERC20(token).balanceOf(to);
        IERC20(token).safeTransfer(to, amount);
        _checkMoved(token, amount, held, IERC20(token).balanceOf(to));
    }

    function _checkMoved(
        address token,
        uint256 expected,
        uint256 heldBefore,
        uint256 heldAfter
    ) private pure {
        uint256 moved = heldAfter < heldBefore ? 0 : heldAfter - heldBefore;
        if (moved != expected) revert UnexpectedTransfer(token, expected, moved);
    }
}
