// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Governor} from '@openzeppelin/contracts/governance/Governor.sol';
import {GovernorCountingSimple} from '@openzeppelin/contracts/governance/extensions/GovernorCountingSimple.sol';
import {GovernorSettings} from '@openzeppelin/contracts/governance/extensions/GovernorSettings.sol';
import {GovernorTimelockControl} from '@openzeppelin/contracts/governance/extensions/GovernorTimelockControl.sol';
import {GovernorVotes} from '@openzeppelin/contracts/governance/extensions/GovernorVotes.sol';
import {GovernorVotesQuorumFraction} from '@openzeppelin/contracts/governance/extensions/GovernorVotesQuorumFraction.sol';
import {TimelockController} from '@openzeppelin/contracts/governance/TimelockController.sol';
import {IVotes} from '@openzeppelin/contracts/governance/utils/IVotes.sol';

/// @title Proposals, votes and their execution through the timelock
/// @notice Votes are those of the block at which a proposal's voting starts, so tokens borrowed later count for nothing;
/// the quorum is a part of that block's supply. Delay and period are blocks, the threshold base units of the votes token.
/// A description that ends in "#proposer=0x…" can be proposed by that address alone, so that nobody can propose it first
/// and cancel it.
contract ABGovernance is
    Governor,
    GovernorSettings,
    GovernorCountingSimple,
    GovernorVotes,
    GovernorVotesQuorumFraction,
    GovernorTimelockControl
{
    /// @param votingDelay_ blocks from the proposal to the start of voting
    /// @param votingPeriod_ blocks of voting, at least 1
    /// @param proposalThreshold_ base units of votes that a proposer needs
    /// @param quorumPercent percent of the supply that has to vote for or abstain
    constructor(
        IVotes token_,
        TimelockController timelock_,
        uint48 votingDelay_,
        uint32 votingPeriod_,
        uint256 proposalThreshold_,
        uint256 quorumPercent
    )
        Governor('AB.LAND Governance')
        GovernorSettings(votingDelay_, votingPeriod_, proposalThreshold_)
        GovernorVotes(token_)
        GovernorVotesQuorumFraction(quorumPercent)
        GovernorTimelockControl(timelock_)
    {}

    /// @notice How long people have to delegate before votes are counted.
    /// @return blocks from a proposal to the start of its voting
    function votingDelay() public view override(Governor, GovernorSettings) returns (uint256 blocks) {
        return super.votingDelay();
    }

    /// @notice How long votes are taken.
    /// @return blocks of voting
    function votingPeriod() public view override(Governor, GovernorSettings) returns (uint256 blocks) {
        return super.votingPeriod();
    }

    /// @notice What it takes to propose.
    /// @return votes base units that a proposer needs in the block before
    function proposalThreshold() public view override(Governor, GovernorSettings) returns (uint256 votes) {
        return super.proposalThreshold();
    }

    /// @notice How many votes a decision takes, a part of a past block's supply.
    /// @param blockNumber a past block
    /// @return votes base units that have to be cast for or abstain, rounded down
    /// @dev Reverts with ERC5805FutureLookup where the block is not past.
    function quorum(
        uint256 blockNumber
    ) public view override(Governor, GovernorVotesQuorumFraction) returns (uint256 votes) {
        return super.quorum(blockNumber);
    }

    /// @notice Where a proposal stands.
    /// @param proposalId which proposal
    /// @return current its state at this block
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
