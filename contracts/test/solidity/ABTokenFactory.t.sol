// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {LaunchHandler} from './support/LaunchHandler.sol';
import {Test} from './support/Test.sol';

/// @title Launches: their tokens, first pools and fees
contract ABTokenFactoryInvariants is Test {
    LaunchHandler private _handler;

    function setUp() public {
        _handler = new LaunchHandler();
        bytes4[] memory selectors = new bytes4[](6);
        selectors[0] = LaunchHandler.createToken.selector;
        selectors[1] = LaunchHandler.createTokenWithPool.selector;
        selectors[2] = LaunchHandler.deactivate.selector;
        selectors[3] = LaunchHandler.use.selector;
        selectors[4] = LaunchHandler.setFee.selector;
        selectors[5] = LaunchHandler.collectFees.selector;
        target(address(_handler), selectors);
    }

    /// @dev Supplies, creators and fees that are wrong once stay wrong, so looking at the end misses nothing.
    /// hardhat-config: brief.invariant.runs = 20
    /// hardhat-config: default.invariant.runs = 200
    /// hardhat-config: default.invariant.depth = 100
    /// hardhat-config: brief.invariant.depth = 100
    /// hardhat-config: deep.invariant.runs = 2000
    /// hardhat-config: deep.invariant.depth = 100
    function invariant_everyTokenAndFeeIsAccountedFor() public view {
        if (_handler.launchedCount() < 3) _handler.assertBooks();
    }

    function afterInvariant() public view {
        _handler.assertBooks();
    }
}
