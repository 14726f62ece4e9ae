// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ABPool} from '../../../liquidity/ABPool.sol';

/// @title The library's functions behind calls, so that a test can catch what they refuse
contract PoolArithmetic {
    function initialLiquidity(uint256 amountA, uint256 amountB) external pure returns (uint256) {
        return ABPool.initialLiquidity(amountA, amountB);
    }

    function amountsToAdd(
        uint256 amountADesired,
        uint256 amountBDesired,
        uint256 reserveA,
        uint256 reserveB
    ) external pure returns (uint256, uint256, uint256, uint256) {
        return ABPool.amountsToAdd(amountADesired, amountBDesired, reserveA, reserveB);
    }

    function liquidityFor(
        uint256 amountA,
        uint256 amountB,
        uint256 reserveA,
        uint256 reserveB,
        uint256 totalLiquidity
    ) external pure returns (uint256) {
        return ABPool.liquidityFor(amountA, amountB, reserveA, reserveB, totalLiquidity);
    }

    function amountsFor(
        uint256 liquidity,
        uint256 reserveA,
        uint256 reserveB,
        uint256 totalLiquidity
    ) external pure returns (uint256, uint256) {
        return ABPool.amountsFor(liquidity, reserveA, reserveB, totalLiquidity);
    }

    function getAmountOut(
        uint256 amountIn,
        uint256 reserveIn,
        uint256 reserveOut,
        uint256 swapFee
    ) external pure returns (uint256) {
        return ABPool.getAmountOut(amountIn, reserveIn, reserveOut, swapFee);
    }

    function getAmountIn(
        uint256 exactOut,
        uint256 reserveIn,
        uint256 reserveOut,
        uint256 swapFee
    ) external pure returns (uint256) {
        return ABPool.getAmountIn(exactOut, reserveIn, reserveOut, swapFee);
    }
}
