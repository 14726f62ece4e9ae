// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ABGovernance} from '../../../governance/ABGovernance.sol';
import {ABTimelock} from '../../../governance/ABTimelock.sol';
import {ABToken} from '../../../tokens/ABToken.sol';
import {GovernedTarget} from './GovernedTarget.sol';
import {Test} from './Test.sol';

/// @title Governance over a target, five holders of votes, a clock, and every way around that there could be
abstract contract GovernedSystem is Test {
    uint256 internal constant HOLDERS = 5;
    uint256 internal constant SUPPLY = 10 ** 27;
    uint256 internal constant THRESHOLD = SUPPLY / 20;
    uint256 internal constant QUORUM_PERCENT = 30;

    ABToken internal token;
    ABTimelock internal timelock;
    ABGovernance internal governance;
    GovernedTarget public target_;
    uint64 internal votingDelay = 1_500;
    uint64 internal votingPeriod = 4_000;
    uint64 internal timelockDelay = 1_800;
    uint64 internal constant DELAY_MIN = 600;
    uint64 internal constant VOTE_EXTENSION = 1_000;
    uint64 internal constant VETO_SECONDS = 30_000;
    address internal constant GUARDIAN = address(0x6A4D1A);
    uint64 internal vetoEnd;
    // Kept here, because the runner's own block stays where it is between calls.
    uint64 internal _block = 100;
    uint64 internal _time = 1_000_000;

    modifier now_() {
        vm.roll(_block);
        vm.warp(_time);
        _;
    }

    constructor() {
        vm.roll(_block);
        vm.warp(_time);
        token = new ABToken('AB Governance', 'ABG', SUPPLY, 18, address(this), address(0), 0);
        uint256 nonce = vm.getNonce(address(this));
        address governanceAddress = vm.computeCreateAddress(address(this), nonce + 1);
        timelock = new ABTimelock(timelockDelay, DELAY_MIN, governanceAddress);
        vetoEnd = _time + VETO_SECONDS;
        governance = new ABGovernance(
            token,
            timelock,
            uint48(votingDelay),
            uint32(votingPeriod),
            THRESHOLD,
            QUORUM_PERCENT,
            uint48(VOTE_EXTENSION),
            GUARDIAN,
            VETO_SECONDS
        );
        require(address(governance) == governanceAddress, 'governance is where the timelock looks for it');
        target_ = new GovernedTarget(address(timelock));
        // 40, 30, 15, 10 and 5 percent of the supply.
        uint256[HOLDERS] memory percents = [uint256(40), 30, 15, 10, 5];
        for (uint256 i = 0; i < HOLDERS; ++i) {
            token.transfer(holderOf(i), (SUPPLY * percents[i]) / 100);
            vm.prank(holderOf(i));
            token.delegate(holderOf(i));
        }
        advance(1, 1);
    }

    function holderOf(uint256 seed) public pure returns (address) {
        return address(uint160(0xD0D0001 + (seed % HOLDERS)));
    }

    /// @notice Up to six blocks and up to twenty minutes go by.
    function advance(uint256 blocks, uint256 seconds_) public {
        _block += uint64(1 + (blocks % 6));
        _time += uint64(1 + (seconds_ % 1_200));
        vm.roll(_block);
        vm.warp(_time);
    }

    function _wayAround(
        uint256 way,
        address stranger,
        uint256 value
    ) internal view returns (address to, bytes memory data) {
        bytes memory act = abi.encodeCall(GovernedTarget.act, (value));
        if (way == 0) return (address(target_), act);
        if (way == 1)
            return (address(governance), abi.encodeCall(governance.relay, (address(target_), 0, act)));
        if (way == 2) return (address(governance), abi.encodeCall(governance.setVotingDelay, (0)));
        if (way == 3) return (address(governance), abi.encodeCall(governance.setVotingPeriod, (1)));
        if (way == 4) return (address(governance), abi.encodeCall(governance.updateTimelock, (timelock)));
        to = address(timelock);
        if (way == 5) return (to, abi.encodeCall(timelock.updateDelay, (DELAY_MIN)));
        if (way == 6) return (to, abi.encodeCall(timelock.grantRole, (keccak256('PROPOSER_ROLE'), stranger)));
        if (way == 7)
            return (to, abi.encodeCall(timelock.schedule, (address(target_), 0, act, 0, 0, 7 days)));
        return (to, abi.encodeCall(timelock.execute, (address(target_), 0, act, 0, 0)));
    }
}
