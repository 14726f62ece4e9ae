// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ABPool} from '../../liquidity/ABPool.sol';

/// @title The arithmetic of pools behind calls, many at a time
/// @notice Lets a program compare its own arithmetic with what the compiler makes of ABPool.
contract ABPoolHarness {
    function initialLiquidity(uint256 amountA, uint256 amountB) external pure returns (uint256) {
        return ABPool.initialLiquidity(amountA, amountB);
    }

    function amountsToAdd(
        uint256 amountADesired,
        uint256 amountBDesired,
        uint256 reserveA,
        uint256 reserveB
    ) external pure returns (uint256, uint256) {
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

    function protocolPart(uint256 amountIn, uint256 protocolFee) external pure returns (uint256) {
        return ABPool.protocolPart(amountIn, protocolFee);
    }

    /// @notice Calls one of the functions above once for every `arity` words.
    /// @return results three words a call: 1 and what it returned (the second word 0 where it returns one), or 0, the
    /// selector of the error it reverted with, and 0
    function batch(
        bytes4 selector,
        uint256 arity,
        uint256[] calldata words
    ) external view returns (uint256[] memory results) {
        uint256 calls = words.length / arity;
        results = new uint256[](calls * 3);
        for (uint256 i = 0; i < calls; ++i) {
            bytes memory input = abi.encodePacked(selector, words[i * arity:(i + 1) * arity]);
            (bool succeeded, bytes memory output) = address(this).staticcall(input);
            results[i * 3] = succeeded ? 1 : 0;
            if (succeeded) {
                results[i * 3 + 1] = _word(output, 0);
                if (output.length == 64) results[i * 3 + 2] = _word(output, 32);
            } else {
                results[i * 3 + 1] = uint256(uint32(bytes4(output)));
            }
        }
    }

    function _word(bytes memory data, uint256 offset) private pure returns (uint256 word) {
        assembly ('memory-safe') {
            word := mload(add(add(data, 32), offset))
        }
    }
}
