// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IGovernor} from '@openzeppelin/contracts/governance/IGovernor.sol';
import {TimelockController} from '@openzeppelin/contracts/governance/TimelockController.sol';
import {GovernedSystem} from './GovernedSystem.sol';
import {GovernedTarget} from './GovernedTarget.sol';

/// @title What holders and strangers do to governance, in any order, held against a model of its own
/// @dev The model knows times and votes from the calls alone. Whatever the contracts let through must be allowed by
/// the model, and what they refuse must be forbidden by it: too early fails the test, and so does a due act that is refused.
contract GovernanceHandler is GovernedSystem {
    struct Proposal {
        address proposer;
        uint64 proposedAt;
        uint64 start;
        uint64 end;
        uint64 due;
        bool cancelled;
        bool executed;
        bool reached;
        uint8 kind;
        uint256 value;
        uint256 votesFor;
        uint256 votesAgainst;
        uint256 abstained;
    }

    uint256 private constant ACT = 0;
    uint256 private constant SET_PERIOD = 1;
    uint256 private constant SET_DELAY = 2;

    Proposal[] internal proposals;
    mapping(uint256 proposal => mapping(address voter => bool)) private _voted;
    /// @notice How many proposals took effect, and how many of them were acts upon the target.
    uint256 public executed;
    uint256 public acts;
    uint256 public vetoes;

    function propose(uint256 holderSeed, uint256 kindSeed, uint256 value) external now_ {
        address holder = holderOf(holderSeed);
        Proposal memory made;
        made.proposer = holder;
        made.kind =
            kindSeed % 8 == 0
                ? uint8(SET_PERIOD)
                : kindSeed % 8 == 1
                    ? uint8(SET_DELAY)
                    : uint8(ACT);
        made.value = made.kind == SET_PERIOD ? 2_000 + (value % 4_500) : value % 3_600;
        (made.proposedAt, made.start) = (_time, _time + votingDelay);
        made.end = made.start + votingPeriod;
        (address[] memory to, uint256[] memory values, bytes[] memory data) = _calls(made);
        bool mayPropose = token.getPastVotes(holder, _time - 1) >= THRESHOLD;
        vm.prank(holder);
        try governance.propose(to, values, data, _description(proposals.length)) {
            assertTrue(mayPropose, 'proposed with too few votes');
            proposals.push(made);
        } catch {
            assertTrue(!mayPropose, 'a proposal refused to who may propose');
        }
    }

    function vote(uint256 holderSeed, uint256 seed, uint8 support) external now_ {
        if (proposals.length == 0) return;
        (address holder, uint256 index) = (holderOf(holderSeed), _recent(seed));
        Proposal storage proposal = proposals[index];
        bool mayVote =
            !proposal.cancelled && !_voted[index][holder] && _time > proposal.start && _time <= proposal.end;
        support = support % 8 > 2 ? 1 : support % 8;
        uint256 id = _idOf(index);
        vm.prank(holder);
        try governance.castVote(id, support) {
            assertTrue(mayVote, 'voted outside of the voting, or twice');
            _voted[index][holder] = true;
            uint256 weight = token.getPastVotes(holder, proposal.start);
            if (support == 0) proposal.votesAgainst += weight;
            else if (support == 1) proposal.votesFor += weight;
            else proposal.abstained += weight;
            _extend(proposal);
        } catch {
            assertTrue(!mayVote, 'a vote refused to who may vote');
        }
    }

    function queue(uint256 seed) external now_ {
        if (proposals.length == 0) return;
        uint256 index = _recent(seed);
        Proposal storage proposal = proposals[index];
        bool mayQueue = _time > proposal.end && proposal.due == 0 && !proposal.cancelled && _won(proposal);
        (address[] memory to, uint256[] memory values, bytes[] memory data) = _calls(proposal);
        try governance.queue(to, values, data, keccak256(bytes(_description(index)))) {
            assertTrue(mayQueue, 'queued before its voting was over and won');
            proposal.due = _time + timelockDelay;
        } catch {
            assertTrue(!mayQueue, 'a won proposal was not queued');
        }
    }

    /// @dev Anyone may execute what is due, through governance or at the timelock itself.
    function execute(uint256 anyone, uint256 seed, bool directly) external now_ {
        if (proposals.length == 0) return;
        uint256 index = _recent(seed);
        Proposal storage proposal = proposals[index];
        bool mayExecute =
            proposal.due != 0 && _time >= proposal.due && !proposal.executed && !proposal.cancelled;
        if (proposal.kind == SET_DELAY && proposal.value < DELAY_MIN) mayExecute = false;
        // Governance accepts its own settings only from an execution that it began itself.
        if (directly && proposal.kind == SET_PERIOD) mayExecute = false;
        vm.prank(address(uint160(anyone)));
        if (_tryToExecute(proposal, index, directly)) {
            assertTrue(mayExecute, 'executed before its delays were over');
            assertTrue(
                _time > proposal.proposedAt + 1_500 + 2_000,
                'executed before any voting could be over'
            );
            _takeEffect(proposal);
        } else {
            assertTrue(!mayExecute, 'a due operation was refused');
        }
    }

    /// @dev The proposer alone, and only before the voting.
    function cancel(uint256 holderSeed, uint256 seed) external now_ {
        if (proposals.length == 0) return;
        (address holder, uint256 index) = (holderOf(holderSeed), _recent(seed));
        Proposal storage proposal = proposals[index];
        bool mayCancel = holder == proposal.proposer && _time <= proposal.start && !proposal.cancelled;
        (address[] memory to, uint256[] memory values, bytes[] memory data) = _calls(proposal);
        bytes32 descriptionHash = keccak256(bytes(_description(index)));
        vm.prank(holder);
        try governance.cancel(to, values, data, descriptionHash) {
            assertTrue(mayCancel, 'cancelled by another, or too late');
            proposal.cancelled = true;
        } catch {
            assertTrue(!mayCancel, 'the proposer could not cancel');
        }
    }

    /// @dev The guardian, whatever the proposal's state is, until the veto ends.
    function veto(uint256 seed) external now_ {
        if (proposals.length == 0) return;
        uint256 index = _recent(seed);
        Proposal storage proposal = proposals[index];
        bool mayVeto = _time <= vetoEnd && !proposal.cancelled && !proposal.executed;
        (address[] memory to, uint256[] memory values, bytes[] memory data) = _calls(proposal);
        vm.prank(GUARDIAN);
        try governance.cancel(to, values, data, keccak256(bytes(_description(index)))) {
            assertTrue(mayVeto, 'vetoed what is over, or after the veto is');
            proposal.cancelled = true;
            ++vetoes;
        } catch {
            assertTrue(!mayVeto, 'a veto was refused in its time');
        }
    }

    function moveVotes(uint256 fromSeed, uint256 toSeed, uint256 amount) external now_ {
        (address from, address to) = (holderOf(fromSeed), holderOf(toSeed));
        amount = bound(amount, 0, token.balanceOf(from) / 4);
        vm.prank(from);
        token.transfer(to, amount);
    }

    function delegate(uint256 fromSeed, uint256 toSeed) external now_ {
        vm.prank(holderOf(fromSeed));
        token.delegate(holderOf(toSeed));
    }

    /// @dev Every way around governance, tried by anyone at any time; none may be open.
    function goAround(uint256 anyone, uint256 way, uint256 value) external now_ {
        address stranger = way % 2 == 0 ? holderOf(anyone) : address(uint160(anyone));
        if (stranger == address(timelock) || stranger == address(governance)) return;
        (address to, bytes memory data) = _wayAround(way % 9, stranger, value);
        vm.prank(stranger);
        (bool success, ) = to.call(data);
        assertTrue(!success, 'a way around governance');
    }

    function proposalCount() external view returns (uint256) {
        return proposals.length;
    }

    /// @dev What governance tells of itself is what the decisions made of it.
    function assertSettings() external view {
        assertEq(governance.votingDelay(), votingDelay, 'voting delay');
        assertEq(governance.votingPeriod(), votingPeriod, 'voting period');
        assertEq(timelock.getMinDelay(), timelockDelay, 'delay of the timelock');
        assertEq(target_.calls(), acts, 'acts upon the target');
    }

    function _takeEffect(Proposal storage proposal) private {
        proposal.executed = true;
        ++executed;
        if (proposal.kind == ACT) ++acts;
        else if (proposal.kind == SET_PERIOD) votingPeriod = uint64(proposal.value);
        else timelockDelay = uint64(proposal.value);
    }

    function _tryToExecute(
        Proposal storage proposal,
        uint256 index,
        bool directly
    ) private returns (bool success) {
        (address[] memory to, uint256[] memory values, bytes[] memory data) = _calls(proposal);
        bytes32 descriptionHash = keccak256(bytes(_description(index)));
        if (directly) {
            bytes32 salt = bytes20(address(governance)) ^ descriptionHash;
            (success, ) = address(timelock).call(
                abi.encodeCall(TimelockController.executeBatch, (to, values, data, 0, salt))
            );
        } else {
            (success, ) = address(governance).call(
                abi.encodeCall(IGovernor.execute, (to, values, data, descriptionHash))
            );
        }
    }

    function _calls(
        Proposal memory proposal
    ) private view returns (address[] memory to, uint256[] memory values, bytes[] memory data) {
        (to, values, data) = (new address[](1), new uint256[](1), new bytes[](1));
        if (proposal.kind == ACT) {
            (to[0], data[0]) = (address(target_), abi.encodeCall(GovernedTarget.act, (proposal.value)));
        } else if (proposal.kind == SET_PERIOD) {
            to[0] = address(governance);
            data[0] = abi.encodeCall(governance.setVotingPeriod, (uint32(proposal.value)));
        } else {
            (to[0], data[0]) = (address(timelock), abi.encodeCall(timelock.updateDelay, (proposal.value)));
        }
    }

    /// @dev Once, by the vote that reaches the quorum.
    function _extend(Proposal storage proposal) private {
        if (proposal.reached || proposal.votesFor + proposal.abstained < (SUPPLY * QUORUM_PERCENT) / 100)
            return;
        proposal.reached = true;
        if (_time + VOTE_EXTENSION > proposal.end) proposal.end = _time + VOTE_EXTENSION;
    }

    function _won(Proposal storage proposal) private view returns (bool) {
        return
            proposal.votesFor > proposal.votesAgainst &&
            proposal.votesFor + proposal.abstained >= (SUPPLY * QUORUM_PERCENT) / 100;
    }

    /// @dev One of the last four, so that most of them live through all of their states.
    function _recent(uint256 seed) private view returns (uint256) {
        uint256 back = seed % 4;
        return back < proposals.length ? proposals.length - 1 - back : 0;
    }

    function _idOf(uint256 index) private view returns (uint256) {
        (address[] memory to, uint256[] memory values, bytes[] memory data) = _calls(proposals[index]);
        return governance.getProposalId(to, values, data, keccak256(bytes(_description(index))));
    }

    function _description(uint256 index) private pure returns (string memory) {
        return string(abi.encodePacked('proposal ', index));
    }
}
