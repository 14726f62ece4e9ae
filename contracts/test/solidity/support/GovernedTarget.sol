// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Ownable} from '@openzeppelin/contracts/access/Ownable.sol';

/// @title What governance acts upon: remembers each call that took effect, and when
contract GovernedTarget is Ownable {
    uint256 public calls;
    mapping(uint256 value => uint256) public callsOf;

    constructor(address owner_) Ownable(owner_) {}

    function act(uint256 value) external onlyOwner {
        ++calls;
        ++callsOf[value];
    }
}
