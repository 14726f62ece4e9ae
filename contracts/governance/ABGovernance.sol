// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Governor} from '@openzeppelin/contracts/governance/Governor.sol';
import {GovernorCountingSimple} from '@openzeppelin/contracts/governance/extensions/GovernorCountingSimple.sol';
import {GovernorPreventLateQuorum} from '@openzeppelin/contracts/governance/extensions/GovernorPreventLateQuorum.sol';
import {GovernorSettings} from '@openzeppelin/contracts/governance/extensions/GovernorSettings.sol';
import {GovernorTimelockControl} from '@openzeppelin/contracts/governance/extensions/GovernorTimelockControl.sol';
import {GovernorVotes} from '@openzeppelin/contracts/governance/extensions/GovernorVotes.sol';
import {GovernorVotesQuorumFraction} from '@openzeppelin/contracts/governance/extensions/GovernorVotesQuorumFraction.sol';
import {TimelockController} from '@openzeppelin/contracts/governance/TimelockController.sol';
import {IVotes} from '@openzeppelin/contracts/governance/utils/IVotes.sol';

/// @title Proposals, votes and their execution through the timelock
/// @notice Votes are those of the moment at which a proposal's voting starts, so tokens borrowed later count for nothing;
/// the quorum is a part of that moment's supply. Delay and period are seconds, as the votes token's clock counts them; the threshold
/// is base units of that token.
/// A description that ends in "#proposer=0x…" can be proposed by that address alone, so that nobody can propose it first
/// and cancel it. Where the quorum is reached late, the voting goes on, so that there is time to answer. A guardian may cancel any
/// proposal that is not executed, until a moment that is set for good: while votes are in few hands, and not for longer.
contract ABGovernance is
    Governor,
    GovernorSettings,
    GovernorCountingSimple,
    GovernorVotes,
    GovernorVotesQuorumFraction,
    GovernorPreventLateQuorum,
    GovernorTimelockControl
{
    /// @notice Seconds after which no guardian can veto anything, at most.
    uint256 public constant VETO_SECONDS_MAX = 730 days;

    /// @notice Who may cancel any proposal that is not executed; address zero for nobody.
    address public immutable vetoGuardian;
    /// @notice The last moment at which they may, seconds since the epoch.
    uint256 public immutable vetoEnd;

    /// @notice Told once, by the constructor, where there is a guardian.
    event VetoGranted(address indexed guardian, uint256 until);

    error VetoTooLong(uint256 duration, uint256 maximum);

    /// @param votingDelay_ seconds from the proposal to the start of voting
    /// @param votingPeriod_ seconds of voting, at least 1
    /// @param proposalThreshold_ base units of votes that a proposer needs
    /// @param quorumPercent percent of the supply that has to vote for or abstain
    /// @param voteExtension seconds that a voting goes on at least after its quorum was reached, at most the voting period
    /// @param vetoGuardian_ who may cancel proposals; address zero for nobody
    /// @param vetoSeconds seconds from now for which they may, at most VETO_SECONDS_MAX
    constructor(
        IVotes token_,
        TimelockController timelock_,
        uint48 votingDelay_,
        uint32 votingPeriod_,
        uint256 proposalThreshold_,
        uint256 quorumPercent,
        uint48 voteExtension,
        address vetoGuardian_,
        uint256 vetoSeconds
    )
        Governor('AB.LAND Governance')
        GovernorSettings(votingDelay_, votingPeriod_, proposalThreshold_)
        GovernorVotes(token_)
        GovernorVotesQuorumFraction(quorumPercent)
        GovernorPreventLateQuorum(voteExtension)
        GovernorTimelockControl(timelock_)
    {
        if (vetoSeconds > VETO_SECONDS_MAX) revert VetoTooLong(vetoSeconds, VETO_SECONDS_MAX);
        if (vetoGuardian_ == address(0)) return;
        vetoGuardian = vetoGuardian_;
        vetoEnd = block.timestamp + vetoSeconds;
        emit VetoGranted(vetoGuardian_, block.timestamp + vetoSeconds);
    }

    /// @notice How long people have to delegate before votes are counted.
    /// @return time in seconds, from a proposal to the start of its voting
    function votingDelay() public view override(Governor, GovernorSettings) returns (uint256 time) {
        return super.votingDelay();
    }

    /// @notice How long votes are taken.
    /// @return time in seconds, of voting
    function votingPeriod() public view override(Governor, GovernorSettings) returns (uint256 time) {
        return super.votingPeriod();
    }

    /// @notice What it takes to propose.
    /// @return votes base units that a proposer needs at the moment before
    function proposalThreshold() public view override(Governor, GovernorSettings) returns (uint256 votes) {
        return super.proposalThreshold();
    }

    /// @notice How many votes a decision takes, a part of a past moment's supply.
    /// @param timepoint a past moment, seconds since the epoch
    /// @return votes base units that have to be cast for or abstain, rounded down
    /// @dev Reverts with ERC5805FutureLookup where the moment is not past.
    function quorum(
        uint256 timepoint
    ) public view override(Governor, GovernorVotesQuorumFraction) returns (uint256 votes) {
        return super.quorum(timepoint);
    }

    /// @notice When the voting on a proposal ends.
    /// @param proposalId which proposal
    /// @return timepoint the last moment with voting, seconds since the epoch; later once a quorum was reached late
    function proposalDeadline(
        uint256 proposalId
    ) public view override(Governor, GovernorPreventLateQuorum) returns (uint256 timepoint) {
        return super.proposalDeadline(proposalId);
    }

    /// @notice Where a proposal stands.
    /// @param proposalId which proposal
    /// @return current its state at this block's time
    /// @dev Reverts with GovernorNonexistentProposal.
    function state(
        uint256 proposalId
    ) public view override(Governor, GovernorTimelockControl) returns (ProposalState current) {
        return super.state(proposalId);
    }

    /// @notice Always true: nothing is executed but through the timelock.
    /// @param proposalId any proposal
    /// @return needed true
    function proposalNeedsQueuing(
        uint256 proposalId
    ) public view override(Governor, GovernorTimelockControl) returns (bool needed) {
        return super.proposalNeedsQueuing(proposalId);
    }

    function _tallyUpdated(uint256 proposalId) internal override(Governor, GovernorPreventLateQuorum) {
        super._tallyUpdated(proposalId);
    }

    /// @dev The guardian while the veto lasts, in any state; else the proposer before the voting.
    function _validateCancel(uint256 proposalId, address caller) internal view override returns (bool) {
        return (caller == vetoGuardian && clock() <= vetoEnd) || super._validateCancel(proposalId, caller);
    }

    function _queueOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint48) {
        return super._queueOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _executeOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) {
        super._executeOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _cancel(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint256) {
        return super._cancel(targets, values, calldatas, descriptionHash);
    }

    function _executor() internal view override(Governor, GovernorTimelockControl) returns (address) {
        return super._executor();
    }
}
