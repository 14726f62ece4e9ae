// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title Swaps over several pools, and deposits together with their permits
/// @notice Holds no tokens, no allowances and no state: it works out amounts and passes its caller on to the liquidity
/// manager, which takes from and pays to that caller. So all allowances and permits are for the manager. Amounts are base
/// units, deadlines seconds since the epoch. The caller is the signer of a relayed request (ERC-2771); bytes after the
/// ABI-encoded arguments are tolerated.
interface IABRouter {
    /// @notice The caller's ERC-2612 permit for the liquidity manager. One that fails is passed over, so that nobody can
    /// stop the caller by using it first; what follows fails if the allowance is missing indeed.
    struct Permit {
        address token;
        uint256 value;
        uint256 deadline;
        uint8 v;
        bytes32 r;
        bytes32 s;
    }

    error RouteTooShort(uint256 tokens);
    error AmountOutBelowMinimum(uint256 amountOut, uint256 minimum);
    error AmountInAboveMaximum(uint256 amountIn, uint256 maximum);

    /// @notice Swaps an exact amount in along the route.
    /// @param route two or more tokens, each next to one that it has a pool with, no pool twice
    /// @param amountIn base units of the first token, taken in full
    /// @param amountOutMin base units of the last token, the least to accept
    /// @return amountOut base units of the last token, rounded down at every step
    /// @dev Reverts with RouteTooShort, AmountOutBelowMinimum, or an error of IABLiquidityManager.quoteAmountOut or swapRoute.
    function swapExactInput(
        address[] calldata route,
        uint256 amountIn,
        uint256 amountOutMin,
        uint256 deadline,
        Permit[] calldata permits
    ) external returns (uint256 amountOut);

    /// @notice Swaps along the route for an exact amount out.
    /// @param route two or more tokens, each next to one that it has a pool with, no pool twice
    /// @param amountOut base units of the last token, paid to the unit
    /// @param amountInMax base units of the first token, the most to pay
    /// @return amountIn base units of the first token, rounded up at every step
    /// @dev Reverts with RouteTooShort, AmountInAboveMaximum, or an error of IABLiquidityManager.quoteAmountIn or swapRoute.
    function swapExactOutput(
        address[] calldata route,
        uint256 amountOut,
        uint256 amountInMax,
        uint256 deadline,
        Permit[] calldata permits
    ) external returns (uint256 amountIn);

    /// @notice IABLiquidityManager.createPool for the caller, with permits.
    function createPool(
        address tokenX,
        address tokenY,
        uint256 amountX,
        uint256 amountY,
        uint256 deadline,
        Permit[] calldata permits
    ) external returns (bytes32 poolId);

    /// @notice IABLiquidityManager.addLiquidity for the caller, with permits.
    function addLiquidity(
        bytes32 poolId,
        uint256 amountADesired,
        uint256 amountBDesired,
        uint256 amountAMin,
        uint256 amountBMin,
        uint256 deadline,
        Permit[] calldata permits
    ) external returns (uint256 amountA, uint256 amountB, uint256 liquidity);

    /// @return amounts of every token of the route for an exact amount in, each rounded down
    /// @dev Reverts with RouteTooShort or an error of IABLiquidityManager.quoteAmountOut.
    function quoteExactInput(
        address[] calldata route,
        uint256 amountIn
    ) external view returns (uint256[] memory amounts);

    /// @return amounts of every token of the route for an exact amount out, each rounded up
    /// @dev Reverts with RouteTooShort or an error of IABLiquidityManager.quoteAmountIn.
    function quoteExactOutput(
        address[] calldata route,
        uint256 amountOut
    ) external view returns (uint256[] memory amounts);
}
