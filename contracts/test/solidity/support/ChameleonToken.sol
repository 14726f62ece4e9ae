// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ERC20} from '@openzeppelin/contracts/token/ERC20/ERC20.sol';

/// @title A token that can turn into each of the tokens known to hurt pools, at any time
contract ChameleonToken is ERC20('Chameleon', 'CHAM') {
    enum Nature {
        Honest,
        TakesAFee,
        GivesTooMuch,
        SaysFalse,
        Reverts,
        CallsBack,
        LiesAboutBalances,
        TakesMore,
        BurnsGas
    }

    Nature public nature;
    address public callTarget;
    bytes public callData;

    constructor(address holder) {
        _mint(holder, 10 ** 40);
    }

    function turnInto(Nature nature_, address target, bytes calldata data) external {
        (nature, callTarget, callData) = (nature_, target, data);
    }

    /// @notice What the account has, whatever the token says of it.
    function trueBalanceOf(address account) external view returns (uint256) {
        return super.balanceOf(account);
    }

    function balanceOf(address account) public view override returns (uint256) {
        uint256 balance = super.balanceOf(account);
        return nature == Nature.LiesAboutBalances ? balance / 2 : balance;
    }

    function transfer(address to, uint256 value) public override returns (bool) {
        return nature == Nature.SaysFalse ? false : super.transfer(to, value);
    }

    function transferFrom(address from, address to, uint256 value) public override returns (bool) {
        return nature == Nature.SaysFalse ? false : super.transferFrom(from, to, value);
    }

    function _update(address from, address to, uint256 value) internal override {
        require(nature != Nature.Reverts, 'not today');
        // All that a call is given, as endless work would.
        if (nature == Nature.BurnsGas)
            assembly {
                invalid()
            }
        super._update(from, to, value);
        if (from == address(0) || to == address(0)) return;
        if (nature == Nature.TakesAFee) super._update(to, address(0xFEE), value / 100);
        if (nature == Nature.TakesMore) super._update(from, address(0xFEE), value / 100);
        if (nature == Nature.GivesTooMuch) super._update(address(0), to, value / 100);
        if (nature == Nature.CallsBack) {
            // What comes of it is nothing to this token: the call is only there to reenter.
            (bool success, ) = callTarget.call(callData);
            success;
        }
    }
}
