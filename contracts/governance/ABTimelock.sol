// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {TimelockController} from '@openzeppelin/contracts/governance/TimelockController.sol';

/// @title Owns the other contracts and does, after a delay, what governance decided
/// @notice Governance alone proposes and cancels, anyone executes what is due, and nobody administers it: even its own
/// delay and roles change only by its own delayed operations.
contract ABTimelock is TimelockController {
    /// @param delay seconds between queueing and execution, at least
    /// @param governance the only proposer and canceller
    constructor(
        uint256 delay,
        address governance
    ) TimelockController(delay, _only(governance), _only(address(0)), address(0)) {}

    function _only(address account) private pure returns (address[] memory accounts) {
        accounts = new address[](1);
        accounts[0] = account;
    }
}
