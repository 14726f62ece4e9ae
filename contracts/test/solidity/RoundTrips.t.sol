// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {RoundTripHandler} from './support/RoundTripHandler.sol';
import {Test} from './support/Test.sol';

/// @title Nobody takes more out than they put in by any sequence that ends where it began
contract RoundTripInvariants is Test {
    RoundTripHandler private _handler;

    function setUp() public {
        _handler = new RoundTripHandler();
        bytes4[] memory selectors = new bytes4[](3);
        selectors[0] = RoundTripHandler.roundTrip.selector;
        selectors[1] = RoundTripHandler.trade.selector;
        selectors[2] = RoundTripHandler.setFees.selector;
        target(address(_handler), selectors);
    }

    /// @dev The handler itself asserts at the end of every trip.
    /// hardhat-config: brief.invariant.runs = 2
    /// hardhat-config: default.invariant.runs = 20
    /// hardhat-config: deep.invariant.runs = 200
    function invariant_nobodyTakesMoreOutThanIn() public view {}

    /// @dev The trips are worth something only where they end where they began.
    function test_aTrip_endsWhereItBegan() public {
        for (uint256 i = 0; i < 20; ++i) _handler.roundTrip(i, 1, i, i);
        assertTrue(_handler.trips() >= 15, 'trips that ended where they began');
        assertTrue(_handler.tripSteps() >= 30, 'steps that went through');
    }
}
