// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ERC20} from '@openzeppelin/contracts/token/ERC20/ERC20.sol';

/// @title Leaves whoever receives it with less than before, once it is switched on
contract ShrinkingToken is ERC20('Shrink', 'SHR') {
    bool public shrinking;

    constructor() {
        _mint(msg.sender, 10 ** 30);
    }

    function setShrinking(bool on) external {
        shrinking = on;
    }

    function _update(address from, address to, uint256 value) internal override {
        super._update(from, to, value);
        if (shrinking && from != address(0) && to != address(0)) super._update(to, address(0), value + 1);
    }
}
