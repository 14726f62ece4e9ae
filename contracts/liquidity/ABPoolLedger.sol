// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IABLiquidityManager} from '../interfaces/IABLiquidityManager.sol';
import {ABLiquidityAdministration} from './ABLiquidityAdministration.sol';
import {ABPool} from './ABPool.sol';

/// @title The books of all pools: who holds what, and how each operation changes it
/// @dev Moves no tokens. Every function leaves the books complete and has emitted their events.
abstract contract ABPoolLedger is IABLiquidityManager, ABLiquidityAdministration {
    /// @dev A pool seen in the direction of a swap.
    struct Trade {
        bytes32 poolId;
        bool fromA;
        address tokenIn;
        address tokenOut;
        uint256 reserveIn;
        uint256 reserveOut;
    }

    /// @dev What a deposit takes and gives, and what its amounts are without rounding up.
    struct Deposited {
        uint256 amountA;
        uint256 amountB;
        uint256 quotedA;
        uint256 quotedB;
        uint256 liquidity;
    }

    mapping(bytes32 poolId => ABPool.State) internal _pools;
    mapping(bytes32 poolId => mapping(address user => uint256)) internal _liquidity;

    /// @dev Token A is the lower address.
    function _openPool(
        address tokenA,
        address tokenB,
        address user,
        uint256 amountA,
        uint256 amountB
    ) internal returns (bytes32 poolId) {
        if (amountA == 0 || amountB == 0) revert ZeroAmount();
        poolId = ABPool.idOf(tokenA, tokenB);
        if (_pools[poolId].tokenA != address(0)) revert PoolExists(poolId);
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
    }

    function _existing(bytes32 poolId) internal view returns (ABPool.State storage pool) {
        pool = _pools[poolId];
        if (pool.tokenA == address(0)) revert UnknownPool(poolId);
    }

    function _deposit(
        ABPool.State storage pool,
        bytes32 poolId,
        address user,
        uint256 amountADesired,
        uint256 amountBDesired
    ) internal returns (Deposited memory made) {
        if (amountADesired == 0 || amountBDesired == 0) revert ZeroAmount();
        (uint256 reserveA, uint256 reserveB) = (pool.reserveA, pool.reserveB);
        (made.amountA, made.amountB, made.quotedA, made.quotedB) = ABPool.amountsToAdd(
            amountADesired,
            amountBDesired,
            reserveA,
            reserveB
        );
        made.liquidity = ABPool.liquidityFor(
            made.amountA,
            made.amountB,
            reserveA,
            reserveB,
            pool.totalLiquidity
        );

        pool.totalLiquidity = ABPool.bounded(pool.totalLiquidity + made.liquidity);
        _liquidity[poolId][user] += made.liquidity;
        emit LiquidityAdded(user, poolId, made.amountA, made.amountB, made.liquidity);
        _setReserves(pool, poolId, reserveA + made.amountA, reserveB + made.amountB);
    }

    function _withdraw(
        ABPool.State storage pool,
        bytes32 poolId,
        address user,
        uint256 liquidity
    ) internal returns (uint256 amountA, uint256 amountB) {
        if (liquidity == 0) revert ZeroAmount();
        uint256 held = _liquidity[poolId][user];
        if (held < liquidity) revert InsufficientLiquidity(user, held, liquidity);
        (uint256 reserveA, uint256 reserveB) = (pool.reserveA, pool.reserveB);
        (amountA, amountB) = ABPool.amountsFor(liquidity, reserveA, reserveB, pool.totalLiquidity);

        _liquidity[poolId][user] = held - liquidity;
        pool.totalLiquidity = uint128(pool.totalLiquidity - liquidity);
        emit LiquidityRemoved(user, poolId, amountA, amountB, liquidity);
        _setReserves(pool, poolId, reserveA - amountA, reserveB - amountB);
    }

    function _tradeFrom(bytes32 poolId, address tokenIn) internal view returns (Trade memory trade) {
        ABPool.State storage pool = _existing(poolId);
        trade.poolId = poolId;
        trade.tokenIn = tokenIn;
        if (tokenIn == pool.tokenA) {
            trade.fromA = true;
            (trade.tokenOut, trade.reserveIn, trade.reserveOut) = (pool.tokenB, pool.reserveA, pool.reserveB);
        } else if (tokenIn == pool.tokenB) {
            (trade.tokenOut, trade.reserveIn, trade.reserveOut) = (pool.tokenA, pool.reserveB, pool.reserveA);
        } else {
            revert TokenNotInPool(poolId, tokenIn);
        }
    }

    function _exchangeStep(
        address user,
        address tokenIn,
        address tokenOut,
        uint256 amountIn,
        uint256 amountOut
    ) internal returns (bytes32 poolId) {
        (address tokenA, address tokenB) = ABPool.sort(tokenIn, tokenOut);
        poolId = ABPool.idOf(tokenA, tokenB);
        Trade memory trade = _tradeFrom(poolId, tokenIn);
        uint256 maximum = ABPool.getAmountOut(amountIn, trade.reserveIn, trade.reserveOut, swapFee());
        if (amountOut > maximum) revert AmountOutTooLarge(trade.poolId, amountOut, maximum);
        if (amountOut == 0) revert ZeroAmount();
        _exchange(trade, user, amountIn, amountOut);
    }

    /// @return part of the amount in that is the protocol's
    /// @return reserveIn what the pool holds of the token afterwards
    /// @dev Reverts with ReserveOverflow, so that a quote is refused where the swap would be.
    function _afterTakingIn(
        Trade memory trade,
        uint256 amountIn
    ) internal view returns (uint256 part, uint256 reserveIn) {
        part = ABPool.protocolPart(amountIn, protocolFee());
        reserveIn = ABPool.bounded(trade.reserveIn + amountIn - part);
    }

    /// @dev The amount out is at most what ABPool.getAmountOut gives for the amount in.
    function _exchange(Trade memory trade, address user, uint256 amountIn, uint256 amountOut) internal {
        (uint256 part, uint256 reserveIn) = _afterTakingIn(trade, amountIn);
        if (part != 0) _protocolFees[trade.tokenIn] += part;
        emit Swap(user, trade.poolId, trade.tokenIn, trade.tokenOut, amountIn, amountOut);
        uint256 reserveOut = trade.reserveOut - amountOut;
        ABPool.State storage pool = _pools[trade.poolId];
        if (trade.fromA) _setReserves(pool, trade.poolId, reserveIn, reserveOut);
        else _setReserves(pool, trade.poolId, reserveOut, reserveIn);
    }

    function _setReserves(
        ABPool.State storage pool,
        bytes32 poolId,
        uint256 reserveA,
        uint256 reserveB
    ) internal {
        (pool.reserveA, pool.reserveB) = (ABPool.bounded(reserveA), ABPool.bounded(reserveB));
        emit Sync(poolId, reserveA, reserveB);
    }
}
