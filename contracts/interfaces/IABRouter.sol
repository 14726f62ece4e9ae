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
    /// @param deadline seconds since the epoch; refused in a later block
    /// @param permits the caller's, used before anything is taken; empty where the allowance is there
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
    /// @param deadline seconds since the epoch; refused in a later block
    /// @param permits the caller's, used before anything is taken; empty where the allowance is there
    /// @dev Reverts with RouteTooShort, AmountInAboveMaximum, or an error of IABLiquidityManager.quoteAmountIn or swapRoute.
    function swapExactOutput(
        address[] calldata route,
        uint256 amountOut,
        uint256 amountInMax,
        uint256 deadline,
        Permit[] calldata permits
    ) external returns (uint256 amountIn);

    /// @notice IABLiquidityManager.createPool for the caller, with permits.
    /// @param tokenX either token
    /// @param tokenY the other one
    /// @param amountX base units of tokenX, taken in full
    /// @param amountY base units of tokenY, taken in full
    /// @param deadline seconds since the epoch; refused in a later block
    /// @param permits the caller's, used before anything is taken; empty where the allowances are there
    /// @return poolId the same for (X, Y) and (Y, X)
    /// @dev Reverts with the errors of IABLiquidityManager.createPool, among them DeadlineExpired and PoolExists.
    function createPool(
        address tokenX,
        address tokenY,
        uint256 amountX,
        uint256 amountY,
        uint256 deadline,
        Permit[] calldata permits
    ) external returns (bytes32 poolId);

    /// @notice IABLiquidityManager.addLiquidity for the caller, with permits.
    /// @param poolId which pool
    /// @param amountADesired base units, the most to take of tokenA
    /// @param amountBDesired base units, the most to take of tokenB
    /// @param amountAMin base units, the least that tokenA is quoted at
    /// @param amountBMin base units, the least that tokenB is quoted at
    /// @param deadline seconds since the epoch; refused in a later block
    /// @param permits the caller's, used before anything is taken; empty where the allowances are there
    /// @return amountA base units taken of tokenA
    /// @return amountB base units taken of tokenB
    /// @return liquidity that the caller has more of, rounded down
    /// @dev Reverts with the errors of IABLiquidityManager.addLiquidity, among them DeadlineExpired and AmountBelowMinimum.
    function addLiquidity(
        bytes32 poolId,
        uint256 amountADesired,
        uint256 amountBDesired,
        uint256 amountAMin,
        uint256 amountBMin,
        uint256 deadline,
        Permit[] calldata permits
    ) external returns (uint256 amountA, uint256 amountB, uint256 liquidity);

    /// @notice What swapExactInput() would move now.
    /// @param route two or more tokens, each next to one that it has a pool with, no pool twice
    /// @param amountIn base units of the first token
    /// @return amounts base units of every token of the route, each rounded down
    /// @dev Reverts with RouteTooShort or an error of IABLiquidityManager.quoteAmountOut.
    function quoteExactInput(
        address[] calldata route,
        uint256 amountIn
    ) external view returns (uint256[] memory amounts);

    /// @notice What swapExactOutput() would move now.
    /// @param route two or more tokens, each next to one that it has a pool with, no pool twice
    /// @param amountOut base units of the last token
    /// @return amounts base units of every token of the route, each rounded up
    /// @dev Reverts with RouteTooShort or an error of IABLiquidityManager.quoteAmountIn.
    function quoteExactOutput(
        address[] calldata route,
        uint256 amountOut
    ) external view returns (uint256[] memory amounts);
}
