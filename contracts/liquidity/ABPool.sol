// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Math} from '@openzeppelin/contracts/utils/math/Math.sol';
import {IABPoolErrors} from '../interfaces/IABPoolErrors.sol';

/// @title A pool: its state and its arithmetic
/// @notice Amounts are base units, fees basis points of 10,000. Every rounding favours the pool. Reserves and liquidity
/// stay within 128 bits, so that a product of two of them fits 256 bits; where a fee enters a product too, the product
/// is taken in 512 bits. `liquidity^2 <= reserveA * reserveB` holds always, which bounds the total liquidity.
library ABPool {
    /// @dev Reserves share a slot, because a swap writes just these two.
    struct State {
        address tokenA;
        address tokenB;
        uint128 reserveA;
        uint128 reserveB;
        uint128 totalLiquidity;
    }

    uint256 internal constant BASIS_POINTS = 10_000;
    /// @dev Locked by the first deposit, so that a unit of liquidity can never be made dear enough to round others away
    /// (as in Uniswap v2).
    uint256 internal constant MINIMUM_LIQUIDITY = 1_000;

    /// @return tokenA the lower address
    /// @return tokenB the higher address
    /// @dev Reverts with IdenticalTokens or ZeroAddress.
    function sort(address tokenX, address tokenY) internal pure returns (address tokenA, address tokenB) {
        if (tokenX == tokenY) revert IABPoolErrors.IdenticalTokens(tokenX);
        (tokenA, tokenB) = tokenX < tokenY ? (tokenX, tokenY) : (tokenY, tokenX);
        if (tokenA == address(0)) revert IABPoolErrors.ZeroAddress();
    }

    /// @param tokenA the lower address
    /// @param tokenB the higher address
    function idOf(address tokenA, address tokenB) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(tokenA, tokenB));
    }

    /// @return amount the same, in 128 bits
    /// @dev Reverts with ReserveOverflow.
    function bounded(uint256 amount) internal pure returns (uint128) {
        if (amount > type(uint128).max) revert IABPoolErrors.ReserveOverflow(amount);
        return uint128(amount);
    }

    /// @notice The first depositor's liquidity: floor(sqrt(amountA * amountB)) less the minimum, which is locked.
    /// @dev Reverts with ReserveOverflow or InsufficientInitialLiquidity.
    function initialLiquidity(uint256 amountA, uint256 amountB) internal pure returns (uint256 liquidity) {
        liquidity = Math.sqrt(uint256(bounded(amountA)) * bounded(amountB));
        if (liquidity <= MINIMUM_LIQUIDITY) {
            revert IABPoolErrors.InsufficientInitialLiquidity(liquidity, MINIMUM_LIQUIDITY);
        }
        liquidity -= MINIMUM_LIQUIDITY;
    }

    /// @notice What a deposit takes: as many units of the scarcer token (of the smaller reserve) as both desired amounts allow,
    /// never rounded up, because one of its units is dear; and what the ratio asks for of the other, rounded up.
    /// @return amountA at most amountADesired
    /// @return amountB at most amountBDesired
    /// @return quotedA the amount without the rounding up, which minimums are held against
    /// @return quotedB the same of the other token
    /// @dev What is desired beyond 128 bits could never be taken: no reserve would hold it.
    function amountsToAdd(
        uint256 amountADesired,
        uint256 amountBDesired,
        uint256 reserveA,
        uint256 reserveB
    ) internal pure returns (uint256 amountA, uint256 amountB, uint256 quotedA, uint256 quotedB) {
        if (reserveA > reserveB) {
            (amountB, amountA, quotedA) = _amountsByScarcer(
                amountBDesired,
                amountADesired,
                reserveB,
                reserveA
            );
            quotedB = amountB;
        } else {
            (amountA, amountB, quotedB) = _amountsByScarcer(
                amountADesired,
                amountBDesired,
                reserveA,
                reserveB
            );
            quotedA = amountA;
        }
    }

    /// @notice The liquidity of a deposit: its smaller share of the two reserves, rounded down.
    /// @dev Amounts, reserves and total are within 128 bits. Reverts with InsufficientLiquidityAdded.
    function liquidityFor(
        uint256 amountA,
        uint256 amountB,
        uint256 reserveA,
        uint256 reserveB,
        uint256 totalLiquidity
    ) internal pure returns (uint256 liquidity) {
        liquidity = Math.min((amountA * totalLiquidity) / reserveA, (amountB * totalLiquidity) / reserveB);
        if (liquidity == 0) revert IABPoolErrors.InsufficientLiquidityAdded();
    }

    /// @notice The share of both reserves that liquidity stands for, each rounded down.
    /// @dev One of them may be 0, so that a pool with a tiny reserve can still be left.
    /// Liquidity is at most the total, all within 128 bits. Reverts with InsufficientLiquidityRemoved where both are 0.
    function amountsFor(
        uint256 liquidity,
        uint256 reserveA,
        uint256 reserveB,
        uint256 totalLiquidity
    ) internal pure returns (uint256 amountA, uint256 amountB) {
        amountA = (liquidity * reserveA) / totalLiquidity;
        amountB = (liquidity * reserveB) / totalLiquidity;
        if (amountA == 0 && amountB == 0) revert IABPoolErrors.InsufficientLiquidityRemoved();
    }

    /// @notice What an exact amount in buys, rounded down: always less than reserveOut.
    /// @param swapFee basis points of amountIn, below 10,000
    /// @dev Reverts with ZeroAmount, ReserveOverflow or InsufficientAmountOut.
    function getAmountOut(
        uint256 amountIn,
        uint256 reserveIn,
        uint256 reserveOut,
        uint256 swapFee
    ) internal pure returns (uint256 result) {
        if (amountIn == 0) revert IABPoolErrors.ZeroAmount();
        uint256 afterFee = uint256(bounded(amountIn)) * (BASIS_POINTS - swapFee);
        result = Math.mulDiv(afterFee, reserveOut, reserveIn * BASIS_POINTS + afterFee);
        if (result == 0) revert IABPoolErrors.InsufficientAmountOut();
    }

    /// @notice The least amount in that buys an exact amount out (`getAmountOut` of it is at least that), rounded up.
    /// @param swapFee basis points of the amount in, below 10,000
    /// @dev Reverts with ZeroAmount, InsufficientReserve or ReserveOverflow.
    function getAmountIn(
        uint256 exactOut,
        uint256 reserveIn,
        uint256 reserveOut,
        uint256 swapFee
    ) internal pure returns (uint256 result) {
        if (exactOut == 0) revert IABPoolErrors.ZeroAmount();
        if (exactOut >= reserveOut) revert IABPoolErrors.InsufficientReserve(exactOut, reserveOut);
        uint256 left = reserveOut - exactOut;
        uint256 product = exactOut * reserveIn;
        // The quotient without fee is a lower bound of the result; checked first, so that mulDiv cannot overflow.
        bounded(product / left);
        result = Math.mulDiv(product, BASIS_POINTS, left * (BASIS_POINTS - swapFee), Math.Rounding.Ceil);
        bounded(result);
    }

    /// @notice The protocol's part of an amount in, rounded down; it stays out of the reserves.
    /// @param protocolFee basis points of amountIn, at most the swap fee
    /// @dev Rounded up it would be taken out of the reserves of swaps whose whole fee is less than a unit. So whoever swaps fewer
    /// than 10,000 / protocolFee units pays the pool alone; they cost more gas than that fee.
    function protocolPart(uint256 amountIn, uint256 protocolFee) internal pure returns (uint256) {
        return (amountIn * protocolFee) / BASIS_POINTS;
    }

    /// @dev All within 128 bits: the other amount is at most what is desired of it.
    function _amountsByScarcer(
        uint256 scarcerDesired,
        uint256 otherDesired,
        uint256 scarcerReserve,
        uint256 otherReserve
    ) private pure returns (uint256 scarcer, uint256 other, uint256 quoted) {
        scarcer = Math.min(scarcerDesired, type(uint128).max);
        otherDesired = Math.min(otherDesired, type(uint128).max);
        if ((scarcer * otherReserve) / scarcerReserve > otherDesired) {
            scarcer = (otherDesired * scarcerReserve) / otherReserve;
        }
        quoted = (scarcer * otherReserve) / scarcerReserve;
        other = Math.min(Math.ceilDiv(scarcer * otherReserve, scarcerReserve), otherDesired);
    }
}
