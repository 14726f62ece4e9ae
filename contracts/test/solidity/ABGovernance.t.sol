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
        bytes4[] memory selectors = new bytes4[](10);
        selectors[0] = GovernedSystem.advance.selector;
        selectors[1] = GovernanceHandler.propose.selector;
        selectors[2] = GovernanceHandler.vote.selector;
        selectors[3] = GovernanceHandler.queue.selector;
        selectors[4] = GovernanceHandler.execute.selector;
        selectors[5] = GovernanceHandler.cancel.selector;
        selectors[6] = GovernanceHandler.moveVotes.selector;
        selectors[7] = GovernanceHandler.delegate.selector;
        selectors[8] = GovernanceHandler.goAround.selector;
        selectors[9] = GovernanceHandler.veto.selector;
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
        _wait(1_501);
        _handler.vote(0, 0, 1);
        _handler.vote(1, 0, 0);
        _wait(3_999);
        _handler.queue(0);
        _handler.execute(9, 0, false);
        _wait(1);
        _handler.queue(0);
        _handler.execute(9, 0, false);
        _wait(1_799);
        _handler.execute(9, 0, true);
        assertEq(_handler.executed(), 0, 'nothing before the delays are over');
        _wait(1);
        _handler.execute(9, 0, true);
        assertEq(_handler.executed(), 1, 'executed when due');
        assertEq(_handler.target_().callsOf(7), 1, 'and in effect');
    }

    function test_aLateQuorum_letsOthersAnswer() public {
        _handler.propose(0, 2, 7);
        _wait(5_400);
        _handler.vote(0, 0, 1);
        _wait(101);
        _handler.queue(0);
        _handler.vote(1, 0, 1);
        _wait(899);
        _handler.queue(0);
        _wait(1);
        _handler.queue(0);
        _wait(1_800);
        _handler.execute(9, 0, false);
        assertEq(_handler.executed(), 1, 'and in effect');
    }

    function test_aVeto_stopsWhatIsQueuedUntilItsEnd() public {
        for (uint256 i = 0; i < 2; ++i) {
            _handler.propose(0, 2, 7 + i);
            _wait(1_501);
            _handler.vote(0, 0, 1);
            _wait(4_000);
            _handler.queue(0);
            if (i == 1) _wait(30_000);
            _handler.veto(0);
            assertEq(_handler.vetoes(), 1, 'the first alone');
            _wait(1_800);
            _handler.execute(9, 0, false);
            assertEq(_handler.executed(), i, 'the second alone');
        }
    }

    /// @dev In as many blocks as it takes, which change nothing.
    function _wait(uint256 seconds_) private {
        for (uint256 step; seconds_ > 0; seconds_ -= step) {
            step = seconds_ > 1_200 ? 1_200 : seconds_;
            _handler.advance(0, step - 1);
        }
    }
}
