// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {HostileHandler} from './support/HostileHandler.sol';
import {Test} from './support/Test.sol';

/// @title A hostile token hurts nobody but those who pool with it, and locks nobody in
contract HostileTokenInvariants is Test {
    HostileHandler private _handler;

    function setUp() public {
        _handler = new HostileHandler();
        bytes4[] memory selectors = new bytes4[](8);
        selectors[0] = HostileHandler.turn.selector;
        selectors[1] = HostileHandler.swap.selector;
        selectors[2] = HostileHandler.addLiquidity.selector;
        selectors[3] = HostileHandler.removeLiquidity.selector;
        selectors[4] = HostileHandler.swapThroughBoth.selector;
        selectors[5] = HostileHandler.swapHonestly.selector;
        selectors[6] = HostileHandler.collect.selector;
        selectors[7] = HostileHandler.claim.selector;
        target(address(_handler), selectors);
    }

    /// @dev Books that are wrong once stay wrong, so looking now and then, and at the end, misses nothing.
    /// hardhat-config: brief.invariant.runs = 2
    /// hardhat-config: default.invariant.runs = 20
    /// hardhat-config: deep.invariant.runs = 200
    function invariant_tokensAreCoveredAndNobodyIsLockedIn() public view {
        if (_handler.succeeded() % 32 == 0) _handler.assertTokensAreCovered();
    }

    /// @dev A sequence whose every step was refused would show nothing.
    function afterInvariant() public view {
        assertTrue(_handler.succeeded() > 0, 'no step went through');
        _handler.assertTokensAreCovered();
    }
}
