// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ERC2771Context} from '@openzeppelin/contracts/metatx/ERC2771Context.sol';
import {IERC20} from '@openzeppelin/contracts/token/ERC20/IERC20.sol';
import {SafeERC20} from '@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol';
import {RelayedOwnable} from '../forwarder/RelayedOwnable.sol';
import {IABLiquidityManager} from '../interfaces/IABLiquidityManager.sol';
import {ABLiquidityAdministration} from './ABLiquidityAdministration.sol';
import {ABPool} from './ABPool.sol';
import {ABPoolLedger} from './ABPoolLedger.sol';

/// @title Holds all pools (documented in IABLiquidityManager)
/// @dev Reserves are counted, never read from balances: what is sent here outside of these functions changes no price
/// and belongs to nobody. The books are complete and their events out before any token is called.
contract ABLiquidityManager is ABPoolLedger {
    using SafeERC20 for IERC20;

    /// @notice Trusted, like the forwarder, to append its own caller to what it calls.
    address public immutable router;
    /// @notice Trusted in the same way, to open a new token's first pool for its creator.
    address public immutable tokenFactory;

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
        address user = _msgSender();
        poolId = _openPool(tokenA, tokenB, user, amountA, amountB);

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
        address user = _msgSender();
        (amountA, amountB, liquidity) = _deposit(pool, poolId, user, amountADesired, amountBDesired);
        _requireMinimum(pool.tokenA, amountA, amountAMin);
        _requireMinimum(pool.tokenB, amountB, amountBMin);

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
        address user = _msgSender();
        (amountA, amountB) = _withdraw(pool, poolId, user, liquidity);
        _requireMinimum(pool.tokenA, amountA, amountAMin);
        _requireMinimum(pool.tokenB, amountB, amountBMin);

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
        Trade memory trade = _tradeFrom(poolId, tokenIn);
        amountOut = ABPool.getAmountOut(amountIn, trade.reserveIn, trade.reserveOut, swapFee());
        _requireMinimum(trade.tokenOut, amountOut, amountOutMin);

        address user = _msgSender();
        _exchange(trade, user, amountIn, amountOut);

        _take(tokenIn, user, amountIn);
        _pay(trade.tokenOut, user, amountOut);
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
        Trade memory trade = _tradeFrom(poolId, tokenIn);
        return ABPool.getAmountOut(amountIn, trade.reserveIn, trade.reserveOut, swapFee());
    }

    /// @inheritdoc IABLiquidityManager
    function quoteAmountIn(
        bytes32 poolId,
        address tokenIn,
        uint256 amountOut
    ) external view nonReentrantView returns (uint256 amountIn) {
        Trade memory trade = _tradeFrom(poolId, tokenIn);
        return ABPool.getAmountIn(amountOut, trade.reserveIn, trade.reserveOut, swapFee());
    }

    /// @notice Whose word is taken for who calls: the forwarder's, the router's and the token factory's.
    /// @param forwarder any account
    /// @return trusted true for these three
    function isTrustedForwarder(address forwarder) public view override returns (bool trusted) {
        return super.isTrustedForwarder(forwarder) || forwarder == router || forwarder == tokenFactory;
    }

    function _requireMinimum(address token, uint256 amount, uint256 minimum) private pure {
        if (amount < minimum) revert AmountBelowMinimum(token, amount, minimum);
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
