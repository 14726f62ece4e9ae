// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ERC2771Context} from '@openzeppelin/contracts/metatx/ERC2771Context.sol';
import {IERC20Permit} from '@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol';
import {Address} from '@openzeppelin/contracts/utils/Address.sol';
import {IABLiquidityManager} from '../interfaces/IABLiquidityManager.sol';
import {IABRouter} from '../interfaces/IABRouter.sol';

/// @title Swaps over several pools (documented in IABRouter)
contract ABRouter is IABRouter, ERC2771Context {
    using Address for address;

    /// @notice It trusts this router for who calls.
    IABLiquidityManager public immutable liquidityManager;

    constructor(
        address trustedForwarder_,
        IABLiquidityManager liquidityManager_
    ) ERC2771Context(trustedForwarder_) {
        liquidityManager = liquidityManager_;
    }

    /// @inheritdoc IABRouter
    function swapExactInput(
        address[] calldata route,
        uint256 amountIn,
        uint256 amountOutMin,
        uint256 deadline,
        Permit[] calldata permits
    ) external returns (uint256 amountOut) {
        uint256[] memory amounts = quoteExactInput(route, amountIn);
        amountOut = amounts[amounts.length - 1];
        if (amountOut < amountOutMin) revert AmountOutBelowMinimum(amountOut, amountOutMin);
        _usePermits(permits);
        _callAsCaller(abi.encodeCall(IABLiquidityManager.swapRoute, (route, amounts, deadline)));
    }

    /// @inheritdoc IABRouter
    function swapExactOutput(
        address[] calldata route,
        uint256 amountOut,
        uint256 amountInMax,
        uint256 deadline,
        Permit[] calldata permits
    ) external returns (uint256 amountIn) {
        uint256[] memory amounts = quoteExactOutput(route, amountOut);
        amountIn = amounts[0];
        if (amountIn > amountInMax) revert AmountInAboveMaximum(amountIn, amountInMax);
        _usePermits(permits);
        _callAsCaller(abi.encodeCall(IABLiquidityManager.swapRoute, (route, amounts, deadline)));
    }

    /// @inheritdoc IABRouter
    function createPool(
        address tokenX,
        address tokenY,
        uint256 amountX,
        uint256 amountY,
        uint256 deadline,
        Permit[] calldata permits
    ) external returns (bytes32 poolId) {
        _usePermits(permits);
        bytes memory result = _callAsCaller(
            abi.encodeCall(IABLiquidityManager.createPool, (tokenX, tokenY, amountX, amountY, deadline))
        );
        return abi.decode(result, (bytes32));
    }

    /// @inheritdoc IABRouter
    function addLiquidity(
        bytes32 poolId,
        uint256 amountADesired,
        uint256 amountBDesired,
        uint256 amountAMin,
        uint256 amountBMin,
        uint256 deadline,
        Permit[] calldata permits
    ) external returns (uint256 amountA, uint256 amountB, uint256 liquidity) {
        _usePermits(permits);
        bytes memory result = _callAsCaller(
            abi.encodeCall(
                IABLiquidityManager.addLiquidity,
                (poolId, amountADesired, amountBDesired, amountAMin, amountBMin, deadline)
            )
        );
        return abi.decode(result, (uint256, uint256, uint256));
    }

    /// @inheritdoc IABRouter
    function quoteExactInput(
        address[] calldata route,
        uint256 amountIn
    ) public view returns (uint256[] memory amounts) {
        amounts = _emptyAmounts(route);
        amounts[0] = amountIn;
        for (uint256 i = 1; i < route.length; ++i) {
            bytes32 poolId = liquidityManager.poolIdOf(route[i - 1], route[i]);
            amounts[i] = liquidityManager.quoteAmountOut(poolId, route[i - 1], amounts[i - 1]);
        }
    }

    /// @inheritdoc IABRouter
    function quoteExactOutput(
        address[] calldata route,
        uint256 amountOut
    ) public view returns (uint256[] memory amounts) {
        amounts = _emptyAmounts(route);
        amounts[route.length - 1] = amountOut;
        for (uint256 i = route.length - 1; i > 0; --i) {
            bytes32 poolId = liquidityManager.poolIdOf(route[i - 1], route[i]);
            amounts[i - 1] = liquidityManager.quoteAmountIn(poolId, route[i - 1], amounts[i]);
        }
    }

    function _emptyAmounts(address[] calldata route) private pure returns (uint256[] memory amounts) {
        if (route.length < 2) revert RouteTooShort(route.length);
        return new uint256[](route.length);
    }

    function _usePermits(Permit[] calldata permits) private {
        for (uint256 i = 0; i < permits.length; ++i) {
            Permit calldata permit = permits[i];
            // What is called without code fails here, not over there.
            if (permit.token.code.length == 0) continue;
            try
                IERC20Permit(permit.token).permit(
                    _msgSender(),
                    address(liquidityManager),
                    permit.value,
                    permit.deadline,
                    permit.v,
                    permit.r,
                    permit.s
                )
            {} catch {
                // Whoever sees a permit can use it first, and then it fails here although its allowance is there. Passing
                // over a failure costs nothing: without the allowance, taking the tokens fails below.
            }
        }
    }

    /// @dev The manager reads its caller from the last 20 bytes, because it trusts this router (ERC-2771).
    function _callAsCaller(bytes memory call) private returns (bytes memory result) {
        return address(liquidityManager).functionCall(abi.encodePacked(call, _msgSender()));
    }
}
