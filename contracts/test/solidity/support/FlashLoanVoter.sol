// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IGovernor} from '@openzeppelin/contracts/governance/IGovernor.sol';
import {IVotes} from '@openzeppelin/contracts/governance/utils/IVotes.sol';
import {IERC20} from '@openzeppelin/contracts/token/ERC20/IERC20.sol';

/// @title Borrows votes for one transaction
contract FlashLoanVoter {
    /// @dev The lender allows this contract the amount, and has it back at the end.
    modifier withLoan(IERC20 token, address lender, uint256 amount) {
        token.transferFrom(lender, address(this), amount);
        IVotes(address(token)).delegate(address(this));
        _;
        token.transfer(lender, amount);
    }

    function vote(
        IERC20 token,
        address lender,
        uint256 amount,
        IGovernor governor,
        uint256 proposalId
    ) external withLoan(token, lender, amount) returns (uint256 weight) {
        return governor.castVote(proposalId, 1);
    }

    function propose(
        IERC20 token,
        address lender,
        uint256 amount,
        IGovernor governor,
        address[] calldata targets,
        uint256[] calldata values,
        bytes[] calldata calldatas
    ) external withLoan(token, lender, amount) returns (uint256 proposalId) {
        return governor.propose(targets, values, calldatas, 'With borrowed votes');
    }
}
