// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title What the arithmetic of pools refuses
interface IABPoolErrors {
    /// @dev A reserve, an amount or the total liquidity would not fit 128 bits.
    error ReserveOverflow(uint256 amount);
    /// @dev The first deposit is worth no more than the minimum liquidity that it must lock.
    error InsufficientInitialLiquidity(uint256 liquidity, uint256 minimum);
    /// @dev The deposit is too small for a single unit of liquidity.
    error InsufficientLiquidityAdded();
    /// @dev The liquidity is too small for a single base unit of either token.
    error InsufficientLiquidityRemoved();
    /// @dev The amount in is too small for a single base unit out.
    error InsufficientAmountOut();
    /// @dev No amount in buys this much: the reserve must keep at least one base unit.
    error InsufficientReserve(uint256 amountOut, uint256 reserveOut);
    error ZeroAmount();
    error IdenticalTokens(address token);
    error ZeroAddress();
}
