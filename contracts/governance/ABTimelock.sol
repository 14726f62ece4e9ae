// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {TimelockController} from '@openzeppelin/contracts/governance/TimelockController.sol';

/// @title Owns the other contracts and does, after a delay, what governance decided
/// @notice Governance alone proposes and cancels, anyone executes what is due, and nobody administers it: even its own
/// delay and roles change only by its own delayed operations.
contract ABTimelock is TimelockController {
    /// @notice Seconds that no decision can bring the delay below: as long as people have to see what comes, and to leave.
    uint256 public immutable minimumDelay;

    error DelayTooShort(uint256 delay, uint256 minimum);

    /// @param delay seconds between queueing and execution, at least
    /// @param minimumDelay_ seconds, the least that the delay can ever be
    /// @param governance the only proposer and canceller
    constructor(
        uint256 delay,
        uint256 minimumDelay_,
        address governance
    ) TimelockController(delay, _only(governance), _only(address(0)), address(0)) {
        if (delay < minimumDelay_) revert DelayTooShort(delay, minimumDelay_);
        minimumDelay = minimumDelay_;
    }

    /// @notice Sets the delay of what is queued from now on.
    /// @param newDelay seconds between queueing and execution, at least
    /// @dev Only its own delayed operations: reverts with TimelockUnauthorizedCaller, or DelayTooShort below minimumDelay.
    function updateDelay(uint256 newDelay) public override {
        if (newDelay < minimumDelay) revert DelayTooShort(newDelay, minimumDelay);
        super.updateDelay(newDelay);
    }

    function _only(address account) private pure returns (address[] memory accounts) {
        accounts = new address[](1);
        accounts[0] = account;
    }
}
