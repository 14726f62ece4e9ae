// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {GovernanceHandler} from './support/GovernanceHandler.sol';
import {GovernedSystem} from './support/GovernedSystem.sol';
import {Test} from './support/Test.sol';

/// @title Governance acts when it may and not before, and nobody acts but governance
contract ABGovernanceInvariants is Test {
    GovernanceHandler private _handler;

    function setUp() public {
        _handler = new GovernanceHandler();
        bytes4[] memory selectors = new bytes4[](9);
        selectors[0] = GovernedSystem.advance.selector;
        selectors[1] = GovernanceHandler.propose.selector;
        selectors[2] = GovernanceHandler.vote.selector;
        selectors[3] = GovernanceHandler.queue.selector;
        selectors[4] = GovernanceHandler.execute.selector;
        selectors[5] = GovernanceHandler.cancel.selector;
        selectors[6] = GovernanceHandler.moveVotes.selector;
        selectors[7] = GovernanceHandler.delegate.selector;
        selectors[8] = GovernanceHandler.goAround.selector;
        target(address(_handler), selectors);
    }

    /// @dev The handler itself asserts around every step that it was allowed, or refused for a reason.
    /// hardhat-config: brief.invariant.runs = 6
    /// hardhat-config: default.invariant.runs = 60
    /// hardhat-config: deep.invariant.runs = 600
    function invariant_governanceActsWhenItMayAndNobodyElseDoes() public view {
        _handler.assertSettings();
    }

    /// @dev The sequences are worth something only where proposals come into effect.
    function test_aProposal_goesAllTheWay() public {
        _handler.propose(0, 2, 7);
        _handler.advance(5, 1);
        _handler.vote(0, 0, 1);
        _handler.vote(1, 0, 0);
        _handler.advance(5, 1);
        _handler.queue(0);
        _handler.execute(9, 0, false);
        _handler.advance(5, 1);
        _handler.queue(0);
        _handler.execute(9, 0, false);
        _handler.advance(5, 1_000);
        _handler.execute(9, 0, true);
        assertEq(_handler.executed(), 0, 'nothing before the delays are over');
        _handler.advance(5, 900);
        _handler.execute(9, 0, true);
        assertEq(_handler.executed(), 1, 'executed when due');
        assertEq(_handler.target_().callsOf(7), 1, 'and in effect');
    }
}
